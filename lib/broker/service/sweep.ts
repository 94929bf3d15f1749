/**
 * Handles the effects of time: records approval requests that lapsed, and removes deny statements for leases that have
 * ended. Then records the health of the broker. Runs every minute.
 */
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { stateAt } from '../lease/fold';
import { counted, countedEach } from './counted';
import type { Deps } from './deps';
import { stateHealth } from './health';
import { listedLeases } from './listed-leases';
import { change } from './log';

/**
 * Number of seconds for which the sweep looks back: the longest time for which an approval request can be open, plus
 * one day, because the function may have been down for that long.
 */
const LOOK_BACK = LONGEST_WINDOW + 86_400;
/**
 * Maximum number of ids to remember as settled. The ids are remembered so that each approval request is usually read
 * only once after it lapsed.
 */
const MOST_REMEMBERED = 50_000;

/** Approval requests whose end is already recorded. The index still contains them. */
const settled = new WeakMap<Deps, Set<string>>();

/**
 * Runs a sweep. A failure is counted and does not stop the remaining work. The next run tries again, and the health
 * report does not state that this run is complete.
 */
export async function sweep(deps: Deps): Promise<void> {
  const isPruned = await succeeds(deps, 'sweep-revocations', () => deps.revoker.prune(deps.clock()));
  const areRecorded = await counted(deps, 'sweep-lapsed', () => recordLapsed(deps));
  await counted(deps, 'sweep-health', () => stateHealth(deps, isPruned && areRecorded === true));
}

async function succeeds(deps: Deps, what: string, work: () => Promise<void>): Promise<boolean> {
  const done = await counted(deps, what, async () => {
    await work();
    return true;
  });
  return done === true;
}

/** @returns whether every lapse is recorded */
async function recordLapsed(deps: Deps): Promise<boolean> {
  const known = settled.get(deps) ?? new Set();
  settled.set(deps, known);
  if (known.size > MOST_REMEMBERED) known.clear();
  // The oldest requests are read first, so that new approval requests cannot keep old ones from being read.
  const left = (await listedLeases(deps, { open: true }, deps.clock() - LOOK_BACK))
    .filter((id) => !known.has(id))
    .reverse();
  const done = await countedEach(deps, 'sweep-lapsed', left, async (id) => {
    await recordLapse(deps, id, known);
    return true;
  });
  return done.every((each) => each === true);
}

async function recordLapse(deps: Deps, id: string, known: Set<string>): Promise<void> {
  const lease = await change(deps, id, (current, now) =>
    current.state !== 'lapsed' && stateAt(current, now) === 'lapsed' ? [{ type: 'lapsed' }] : [],
  );
  if (!['requested', 'pending', 'approved'].includes(lease.state)) known.add(id);
}
