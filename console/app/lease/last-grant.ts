/** Finds the last grant of a role before a lease, to compare the lease with it. */

import type { FoldedLease } from '@leasehold/broker/core';
import type { LeaseView } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import type { Grant } from '@leasehold/contract/event';
import type { Broker, Capacity } from '../api/client.ts';
import { differenceOf, type GrantDifference } from './grant-difference.ts';
import { type ReadLease, readLease } from './read-lease.ts';

/** The comparison of a lease with an earlier one. */
export type LastGrant =
  /** None of the leases that were read was granted. `newest`: only so many of the newest leases were read. */
  | { readonly kind: 'none'; readonly newest: number | undefined }
  /** The record of the earlier lease does not confirm that it is the last grant. */
  | { readonly kind: 'unconfirmed'; readonly id: string; readonly because: string }
  | {
      readonly kind: 'compared';
      readonly id: string;
      readonly at: number;
      readonly requester: string;
      readonly difference: GrantDifference;
    };

/** Number of days that the search for an earlier grant goes back. */
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
  const broken: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { role: grant.role, days: String(LOOKED_BACK), ...defined({ next }) };
    const read = await broker('leases', { as, query, ...defined({ signal }) });
    append(leases, read.leases);
    append(broken, read.broken);
    next = read.next;
    if (next === undefined || leases.some((each) => isEarlier(each, lease) && isOfSame(each, lease))) break;
  }
  const earlier = earlierLease(leases, lease);
  const [unread] = broken;
  if (earlier === undefined && unread !== undefined) return { kind: 'unconfirmed', id: unread, because: INVALID };
  if (earlier === undefined) return { kind: 'none', newest: next === undefined ? undefined : leases.length };
  const confirmed = confirmedGrant(await readLease(broker, as, earlier.id, signal), earlier, grant);
  if (typeof confirmed === 'string') return { kind: 'unconfirmed', id: earlier.id, because: confirmed };
  return {
    kind: 'compared',
    id: earlier.id,
    at: earlier.requestedAt,
    requester: earlier.requester,
    difference: await differenceOf(confirmed, grant),
  };
}

/**
 * The grant of the earlier lease according to its verified record, or the reason why the record does not confirm what
 * the broker lists.
 */
function confirmedGrant(read: ReadLease, listed: LeaseView, grant: Grant): Grant | string {
  if (read.kind === 'broken' || !read.valid) return INVALID;
  const { lease } = read;
  const before = lease.proposal?.grant;
  if (before === undefined || lease.issued === undefined) return 'According to its record, it was never issued.';
  const isOfRole = PLACE.every((part) => before[part] === grant[part]);
  if (!isOfRole) return 'According to its record, it is of another role or environment.';
  const isListed =
    lease.id === listed.id && lease.requester.name === listed.requester && lease.requestedAt === listed.requestedAt;
  return isListed ? before : 'According to its record, it is another request than the broker lists.';
}

const INVALID = 'Its record is not valid.';

/** What two grants of the same role have in common. */
const PLACE = ['project', 'environment', 'account', 'role'] as const;

/**
 * The last lease that was granted before this one: to the same requester if there is one, otherwise to any requester.
 */
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
