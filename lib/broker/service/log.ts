/**
 * Changes a lease: reads its events, decides on the next event and appends it. If another writer appended an event
 * first, starts again from the beginning.
 */
import type { EventBody, LeaseEvent } from '../lease/event';
import { nextEvent } from '../lease/event';
import { LeaseFault } from '../lease/fault';
import { append, type FoldedLease, fold } from '../lease/fold';
import type { Deps } from './deps';
import { BrokerFault, brokenRecord, ofLease } from './fault';

/** Maximum number of attempts to append. With a hundred concurrent approvers, a few dozen attempts are needed. */
const MOST_TRIES = 120;

/**
 * The events of a lease, including events that are not authentic.
 * @throws {BrokerFault} `not-found`; `broken-record` for an item that is not an event
 */
export async function readEvents({ leases }: Deps, id: string): Promise<readonly LeaseEvent[]> {
  const events = await leases.read(id).catch((error: unknown) => {
    throw error instanceof LeaseFault ? brokenRecord(id, error) : error;
  });
  if (events.length === 0) throw notFound(id);
  return events;
}

/**
 * Reads a lease by its id.
 * @throws {BrokerFault} `not-found`; `broken-record` for a list of events that cannot be trusted
 */
export async function readLease(deps: Deps, id: string): Promise<FoldedLease> {
  return believed(await readEvents(deps, id), id);
}

/** Folds events to a lease. @throws {BrokerFault} `broken-record` */
export function believed(events: readonly LeaseEvent[], id: string): FoldedLease {
  try {
    return fold(events);
  } catch {
    // Any other error is an error of the fold.
    throw brokenRecord(id);
  }
}

/** The fault for a lease that does not exist. A lease of another requester causes the same fault. */
export function notFound(lease: string): BrokerFault {
  return new BrokerFault('not-found', 'This lease does not exist, or you are not permitted to see it.', { lease });
}

/** Options of {@link change}. */
export interface Changing {
  readonly read?: (deps: Deps, id: string) => Promise<FoldedLease>;
  readonly permit?: (lease: FoldedLease, now: number, before: FoldedLease) => Promise<void>;
}

/**
 * Appends the events that `decide` returns for the current lease, all or nothing.
 * @param decide Returns the next events, or none to leave the lease unchanged. Called again if another writer was
 * first. Throws to refuse.
 * @param how.read Reads the lease, for example with a check that the caller is the requester.
 * @param how.permit Throws if the lease may not reach the new state. The function also gets the lease before the
 * events. Called before anything is appended.
 * @returns the lease afterwards
 * @throws {BrokerFault} `busy` when other writers were first in every attempt
 */
export async function change(
  deps: Deps,
  id: string,
  decide: (lease: FoldedLease, now: number) => readonly EventBody[],
  { read = readLease, permit }: Changing = {},
): Promise<FoldedLease> {
  for (let tries = 1; ; tries += 1) {
    const lease = await read(deps, id);
    const now = deps.clock();
    const next = within(id, () => extended(lease, decide(lease, now), now));
    if (next !== undefined) await permit?.(next.lease, now, lease);
    if (next === undefined || (await deps.leases.append(next.events, next.lease)) === 'appended') {
      return next?.lease ?? lease;
    }
    if (tries === MOST_TRIES)
      throw new BrokerFault('busy', 'Others are changing the lease.', { lease: id, retryAfter: 1 });
    await deps.backOff(tries);
  }
}

/**
 * Creates a lease with all of its known events in one batch.
 * @returns `conflict` if a lease with this id already exists
 */
export async function begin(
  { leases }: Deps,
  id: string,
  bodies: readonly EventBody[],
  now: number,
): Promise<FoldedLease | 'conflict'> {
  const events = chain(id, undefined, bodies, now);
  const lease = fold(events);
  return (await leases.append(events, lease)) === 'appended' ? lease : 'conflict';
}

/** Appends to an existing lease. @returns `conflict` if another writer was first @throws {BrokerFault} */
export async function proceed(
  { leases }: Deps,
  lease: FoldedLease,
  bodies: readonly EventBody[],
  now: number,
): Promise<FoldedLease | 'conflict'> {
  const next = within(lease.id, () => extended(lease, bodies, now));
  if (next === undefined) return lease;
  return (await leases.append(next.events, next.lease)) === 'appended' ? next.lease : 'conflict';
}

function extended(
  lease: FoldedLease,
  bodies: readonly EventBody[],
  now: number,
): { readonly events: readonly LeaseEvent[]; readonly lease: FoldedLease } | undefined {
  if (bodies.length === 0) return undefined;
  const events = chain(lease.id, lease.last, bodies, now);
  return { events, lease: events.reduce(append, lease) };
}

function chain(
  id: string,
  last: LeaseEvent | undefined,
  bodies: readonly EventBody[],
  now: number,
): readonly LeaseEvent[] {
  const events: LeaseEvent[] = [];
  for (const body of bodies) events.push(nextEvent(id, events.at(-1) ?? last, now, body));
  return events;
}

function within<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof LeaseFault ? ofLease(error, id) : error;
  }
}
