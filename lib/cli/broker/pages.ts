/** Lists of leases, page by page. */

import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { LeaseList, LeaseView } from '@leasehold/runtime/broker';
import type { Shell } from '../shell';
import type { OpenBroker } from './open';

/** What is listed: those that wait for approvers, those of a role, or the caller's own. */
export interface Listed {
  readonly open?: boolean;
  readonly role?: string;
}

/** Leases that are listed at most. */
const MOST = 1000;

/** What was found. */
export interface Found {
  /** The newest first. */
  readonly leases: readonly LeaseView[];
  /** Ids of those that the broker does not show, since their record cannot be believed; for {@link tellBroken}. */
  readonly broken: readonly string[];
  /** Whether there are more than are fetched. */
  readonly more: boolean;
}

/** The leases of the last day: all of them, or `most` and some. */
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
    // One that was proposed anew is listed once more.
    for (const lease of page.leases) if (!leases.has(lease.id)) leases.set(lease.id, lease);
    for (const id of page.broken) broken.add(id);
  } while (page.next !== undefined && leases.size + broken.size < most);
  return { leases: [...leases.values()], broken: [...broken], more: page.next !== undefined };
}

/** Names leases that are not in a list because their record is broken: one of them may be what is looked for. */
export function tellBroken({ broken }: Found, { host }: Shell): void {
  for (const id of broken) {
    host.err(`warning: the record of ${visible(id)} cannot be believed; leasehold audit ${visible(id)}\n`);
  }
}
