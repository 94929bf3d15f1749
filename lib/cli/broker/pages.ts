/** Fetches lists of leases from the broker, page by page. */

import { defined } from '@leasehold/contract/defined';
import { shellOperand, visible } from '@leasehold/contract/text';
import type { LeaseList, LeaseView } from '@leasehold/runtime/broker';
import type { Shell } from '../shell';
import type { OpenBroker } from './open';

/** Which leases to list: the leases that need an approval, the leases of a role, or the caller's own leases. */
export interface Listed {
  readonly open?: boolean;
  readonly role?: string;
}

/** Maximum number of leases in a list. */
const MOST = 1000;

/** The result of a listing. */
export interface Found {
  /** The leases, newest first. */
  readonly leases: readonly LeaseView[];
  /**
   * Ids of leases that the broker does not show because the lease's record fails verification. See {@link tellBroken}.
   */
  readonly broken: readonly string[];
  /** True if there are more leases than were fetched. */
  readonly more: boolean;
}

/**
 * The leases of the last day. If there are more than `most` leases, only some of them are returned, possibly slightly
 * more than `most`.
 */
export async function fetchLeases(
  { client }: OpenBroker,
  query: Listed,
  signal: AbortSignal,
  most = MOST,
): Promise<Found> {
  const leases = new Map<string, LeaseView>();
  const broken = new Set<string>();
  let page: LeaseList | undefined;
  do {
    const next = page?.next;
    page = await client.leases({ ...query, ...defined({ next }) }, { signal });
    // A lease that was proposed again appears in the list twice.
    for (const lease of page.leases) if (!leases.has(lease.id)) leases.set(lease.id, lease);
    for (const id of page.broken) broken.add(id);
  } while (page.next !== undefined && leases.size + broken.size < most);
  return { leases: [...leases.values()], broken: [...broken], more: page.next !== undefined };
}

/**
 * Names the leases that a list omits because their record is invalid. The user may be looking for one of these leases.
 */
export function tellBroken({ broken }: Found, { host }: Shell): void {
  for (const id of broken) {
    host.err(`warning: the record of ${visible(id)} is broken; leasehold audit ${shellOperand(id)}\n`);
  }
}
