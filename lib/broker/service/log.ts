/** Changes a lease: reads its events, decides, appends; and again when somebody else was first. */
import type { EventBody, LeaseEvent } from '../lease/event';
import { nextEvent } from '../lease/event';
import { LeaseFault } from '../lease/fault';
import { append, fold, type Lease } from '../lease/fold';
import type { Deps } from './deps';
import { BrokerFault, ofLease } from './fault';

/** Tries of one append. A hundred approvers at once need some dozens. */
const MOST_TRIES = 120;

/** A lease by its id. @throws {BrokerFault} `not-found`; `unavailable` for a list that cannot be believed */
export async function readLease({ leases }: Deps, id: string): Promise<Lease> {
  const events = await leases.read(id);
  if (events.length === 0) throw notFound(id);
  return believed(() => fold(events), id);
}

/** Says of a lease that is not there, and of somebody else's, the same. */
export function notFound(lease: string): BrokerFault {
  return new BrokerFault('not-found', 'There is no such lease, or it is not yours to see.', { lease });
}

/**
 * Appends what `decide` makes of the lease as it is, all of it or nothing.
 * @param decide What happens next; nothing, to leave it. Called anew when somebody else was first. Throws to refuse.
 * @returns the lease afterwards
 * @throws {BrokerFault} `busy` when others were first again and again
 */
export async function change(
  deps: Deps,
  id: string,
  decide: (lease: Lease, now: number) => readonly EventBody[],
): Promise<Lease> {
  for (let tries = 1; ; tries += 1) {
    const lease = await readLease(deps, id);
    const now = deps.clock();
    const next = believed(() => extended(lease, decide(lease, now), now), id);
    if (next === undefined || (await deps.leases.append(next.events, next.lease)) === 'appended') {
      return next?.lease ?? lease;
    }
    if (tries === MOST_TRIES)
      throw new BrokerFault('busy', 'Others are changing the lease.', { lease: id, retryAfter: 1 });
    await deps.backOff(tries);
  }
}

/** Begins a lease with everything that is known of it at once. @returns `conflict` when there is one by this id already */
export async function begin(
  { leases }: Deps,
  id: string,
  bodies: readonly EventBody[],
  now: number,
): Promise<Lease | 'conflict'> {
  const events = chain(id, undefined, bodies, now);
  const lease = fold(events);
  return (await leases.append(events, lease)) === 'appended' ? lease : 'conflict';
}

function extended(
  lease: Lease,
  bodies: readonly EventBody[],
  now: number,
): { readonly events: readonly LeaseEvent[]; readonly lease: Lease } | undefined {
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

function believed<T>(work: () => T, id: string): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof LeaseFault ? ofLease(error, id) : error;
  }
}
