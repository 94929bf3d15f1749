/** Reads lists of leases to their end. A list contains only ids, so that a page covers many leases. */
import { defined } from '@leasehold/contract/defined';
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { HANDED_WITHIN, LONGEST_LEASE } from '../durations';
import { DECIDED_WITHIN } from '../lease/fold';
import type { LeaseQuery } from '../ports';
import type { Deps } from './deps';

/** Leases per page of a list. */
const PAGE = 200;

/** The ids of all leases in a list, newest first, each once. @throws {Unavailable} */
export async function listedLeases({ leases }: Deps, by: LeaseQuery['by'], since: number): Promise<readonly string[]> {
  const found = new Set<string>();
  let next: string | undefined;
  do {
    const page = await leases.list({ by, since, limit: PAGE, ...defined({ next }) });
    for (const id of page.leases) found.add(id);
    next = page.next;
  } while (next !== undefined);
  return [...found];
}

/**
 * The earliest time in a list of a lease that AWS may still accept. A lease is listed by the time of its request or its
 * proposal. It can be proposed {@link DECIDED_WITHIN} later, collected at the end of its window, and its session can
 * begin {@link HANDED_WITHIN} after it was recorded as issued. The lease may have been proposed under earlier
 * definitions, so the window is not that of the role.
 */
export function earliestRevocable(now: number): number {
  return now - DECIDED_WITHIN - LONGEST_WINDOW - HANDED_WITHIN - LONGEST_LEASE;
}
