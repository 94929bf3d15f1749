/** What time does, put on record: questions that lapsed, and denies whose leases have ended. Run every minute. */
import { defined } from '@leasehold/contract/defined';
import { stateAt } from '../lease/fold';
import { counted } from './counted';
import type { Deps } from './deps';
import { change } from './log';

/** Seconds: the longest window of a question, and a day in which the function may have been down. */
const LOOK_BACK = 2 * 86_400;
/** Leases of one page of the list. */
const PAGE = 200;
/** Leases that are looked at at once. */
const AT_ONCE = 10;
/** Ids that are remembered as settled, so that each question is looked at about once after it has lapsed. */
const MOST_REMEMBERED = 50_000;

/** Questions whose end is on record already: a list shows them for ever. */
const settled = new WeakMap<Deps, Set<string>>();

/** Sweeps. What fails is counted and tried again by the next run; the rest is done all the same. */
export async function sweep(deps: Deps): Promise<void> {
  await counted(deps, 'sweep-revocations', () => deps.revoker.prune(deps.clock()));
  await counted(deps, 'sweep-lapsed', () => recordLapsed(deps));
}

async function recordLapsed(deps: Deps): Promise<void> {
  const known = settled.get(deps) ?? new Set();
  settled.set(deps, known);
  if (known.size > MOST_REMEMBERED) known.clear();
  // The oldest first: newer questions, however many, keep none from being looked at.
  const left = (await openLeases(deps)).filter((id) => !known.has(id)).reverse();
  for (let from = 0; from < left.length; from += AT_ONCE) {
    const some = left.slice(from, from + AT_ONCE);
    await Promise.all(some.map((id) => counted(deps, 'sweep-lapsed', () => recordLapse(deps, id, known))));
  }
}

async function recordLapse(deps: Deps, id: string, known: Set<string>): Promise<void> {
  const lease = await change(deps, id, (current, now) =>
    current.state !== 'lapsed' && stateAt(current, now) === 'lapsed' ? [{ type: 'lapsed' }] : [],
  );
  if (!['requested', 'pending', 'approved'].includes(lease.state)) known.add(id);
}

/** Every lease of the index, the newest first. It holds keys alone, so that a page is one call for many. */
async function openLeases(deps: Deps): Promise<readonly string[]> {
  const query = { by: { open: true as const }, since: deps.clock() - LOOK_BACK, limit: PAGE };
  const found = new Set<string>();
  let next: string | undefined;
  do {
    const page = await deps.leases.list({ ...query, ...defined({ next }) });
    for (const id of page.leases) found.add(id);
    next = page.next;
  } while (next !== undefined);
  return [...found];
}
