/**
 * Revokes leases: records the revocation first, then makes AWS deny the lease's calls. Each step can safely be repeated
 * until it succeeds.
 */

import type { RevocationAnswer, RevokeBody } from '@leasehold/contract';
import { append, largest } from '@leasehold/contract/any-length';
import { LONGEST_WINDOW } from '@leasehold/definitions';
import { decisionOf } from '../consent/decision';
import { demandDecision } from '../consent/demand';
import { type FoldedLease, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { RoleDenial } from '../ports';
import { LONGEST_LEASE } from '../rules';
import type { Caller } from './caller';
import { counted } from './counted';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { change } from './log';

/**
 * Revokes one lease. If the lease was issued, AWS denies all further calls. If it was not issued yet, it can no
 * longer be issued.
 * @throws {BrokerFault}
 */
export async function revoke(
  deps: Deps,
  caller: Caller,
  id: string,
  { because, consent }: RevokeBody,
): Promise<RevocationAnswer> {
  const body = { type: 'revoked', by: `${caller.kind} ${caller.name}`, because } as const;
  // A revocation needs no signature, because nobody should have to look for a key in an emergency. If a signature is
  // sent, it must be valid.
  const signed = demandDecision(deps, caller, consent, { required: false, lease: id });
  const decide = (current: FoldedLease, now: number) => {
    const state = stateAt(current, now);
    if (state === 'revoked') return [];
    const actors = actorsOf(state, 'revoked');
    if (!actors.some((actor) => actor === caller.kind)) {
      const hint = state === 'pending' || state === 'approved' ? 'Deny it.' : 'There is no lease to revoke.';
      throw new BrokerFault('wrong-state', `The lease is ${state}.`, { lease: id, hint });
    }
    return [{ ...body, ...signed.body }];
  };
  const lease = await change(deps, id, decide, {
    permit: (_lease, _now, before) => signed.demand(decisionOf(before, body)),
  });
  const shutUntil = await denyByAws(deps, lease);
  deps.telemetry.count('LeaseRevoked');
  const role = lease.proposal?.grant.role;
  return { leases: [id], shut: role === undefined || shutUntil === undefined ? {} : { [role]: shutUntil } };
}

/**
 * Maximum number of seconds between the issue event and the creation of the session, because the function ends within
 * this time. The session may expire later by this time.
 */
const HANDED_WITHIN = 30;

/**
 * Maximum number of leases whose end is recorded individually when a role is blocked. AWS also denies the other leases.
 */
const MOST_RECORDED = 200;

/**
 * Revokes every lease of a role or of all roles. Blocks new leases until the last revoked lease has expired.
 * @throws {BrokerFault}
 */
export async function revokeMany(
  deps: Deps,
  caller: Caller,
  what: { readonly role: string } | { readonly all: true },
  because: string,
): Promise<RevocationAnswer> {
  const chosen = deps.roles.filter(({ role }) => 'all' in what || role.name === what.role);
  if (chosen.length === 0) throw new BrokerFault('not-found', 'The broker has no such role.');
  const now = deps.clock();
  // The roles are blocked first, so that no new lease is issued while the existing leases are looked up.
  const denials = chosen.map(({ role }) => ({ role: role.name, until: now + role.lease.maxSeconds + HANDED_WITHIN }));
  const shut = await block(deps, denials);
  // Leases are listed by the time of their proposal. A lease may have been proposed under earlier definitions, so the
  // window is not that of the role.
  const since = now - LONGEST_LEASE - LONGEST_WINDOW;
  const ended = await Promise.all(chosen.map(({ role }) => end(deps, caller, role.name, since, because)));
  // A lease that was issued under earlier definitions can end later than the definitions permit now.
  const longer = denials.flatMap(({ role, until }, index) => {
    const latest = (ended[index]?.latest ?? now + LONGEST_LEASE) + HANDED_WITHIN;
    return latest > until ? [{ role, until: latest }] : [];
  });
  const extended = longer.length === 0 ? {} : await block(deps, longer);
  deps.telemetry.count('LeaseRevoked');
  return { leases: ended.flatMap(({ leases }) => leases).sort(), shut: { ...shut, ...extended } };
}

/**
 * Makes AWS deny every session of roles, with two independent mechanisms: if one fails, the other still denies.
 * @returns the end of each role's block
 * @throws {BrokerFault} `unavailable`
 */
async function block(deps: Deps, denials: readonly RoleDenial[]): Promise<Readonly<Record<string, number>>> {
  const [policy, shut] = await Promise.all([
    counted(deps, 'deny', async () => {
      await deps.revoker.deny(denials);
      return true;
    }),
    countedEach(deps, 'shut', denials, async ({ role, until }) => {
      await deps.revoker.shut(role, until);
      return [role, until] as const;
    }),
  ]);
  const left = denials.filter((_, index) => shut[index] === undefined);
  if (left.length > 0) {
    const open = left.map(({ role }) => `\`${role}\``).join(', ');
    throw new BrokerFault('unavailable', `AWS did not block ${open}; every other role of the request is blocked.`, {
      hint: 'Revoke again.',
      retryAfter: 1,
    });
  }
  if (policy === undefined) {
    throw new BrokerFault(
      'unavailable',
      'AWS did not write the revocation policy; the roles are blocked by their tags.',
      {
        hint: 'Revoke again.',
        retryAfter: 1,
      },
    );
  }
  return Object.fromEntries(shut.filter((each) => each !== undefined));
}

/**
 * Records that the issued leases of a role are revoked. If one record fails, the others are still written.
 * @returns the revoked leases, and when the last issued lease ends; `undefined` if that was not read
 */
async function end(
  deps: Deps,
  caller: Caller,
  role: string,
  since: number,
  because: string,
): Promise<{ readonly leases: readonly string[]; readonly latest: number | undefined }> {
  const { leases, next } = await deps.leases.list({ by: { role }, since, limit: MOST_RECORDED });
  const tried = await countedEach(deps, 'record-revoked', leases, (id) =>
    change(deps, id, (current, now) =>
      stateAt(current, now) === 'issued' ? [{ type: 'revoked', by: `${caller.kind} ${caller.name}`, because }] : [],
    ),
  );
  // A lease that was proposed twice fills two places of the page, so the number of leases does not show that there are
  // more.
  const isComplete = next === undefined && tried.every((lease) => lease !== undefined);
  return {
    leases: tried.flatMap((lease) => (lease?.state === 'revoked' ? [lease.id] : [])),
    latest: isComplete
      ? largest(
          tried.map((lease) => lease?.issued?.until ?? 0),
          0,
        )
      : undefined,
  };
}

/** Maximum number of roles or leases processed in parallel. */
const AT_ONCE = 10;

/**
 * The result for each item, in order, independent of the other items. `undefined` if the work for an item failed.
 * Failures are counted.
 */
async function countedEach<T, R>(
  deps: Deps,
  what: string,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results: (R | undefined)[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    append(results, await Promise.all(some.map((each) => counted(deps, what, () => work(each)))));
  }
  return results;
}

/**
 * Makes AWS deny a lease that was issued and has not expired.
 * @throws {BrokerFault} `unavailable`, if the broker no longer opens the role
 */
async function denyByAws(
  { revoker, clock, roles }: Deps,
  { id, issued, proposal }: FoldedLease,
): Promise<number | undefined> {
  const until = (issued?.until ?? 0) + HANDED_WITHIN;
  if (issued === undefined || proposal === undefined || until <= clock()) return undefined;
  const { role } = proposal.grant;
  if (!roles.some((brokered) => brokered.role.name === role)) {
    throw new BrokerFault('unavailable', REMOVED, { lease: id, hint: 'Delete the IAM role if it still exists.' });
  }
  return (await revoker.revoke(role, [{ lease: id, role, until }])).shutUntil;
}

const REMOVED =
  'The revocation is recorded, but AWS was not told: the definitions no longer contain the role, or its gate is not the broker.';
