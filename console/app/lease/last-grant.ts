/** Finds the last grant of a role before a lease, to compare the lease with it. */

import type { FoldedLease } from '@leasehold/broker/core';
import type { LeaseView } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import type { Grant } from '@leasehold/contract/event';
import type { Broker, Capacity } from '../api/client.ts';
import { differenceOf, type GrantDifference } from './grant-difference.ts';
import { readLease } from './read-lease.ts';

/** The comparison of a lease with an earlier one. */
export type LastGrant =
  | { readonly kind: 'none' }
  /** The record of the earlier lease is broken, or a signature in it is not valid. */
  | { readonly kind: 'broken'; readonly id: string }
  | {
      readonly kind: 'compared';
      readonly id: string;
      readonly at: number;
      readonly requester: string;
      readonly difference: GrantDifference;
    };

/** How far back an earlier grant is looked for, in days. */
export const LOOKED_BACK = 31;
/** Most pages of the list that are read. */
const MOST_PAGES = 4;

/** Reads the earlier lease, verifies its record, and compares the two grants. */
export async function lastGrant(
  broker: Broker,
  as: Capacity,
  lease: Pick<FoldedLease, 'id' | 'requester' | 'requestedAt'>,
  grant: Grant,
  signal?: AbortSignal,
): Promise<LastGrant> {
  const leases: LeaseView[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { role: grant.role, days: String(LOOKED_BACK), ...defined({ next }) };
    const read = await broker('leases', { as, query, ...defined({ signal }) });
    append(leases, read.leases);
    next = read.next;
    if (next === undefined || leases.some((each) => isEarlier(each, lease) && isOfSame(each, lease))) break;
  }
  const earlier = earlierLease(leases, lease);
  if (earlier === undefined) return { kind: 'none' };
  const read = await readLease(broker, as, earlier.id, signal);
  const before = read.kind === 'intact' && read.valid ? read.lease.proposal?.grant : undefined;
  if (read.kind === 'broken' || before === undefined) return { kind: 'broken', id: earlier.id };
  return {
    kind: 'compared',
    id: earlier.id,
    at: read.lease.requestedAt,
    requester: read.lease.requester.name,
    difference: await differenceOf(before, grant),
  };
}

/** The last lease that was granted before this one: of the same requester if there is one, else of anybody. */
export function earlierLease(
  leases: readonly LeaseView[],
  lease: Pick<FoldedLease, 'id' | 'requester' | 'requestedAt'>,
): LeaseView | undefined {
  const earlier = leases.filter((each) => isEarlier(each, lease)).sort((a, b) => b.requestedAt - a.requestedAt);
  return earlier.find((each) => isOfSame(each, lease)) ?? earlier[0];
}

/** Whether the broker has issued the lease. An approved lease that nobody used was not granted. */
function isEarlier(
  { id, grant, requestedAt, expiresAt }: LeaseView,
  lease: Pick<FoldedLease, 'id' | 'requestedAt'>,
): boolean {
  return id !== lease.id && grant !== undefined && expiresAt !== undefined && requestedAt <= lease.requestedAt;
}

function isOfSame({ requester }: LeaseView, lease: Pick<FoldedLease, 'requester'>): boolean {
  return requester === lease.requester.name;
}
