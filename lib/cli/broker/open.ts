/** A connection to a broker as a signed-in person. */

import type { PersonKind } from '@leasehold/documents';
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
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
  const { name, kind, credentials } = await signIn(place, kinds, flags, shell, signal);
  const { url, region } = place;
  return { client: createBrokerClient({ url, region, credentials }), place, as: { name, kind } };
}
