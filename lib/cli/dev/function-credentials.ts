/** Provides credentials for the broker's function, as Lambda does. */

import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { brokerName, brokerRoleName } from '@leasehold/documents';
import type { KeyIdentity } from '@leasehold/runtime';
import type { Credentials, Sandbox } from '@leasehold/sandbox';

/** Cached credentials that expire within this number of seconds are no longer returned. */
const EARLY = 300;

/**
 * A provider for the function role's credentials. It renews the credentials before they expire by the sandbox's clock.
 *
 * An SDK caches credentials until shortly before they expire by the machine's clock, which can differ from the
 * sandbox's clock. The provider therefore always reports an imminent expiry, so that the SDK asks again. Asking costs
 * nothing here.
 */
export function functionCredentials(sandbox: Sandbox, environment: Environment): () => Promise<KeyIdentity> {
  let held: Credentials | undefined;
  return async () => {
    const ends = held?.expiration?.getTime() ?? 0;
    if (held === undefined || ends - sandbox.clock.now() < EARLY * 1000) {
      held = sandbox.platformCredentials(brokerRoleName(environment), brokerName(environment));
    }
    const { accessKeyId, secretAccessKey, sessionToken } = held;
    const token = defined({ sessionToken });
    return { accessKeyId, secretAccessKey, ...token, expiration: new Date() };
  };
}
