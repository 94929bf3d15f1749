/** Whether a lease is the person's own. */
import { type FoldedLease, isOwnLease } from '@leasehold/broker/core';
import type { LeaseView } from '@leasehold/contract';
import type { Broker } from '../api/client.ts';
import { BrokerRefusal } from '../api/errors.ts';
import { type Me, readingAs } from '../session/me.ts';

/**
 * Whether the person requested the lease. Undefined if the name of the person is not known, for example because nobody
 * uses passkeys in the environment: {@link isOwnAtBroker} then finds out.
 */
export function isOwn(me: Me, { requester, subject }: Pick<FoldedLease, 'requester' | 'subject'>): boolean | undefined {
  if (!me.may.requester || requester.kind === 'agent') return false;
  // Requesters see no other lease than their own.
  if (readingAs(me) === 'requester') return true;
  return me.person === undefined ? undefined : isOwnLease({ name: me.person }, requester, subject);
}

/** Whether a lease in a list is the person's own: requested by the person, or on behalf of the person. */
export function isOwnView(person: string, { requester, subject }: Pick<LeaseView, 'requester' | 'subject'>): boolean {
  return isOwnLease({ name: person }, { name: requester }, subject === undefined ? undefined : { sub: subject });
}

/** Whether the broker shows the lease to the person as a requester, which it does only for their own leases. */
export async function isOwnAtBroker(broker: Broker, lease: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await broker('status', { as: 'requester', path: { lease }, ...(signal === undefined ? {} : { signal }) });
    return true;
  } catch (error) {
    if (error instanceof BrokerRefusal && error.problem.code === 'not-found') return false;
    throw error;
  }
}
