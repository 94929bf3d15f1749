/** Blocks roles in AWS, and records that their leases are revoked. */
import type { RevocationAnswer } from '@leasehold/contract';
import { largest } from '@leasehold/contract/any-length';
import { stateAt } from '../lease/fold';
import type { RoleDenial } from '../ports';
import { type BrokeredRole, LONGEST_LEASE } from '../rules';
import type { Caller } from './caller';
import { counted, countedEach } from './counted';
import { HANDED_WITHIN } from './deny-by-aws';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { earliestRevocable } from './listed-leases';
import { change } from './log';

/**
 * Maximum number of leases whose end is recorded individually when a role is blocked. AWS also denies the other leases.
 */
const MOST_RECORDED = 200;

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
  const longer = denials.flatMap(({ role, until }, index) => {
    const latest = (ended[index]?.latest ?? now + LONGEST_LEASE) + HANDED_WITHIN;
    return latest > until ? [{ role, until: latest }] : [];
  });
  const extended = longer.length === 0 ? {} : await block(deps, longer);
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
