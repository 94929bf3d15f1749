/**
 * Revokes leases: records the revocation first, then makes AWS deny the lease's calls. Each step can safely be repeated
 * until it succeeds.
 */

import type { RevocationAnswer, RevocationList, RevokeBody, RevokeManyBody } from '@leasehold/contract';
import type { RevocationScope } from '@leasehold/contract/administration';
import { largest } from '@leasehold/contract/any-length';
import type { Consent } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { LONGEST_WINDOW } from '@leasehold/definitions';
import { administrationStatement, noAdministration, REVOCATIONS } from '../consent/administration';
import { decisionOf } from '../consent/decision';
import { demandDecision, demandSignature, readKeysOf } from '../consent/demand';
import { environmentKey } from '../consent/statement';
import { type FoldedLease, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { RoleDenial } from '../ports';
import { type BrokeredRole, LONGEST_LEASE } from '../rules';
import { appendTo, pageOf, readAdministration } from './administration';
import { type Caller, requesterNamed } from './caller';
import { counted, countedEach } from './counted';
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
 * Revokes every lease of a role or of all roles, and blocks new leases until the last revoked lease has expired; or
 * revokes every lease of a requester. Records first who revokes what. If this record cannot be written, the leases are
 * nevertheless revoked, and the error states that the revocation is not on record.
 * @throws {BrokerFault}
 */
export async function revokeMany(
  deps: Deps,
  caller: Caller,
  { because, consent, ...scope }: RevokeManyBody,
): Promise<RevocationAnswer> {
  const revoking = 'requester' in scope ? requesterKey(deps, scope.requester) : chosenRoles(deps, scope);
  const unrecorded = await recordRevocation(deps, caller, { scope, because }, consent);
  const answer =
    typeof revoking === 'string'
      ? await endOf(deps, caller, revoking, because)
      : await endRoles(deps, caller, revoking, because);
  deps.telemetry.count('LeaseRevoked');
  if (unrecorded === undefined) return answer;
  throw new BrokerFault(
    unrecorded instanceof BrokerFault ? unrecorded.code : 'unavailable',
    'AWS denies the leases, but who revoked them could not be recorded.',
    { hint: 'Tell the owner of the broker. Revoke again to record it.', retryAfter: 1 },
    { cause: unrecorded },
  );
}

type Scope = { readonly role: string } | { readonly all: true };

function chosenRoles({ roles }: Deps, scope: Scope): readonly BrokeredRole[] {
  const chosen = roles.filter(({ role }) => 'all' in scope || role.name === scope.role);
  if (chosen.length === 0) throw new BrokerFault('not-found', 'The broker has no such role.');
  return chosen;
}

/** The key under which the leases of an agent or a person of the definitions are listed. */
function requesterKey({ environment }: Deps, name: string): string {
  const key = requesterNamed(name, environment)?.key;
  if (key !== undefined) return key;
  throw new BrokerFault('not-found', 'The definitions contain no such agent or person.', {
    hint: 'Revoke the leases of somebody else one by one, or the leases of a role.',
  });
}

const MOST_TRIES = 20;

/**
 * Verifies the signature, if there is one, and records who revokes what.
 * @returns the error if the event could not be recorded, which must not keep anybody from revoking
 * @throws {BrokerFault} for a signature that is not valid
 */
async function recordRevocation(
  deps: Deps,
  caller: Caller,
  { scope, because }: { readonly scope: RevocationScope; readonly because: string },
  consent: Consent | undefined,
): Promise<unknown> {
  const unsigned = { type: 'leases-revoked', by: `${caller.kind} ${caller.name}`, scope, because } as const;
  if (consent !== undefined) {
    const statement = administrationStatement(
      noAdministration(REVOCATIONS, environmentKey(deps.environment)),
      unsigned,
    );
    await demandSignature(deps, await readKeysOf(deps, caller.name), consent, statement);
  }
  const body = { ...unsigned, ...defined({ assertion: consent?.assertion }) };
  try {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const record = await readAdministration(deps, REVOCATIONS);
      if ((await appendTo(deps, record, body)) === 'appended') return undefined;
      await deps.backOff(tries);
    }
    return new BrokerFault('unavailable', 'Others are changing the record.');
  } catch (error) {
    if (error instanceof BrokerFault && error.code === 'consent-invalid') throw error;
    deps.telemetry.error('record-revocation', error);
    return error;
  }
}

