/** Lists of leases, page by page. */
import type { LeaseList, LeaseView } from '@leasehold/runtime/broker';
import type { OpenBroker } from './open';

/** What is listed: those that wait for approvers, those of a role, or the caller's own. */
export interface Listed {
  readonly open?: boolean;
  readonly role?: string;
}

/** Leases that are fetched at most. */
const MOST = 1000;

/** The leases of the last day, the newest first; `more` where there are more than are fetched. */
export async function fetchLeases(
  { client }: OpenBroker,
  query: Listed,
  signal: AbortSignal,
): Promise<{ readonly leases: readonly LeaseView[]; readonly more: boolean }> {
  const leases = new Map<string, LeaseView>();
  let page: LeaseList | undefined;
  do {
    const next = page?.next;
    page = await client.leases({ ...query, ...(next === undefined ? {} : { next }) }, { signal });
    // One that was proposed anew is listed once more.
    for (const lease of page.leases) if (!leases.has(lease.id)) leases.set(lease.id, lease);
  } while (page.next !== undefined && leases.size < MOST);
  return { leases: [...leases.values()], more: page.next !== undefined };
}
