/** A connection to a broker as a signed-in person. */

import type { PersonKind } from '@leasehold/documents';
import { type BrokerClient, BrokerProblem, createBrokerClient } from '@leasehold/runtime/broker';
import type { Login } from '@leasehold/serve/login';
import { loginFor } from '../login/identity';
import type { Shell } from '../shell';
import { type BrokerFlags, type BrokerPlace, demandBroker } from './broker-location';
import { type SignedIn, signIn } from './sign-in';

/** A client for a broker, and the identity that the client uses. */
export interface OpenBroker {
  readonly client: BrokerClient;
  readonly place: BrokerPlace;
  readonly as: Pick<SignedIn, 'name' | 'kind'>;
}

/**
 * Signs in and creates a client.
 * @param kinds The kinds of people whose roles may be used, beginning with the usual kind.
 * @throws UsageError, LeaseError
 */
export async function openBroker(
  flags: BrokerFlags,
  kinds: readonly [PersonKind, ...PersonKind[]],
  shell: Shell,
  signal: AbortSignal,
  place: BrokerPlace = demandBroker(flags, shell),
): Promise<OpenBroker> {
  const { url, region } = place;
  const login = await loginFor(url, flags, shell);
  if (login !== undefined) return openWithLogin(login, flags.kind === undefined ? kinds : [flags.kind], place, signal);
  const { name, kind, credentials } = await signIn(place, kinds, flags, shell, signal);
  return { client: createBrokerClient({ url, region, credentials }), place, as: { name, kind } };
}

/**
 * A client for a person who is signed in, as the first of the given kinds of people that the broker permits. The
 * permitted kinds depend on the issuer's groups, so the command asks the broker.
 */
async function openWithLogin(
  { name, token }: Pick<Login, 'name' | 'token'>,
  [kind, ...others]: readonly [PersonKind, ...PersonKind[]],
  place: BrokerPlace,
  signal: AbortSignal,
): Promise<OpenBroker> {
  const { url, region } = place;
  const client = createBrokerClient({ url, region, signIn: { as: kind, token } });
  const [next, ...rest] = others;
  if (next !== undefined) {
    try {
      await client.leases({}, { signal });
    } catch (error) {
      if (!(error instanceof BrokerProblem) || error.problem.code !== 'forbidden') throw error;
      return openWithLogin({ name, token }, [next, ...rest], place, signal);
    }
  }
  return { client, place, as: { name, kind } };
}