/** The record of the revocations, unverified, and the roles that are blocked now. @throws {BrokerFault} */
export async function revocations(
  deps: Deps,
  { after }: { readonly after?: number | undefined },
): Promise<RevocationList> {
  const [page, shut] = await Promise.all([pageOf(deps, REVOCATIONS, after), deps.revoker.standing()]);
  return { ...page, shut: [...shut].sort((a, b) => (a.role < b.role ? -1 : 1)) };
}

async function endRoles(
  deps: Deps,
  caller: Caller,
  chosen: readonly BrokeredRole[],
  because: string,
): Promise<RevocationAnswer> {
  const now = deps.clock();
  // The roles are blocked first, so that no new lease is issued while the existing leases are looked up.
  const denials = chosen.map(({ role }) => ({ role: role.name, until: now + role.lease.maxSeconds + HANDED_WITHIN }));
  const shut = await block(deps, denials);
  const since = sinceOf(now);
  const ended = await Promise.all(chosen.map(({ role }) => end(deps, caller, role.name, since, because)));
  // A lease that was issued under earlier definitions can end later than the definitions permit now.
  const longer = denials.flatMap(({ role, until }, index) => {
    const latest = (ended[index]?.latest ?? now + LONGEST_LEASE) + HANDED_WITHIN;
    return latest > until ? [{ role, until: latest }] : [];
  });
  const extended = longer.length === 0 ? {} : await block(deps, longer);
  return { leases: ended.flatMap(({ leases }) => leases).sort(), shut: { ...shut, ...extended } };
}

/**
 * Leases are listed by the time of their proposal. A lease may have been proposed under earlier definitions, so the
 * window is not that of the role.
 */
function sinceOf(now: number): number {
  return now - LONGEST_LEASE - LONGEST_WINDOW;
}

/**
 * Revokes every lease of a requester that AWS accepts or that may still be collected. The requester's roles stay open
 * for others, and the requester can request again.
 * @throws {BrokerFault} `unavailable` if one of the leases could not be revoked
 */
async function endOf(deps: Deps, caller: Caller, requester: string, because: string): Promise<RevocationAnswer> {
  const since = sinceOf(deps.clock());
  const ids = new Set<string>();
  let next: string | undefined;
  do {
    const page = await deps.leases.list({ by: { requester }, since, limit: MOST_RECORDED, ...defined({ next }) });
    for (const id of page.leases) ids.add(id);
    next = page.next;
  } while (next !== undefined);
  const all = [...ids];
  const shut: Record<string, number> = {};
  const ended = await countedEach(deps, 'revoke-of-requester', all, async (id) => {
    const lease = await change(deps, id, (current, now) =>
      actorsOf(stateAt(current, now), 'revoked').some((actor) => actor === caller.kind)
        ? [{ type: 'revoked', by: `${caller.kind} ${caller.name}`, because }]
        : [],
    );
    // Also a lease that was revoked before: AWS may not have been told.
    if (lease.state !== 'revoked') return { id, isRevoked: false };
    const until = await denyByAws(deps, lease);
    const role = lease.proposal?.grant.role;
    if (until !== undefined && role !== undefined) shut[role] = Math.max(until, shut[role] ?? 0);
    return { id, isRevoked: true };
  });
  const left = all.filter((_, index) => ended[index] === undefined);
  if (left.length > 0) {
    const named = left.slice(0, MOST_NAMED).map((id) => `\`${id}\``);
    const more = left.length > MOST_NAMED ? [`${left.length - MOST_NAMED} more`] : [];
    throw new BrokerFault(
      'unavailable',
      `Not revoked, or not denied by AWS: ${[...named, ...more].join(', ')}. Every other lease of the requester is revoked.`,
      { hint: 'Revoke again.', retryAfter: 1 },
    );
  }
  return { leases: ended.flatMap((each) => (each?.isRevoked ? [each.id] : [])).sort(), shut };
}

/** Maximum number of leases that an error names. */
const MOST_NAMED = 10;

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
    throw new BrokerFault('unavailable', `AWS did not block ${open}; every other role in the request is blocked.`, {
      hint: 'Revoke again.',
      retryAfter: 1,
    });
  }
  if (policy === undefined) {
    throw new BrokerFault(
      'unavailable',
      'The revocation policy could not be written in AWS, but tags block the roles.',
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
  'The revocation is recorded, but was not carried out in AWS, because the definitions no longer contain the role, or because the broker is not the gate of the role.';
