/** Credentials of the broker's function, as Lambda hands them to it. */

import type { Environment } from '@leasehold/definitions';
import { brokerName, brokerRoleName } from '@leasehold/documents';
import type { KeyIdentity } from '@leasehold/runtime';
import type { Credentials, Sandbox } from '@leasehold/sandbox';

/** Seconds before their end in which credentials are handed out no more. */
const EARLY = 300;

/**
 * A source of credentials of the function's role, made anew before they end, by the sandbox's clock.
 *
 * An SDK keeps what it is given until shortly before its end by the machine's clock, which the sandbox's is not. It is
 * told that each is about to end, so that it asks again; asking costs nothing here.
 */
export function functionCredentials(sandbox: Sandbox, environment: Environment): () => Promise<KeyIdentity> {
  let held: Credentials | undefined;
  return async () => {
    const ends = held?.expiration?.getTime() ?? 0;
    if (held === undefined || ends - sandbox.clock.now() < EARLY * 1000) {
      held = sandbox.platformCredentials(brokerRoleName(environment), brokerName(environment));
    }
    const { accessKeyId, secretAccessKey, sessionToken } = held;
    const token = sessionToken === undefined ? {} : { sessionToken };
    return { accessKeyId, secretAccessKey, ...token, expiration: new Date() };
  };
}
