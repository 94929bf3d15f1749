/** Takes leases back: on record first, then denied by AWS. Each can be repeated until it has gone through. */
import type { RevocationAnswer } from '@leasehold/contract';
import { type Lease, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { Caller } from './caller';
import { counted } from './counted';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { change } from './log';

/**
 * Takes one lease back. Of an issued one AWS denies the next call; of one that is not issued yet there will be none.
 * @throws {BrokerFault}
 */
export async function revoke(deps: Deps, caller: Caller, id: string, because: string): Promise<RevocationAnswer> {
  const lease = await change(deps, id, (current, now) => {
    const state = stateAt(current, now);
    if (state === 'revoked') return [];
    const actors = actorsOf(state, 'revoked');
    if (!actors.some((actor) => actor === caller.kind)) {
      const hint = state === 'pending' || state === 'approved' ? 'Deny it.' : 'There is nothing to take back.';
      throw new BrokerFault('wrong-state', `The lease is ${state}.`, { lease: id, hint });
    }
    return [{ type: 'revoked', by: `${caller.kind} ${caller.name}`, because }];
  });
  const shutUntil = await denyByAws(deps, lease);
  deps.telemetry.count('LeaseRevoked');
  const role = lease.proposal?.grant.role;
  return { leases: [id], shut: role === undefined || shutUntil === undefined ? {} : { [role]: shutUntil } };
}

/** Seconds after its issue in which a session is cut: the function ends within them, and the session that much later. */
const HANDED_WITHIN = 30;

/** Leases whose end is put on record one by one when a role is shut; AWS denies the others all the same. */
const MOST_RECORDED = 200;

/**
 * Takes every lease of a role back, or of all roles, and lets AWS open no new one until the last of them has ended.
 * @throws {BrokerFault}
 */
export async function revokeMany(
  deps: Deps,
  caller: Caller,
  what: { readonly role: string } | { readonly all: true },
  because: string,
): Promise<RevocationAnswer> {
  const chosen = deps.roles.filter(({ role }) => 'all' in what || role.name === what.role);
  if (chosen.length === 0) throw new BrokerFault('not-found', 'The broker opens no such role.');
  const now = deps.clock();
  // Before anything else, so that no lease slips through while the others are looked up.
  const shut = await countedEach(deps, 'shut', chosen, async ({ role }) => {
    const until = now + role.lease.maxSeconds + HANDED_WITHIN;
    await deps.revoker.shut(role.name, until);
    return [role.name, until] as const;
  });
  const left = chosen.filter((_, index) => shut[index] === undefined);
  if (left.length > 0) {
    const open = left.map(({ role }) => `\`${role.name}\``).join(', ');
    throw new BrokerFault('unavailable', `AWS did not shut ${open}; every other role that was named is shut.`, {
      hint: 'Revoke again.',
      retryAfter: 1,
    });
  }
  const ended = await Promise.all(
    chosen.map(({ role, window }) => end(deps, caller, role.name, now - role.lease.maxSeconds - window, because)),
  );
  deps.telemetry.count('LeaseRevoked');
  return { leases: ended.flat().sort(), shut: Object.fromEntries(shut.filter((each) => each !== undefined)) };
}

/** Puts on record that the issued leases of a role are revoked. One that cannot be put there hinders none of the others. */
async function end(
  deps: Deps,
  caller: Caller,
  role: string,
  since: number,
  because: string,
): Promise<readonly string[]> {
  const { leases } = await deps.leases.list({ by: { role }, since, limit: MOST_RECORDED });
  const tried = await countedEach(deps, 'record-revoked', leases, (id) =>
    change(deps, id, (current, now) =>
      stateAt(current, now) === 'issued' ? [{ type: 'revoked', by: `${caller.kind} ${caller.name}`, because }] : [],
    ),
  );
  return tried.flatMap((lease) => (lease?.state === 'revoked' ? [lease.id] : []));
}

/** Roles or leases that are worked on at once. */
const AT_ONCE = 10;

/** What comes of each, in their order, whatever becomes of the others; `undefined` where it failed, which is counted. */
async function countedEach<T, R>(
  deps: Deps,
  what: string,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results: (R | undefined)[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    results.push(...(await Promise.all(some.map((each) => counted(deps, what, () => work(each))))));
  }
  return results;
}

/** Has AWS deny a lease that was issued and has not ended by itself. */
async function denyByAws({ revoker, clock }: Deps, { id, issued, proposal }: Lease): Promise<number | undefined> {
  const until = (issued?.until ?? 0) + HANDED_WITHIN;
  if (issued === undefined || proposal === undefined || until <= clock()) return undefined;
  const { role } = proposal.grant;
  return (await revoker.revoke(role, [{ lease: id, role, until }])).shutUntil;
}
