/** Blocks roles in AWS, and records that their leases are revoked. */
import type { RevocationAnswer } from '@leasehold/contract';
import { largest } from '@leasehold/contract/any-length';
import { HANDED_WITHIN, LONGEST_LEASE } from '../durations';
import type { RoleDenial } from '../ports';
import type { BrokeredRole } from '../rules';
import type { Caller } from './caller';
import { counted, countedEach } from './counted';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { earliestRevocable } from './listed-leases';
import { change } from './log';
import { revokedBy } from './revocation';

/**
 * Maximum number of leases whose end is recorded individually when a role is blocked. AWS also denies the other leases,
 * and the role stays blocked until none of them can be collected.
 */
const MOST_RECORDED = 200;

/**
 * Revokes every lease of the given roles that is active or can still be collected, and blocks the roles until the last
 * of these leases would have ended.
 * @throws {BrokerFault} `unavailable` if AWS did not block a role
 */
export async function endRoles(
  deps: Deps,
  caller: Caller,
  chosen: readonly BrokeredRole[],
  because: string,
): Promise<RevocationAnswer> {
  const now = deps.clock();
  // The roles are blocked first, so that no new lease is issued while the existing leases are looked up.
  const denials = chosen.map(({ role }) => ({ role: role.name, until: now + role.lease.maxSeconds + HANDED_WITHIN }));
  const shut = await block(deps, denials);
  const since = earliestRevocable(now);
  const ended = await Promise.all(chosen.map(({ role }) => end(deps, caller, role.name, since, because)));
  // A lease that was issued under earlier definitions can end later than the definitions permit now.
  const longer = chosen.flatMap((brokered, index) => {
    const role = brokered.role.name;
    const latest = (ended[index]?.latest ?? latestUnread(brokered, now)) + HANDED_WITHIN;
    return latest > (denials[index]?.until ?? 0) ? [{ role, until: latest }] : [];
  });
  const extended = longer.length === 0 ? {} : await block(deps, longer);
  return { leases: ended.flatMap(({ leases }) => leases).sort(), shut: { ...shut, ...extended } };
}

/**
 * When a lease that was not read can neither run nor be collected any more. Each lease is compared with the current
 * window when it is collected, so the window of earlier definitions does not matter.
 */
function latestUnread({ window }: BrokeredRole, now: number): number {
  return now + Math.max(LONGEST_LEASE, window);
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
 * Records that the leases of a role are revoked which are running or can still be collected. If one record fails, the
 * others are still written.
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
  const tried = await countedEach(deps, 'record-revoked', leases, (id) => change(deps, id, revokedBy(caller, because)));
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
