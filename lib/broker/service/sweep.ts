/** What time does, put on record: questions that lapsed, and denies whose leases have ended. Run every minute. */
import { stateAt } from '../lease/fold';
import { counted } from './counted';
import type { Deps } from './deps';
import { change } from './log';

/** Seconds: the longest window of a question, and a day in which the function may have been down. */
const LOOK_BACK = 2 * 86_400;
/** Leases that are looked at in one run; those beyond wait for the next. */
const MOST = 200;

/** Sweeps. What fails is counted and tried again by the next run; the rest is done all the same. */
export async function sweep(deps: Deps): Promise<void> {
  await counted(deps, 'sweep-revocations', () => deps.revoker.prune(deps.clock()));
  await counted(deps, 'sweep-lapsed', () => recordLapsed(deps));
}

async function recordLapsed(deps: Deps): Promise<void> {
  const query = { by: { open: true as const }, since: deps.clock() - LOOK_BACK, limit: MOST };
  const { leases } = await deps.leases.list(query);
  for (const id of leases) {
    await counted(deps, 'sweep-lapsed', () =>
      change(deps, id, (lease, now) =>
        lease.state !== 'lapsed' && stateAt(lease, now) === 'lapsed' ? [{ type: 'lapsed' }] : [],
      ),
    );
  }
}
