/** Revokes every lease of one requester. */
import type { RevocationAnswer } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import type { FoldedLease } from '../lease/fold';
import type { Revocation } from '../ports';
import type { Caller } from './caller';
import { counted, countedEach } from './counted';
import type { Deps } from './deps';
import { BrokerFault, isBrokenRecord } from './fault';
import { earliestRevocable, listedLeases } from './listed-leases';
import { change } from './log';
import { DELETE_ROLE, denyByAws, isOpened, revocationOf, revokedBy } from './revocation';

/** Name of the task in the log. */
const TASK = 'revoke-of-requester';

/**
 * Revokes every lease of a requester that AWS accepts or that may still be collected. The requester's roles stay open
 * for others, and the requester can request again.
 * @throws {BrokerFault} `unavailable` or `broken-record` if one of the leases could not be revoked
 */
export async function endRequester(
  deps: Deps,
  caller: Caller,
  requester: string,
  because: string,
): Promise<RevocationAnswer> {
  const ids = await listedLeases(deps, { requester }, earliestRevocable(deps.clock()));
  const decide = revokedBy(caller, because);
  const leases = await countedEach(deps, TASK, ids, (id) => changedOrBroken(deps, id, decide));
  // Also leases that were revoked before: AWS may not have been told.
  const revoked = leases.filter((lease) => typeof lease === 'object').filter(({ state }) => state === 'revoked');
  const { shut, failed, removed } = await denyEach(deps, revoked);
  demandAll({
    failed: [...ids.filter((_, index) => leases[index] === undefined), ...failed],
    broken: ids.filter((_, index) => leases[index] === 'broken'),
    removed,
  });
  return { leases: revoked.map(({ id }) => id).sort(), shut };
}

/** The lease after the change. `broken` if its record cannot be trusted, so that nobody can collect or revoke it. */
async function changedOrBroken(
  deps: Deps,
  id: string,
  decide: Parameters<typeof change>[2],
): Promise<FoldedLease | 'broken'> {
  try {
    return await change(deps, id, decide);
  } catch (error) {
    if (!isBrokenRecord(error)) throw error;
    deps.telemetry.error(TASK, error);
    return 'broken';
  }
}

interface Denied {
  readonly shut: Record<string, number>;
  readonly failed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes AWS deny the revoked leases: one call for each role, and one role after the other, because all calls for a role
 * change the same tags, and all calls can change the same policy.
 */
async function denyEach(deps: Deps, revoked: readonly FoldedLease[]): Promise<Denied> {
  const shut: Record<string, number> = {};
  const failed: string[] = [];
  const removed: string[] = [];
  for (const [role, revocations] of byRole(revoked, deps.clock())) {
    const ids = revocations.map(({ lease }) => lease);
    if (!isOpened(deps, role)) {
      append(removed, ids);
      continue;
    }
    const done = await counted(deps, TASK, () => denyByAws(deps, role, revocations));
    if (done === undefined) append(failed, ids);
    else Object.assign(shut, done);
  }
  return { shut, failed, removed };
}

function byRole(revoked: readonly FoldedLease[], now: number): ReadonlyMap<string, readonly Revocation[]> {
  const found = new Map<string, Revocation[]>();
  for (const lease of revoked) {
    const revocation = revocationOf(lease, now);
    if (revocation === undefined) continue;
    const others = found.get(revocation.role);
    if (others === undefined) found.set(revocation.role, [revocation]);
    else others.push(revocation);
  }
  return found;
}

/** What could not be done, by the reason: each needs another action. */
interface Left {
  readonly failed: readonly string[];
  readonly broken: readonly string[];
  readonly removed: readonly string[];
}

/** @throws {BrokerFault} if anything is left */
function demandAll({ failed, broken, removed }: Left): void {
  const kinds = [
    { ids: failed, what: 'Not revoked, or not denied by AWS', hint: 'Revoke again.' },
    {
      ids: broken,
      what: 'Not revoked, because the record of the lease is broken, so that nobody can collect the lease',
      hint: 'A session of a lease with a broken record may be running: find its role with `leasehold audit`, and revoke every lease of that role.',
    },
    {
      ids: removed,
      what: 'Revoked, but not denied by AWS, because the broker no longer opens the role',
      hint: DELETE_ROLE,
    },
  ].filter(({ ids }) => ids.length > 0);
  if (kinds.length === 0) return;
  throw new BrokerFault(
    broken.length > 0 && failed.length + removed.length === 0 ? 'broken-record' : 'unavailable',
    [
      ...kinds.map(({ what, ids }) => `${what}: ${named(ids)}.`),
      'Every other lease of the requester that was running or could be collected is revoked.',
    ].join(' '),
    { hint: kinds.map(({ hint }) => hint).join(' '), ...(failed.length > 0 ? { retryAfter: 1 } : {}) },
  );
}

/** Maximum number of leases that an error names. */
const MOST_NAMED = 10;

function named(ids: readonly string[]): string {
  const some = ids.slice(0, MOST_NAMED).map((id) => `\`${id}\``);
  return [...some, ...(ids.length > MOST_NAMED ? [`${ids.length - MOST_NAMED} more`] : [])].join(', ');
}
