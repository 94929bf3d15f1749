/**
 * Reads leases for a list or for statistics. The broker lists the leases of one role or of one requester, so the leases
 * of everybody are read from several lists.
 */

import type { LeaseView, RoleView } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import type { Broker, Capacity } from '../api/client.ts';
import { BrokerRefusal } from '../api/errors.ts';
import type { LeaseFilters } from './lease-filters.ts';

/** Which leases are searched for. Default of `days`: one day. */
export type LeaseSearch = Omit<LeaseFilters, 'days'> & { readonly days?: number };

export interface FoundLeases {
  /** Newest first. */
  readonly leases: readonly LeaseView[];
  /** Ids of leases whose record the broker cannot trust. */
  readonly broken: readonly string[];
  /** Whether there are older leases that were not read. */
  readonly more: boolean;
}

/** Maximum number of pages that are read from one list. A page has 25 leases. */
const MOST_PAGES = 8;
/** Lists that are read at the same time. */
const AT_ONCE = 4;

type ListQuery = Readonly<Record<string, string>>;

/**
 * @param roles The roles that an approver or an administrator sees. Not used for requesters, who see their own leases.
 * @throws {BrokerRefusal}
 */
export async function searchLeases(
  broker: Broker,
  as: Capacity,
  filters: LeaseSearch,
  roles: readonly RoleView[],
  signal?: AbortSignal,
): Promise<FoundLeases> {
  const days: ListQuery = filters.days === undefined ? {} : { days: String(filters.days) };
  const lists = as === 'requester' ? [{}] : listsFor(filters, roles);
  const leases = new Map<string, LeaseView>();
  const broken = new Set<string>();
  let more = false;
  const waiting = [...lists];
  const work = async () => {
    for (let list = waiting.shift(); list !== undefined; list = waiting.shift()) {
      const read = await readList(broker, as, { ...list, ...days }, signal);
      for (const lease of read.leases) leases.set(lease.id, lease);
      for (const id of read.broken) broken.add(id);
      more ||= read.more;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const found = [...leases.values()]
    .filter((lease) => matches(lease, filters))
    .sort((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? -1 : 1));
  return { leases: found, broken: [...broken].sort(), more };
}

/** The lists that together contain every lease that the filters can match. */
function listsFor({ role, requester }: LeaseSearch, roles: readonly RoleView[]): readonly ListQuery[] {
  if (role !== undefined) return [{ role }];
  const byRole = roles.map(({ name }) => ({ role: name }));
  // The definitions may not name the requester, whose leases are then only in the lists of their roles.
  if (requester !== undefined) return [{ requester }, ...byRole];
  // A request that was denied before a role was chosen is in the list of its requester only.
  const agents = new Set(roles.flatMap(({ reach }) => reach?.agents ?? []));
  return [...byRole, ...[...agents].map((agent) => ({ requester: agent }))];
}

function matches({ grant, requester, state }: LeaseView, filters: LeaseSearch): boolean {
  return (
    (filters.role === undefined || grant?.role === filters.role) &&
    (filters.requester === undefined || requester === filters.requester) &&
    (filters.state === undefined || state === filters.state)
  );
}

async function readList(
  broker: Broker,
  as: Capacity,
  query: ListQuery,
  signal: AbortSignal | undefined,
): Promise<FoundLeases> {
  const leases: LeaseView[] = [];
  const broken: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const read = await broker('leases', {
      as,
      query: { ...query, ...defined({ next }) },
      ...defined({ signal }),
    }).catch((error: unknown) => {
      if (query.requester !== undefined && isUnknown(error)) return { leases: [], broken: [], next: undefined };
      throw error;
    });
    append(leases, read.leases);
    append(broken, read.broken);
    next = read.next;
    if (next === undefined) break;
  }
  return { leases, broken, more: next !== undefined };
}

function isUnknown(error: unknown): boolean {
  return error instanceof BrokerRefusal && (error.problem.code === 'not-found' || error.problem.code === 'malformed');
}
