/**
 * Checks whether a lease is still permitted. The check runs when the lease is approved and each time it is collected.
 */
import { defined } from '@leasehold/contract/defined';
import type { WithheldCode } from '@leasehold/contract/event';
import { entitlementProblems } from '../grant/entitlement';
import type { FoldedLease } from '../lease/fold';
import { type Caller, groupsOf, knownRequester, requesterOf } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** Why the definitions or the requester's groups do not permit a lease. */
export interface Refusal {
  readonly code: WithheldCode;
  /** One or several sentences. */
  readonly because: string;
}

/**
 * Refuses a lease that the definitions or the requester's groups no longer permit. If the permission is restored within
 * the lease's window, the lease can be approved.
 * @throws {BrokerFault}
 */
export async function demandEntitled(deps: Deps, lease: FoldedLease, by: Caller): Promise<void> {
  const refusal = await refusalOf(deps, lease, by);
  if (refusal !== undefined) throw refusalFault(deps, refusal, lease.id);
}

/** Counts a refusal, and creates the fault that reports it to the caller. */
export function refusalFault({ telemetry }: Deps, { code, because }: Refusal, lease: string): BrokerFault {
  telemetry.count('LeaseDenied', { code });
  return new BrokerFault(code, because, {
    lease,
    hint: HINT[code] ?? 'Request a new lease under the current definitions.',
  });
}

/**
 * The reasons why the current definitions or the requester's groups do not permit a lease; `undefined` if they do.
 * @param by The caller. If the caller is the requester, the groups in the caller's current token count, not the
 * recorded groups.
 */
export async function refusalOf(deps: Deps, lease: FoldedLease, by: Caller): Promise<Refusal | undefined> {
  const { environment, roles, clock, principals, signIn } = deps;
  const recorded = knownRequester(lease.requester, environment, signIn?.issuer);
  const caller = recorded !== undefined && by.key === recorded.key ? by : recorded;
  // Agents have no groups, so no groups are read for an agent.
  const stored = caller === undefined || caller.kind === 'agent' ? undefined : await principals.get(caller.name);
  const requester = caller && requesterOf(caller, groupsOf(caller, stored, environment));
  const problems = entitlementProblems(lease, { time: clock(), environment, roles, requester, ...defined({ signIn }) });
  const [first] = problems;
  return first && { code: first.code, because: problems.map(({ message }) => message).join(' ') };
}

const HINT: Readonly<Partial<Record<WithheldCode, string>>> = {
  'outside-hours': 'Collect the lease during working hours, while its approval is valid.',
};
