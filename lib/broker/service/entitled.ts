/**
 * Checks whether a lease is still permitted. The check runs when the lease is approved and each time it is collected.
 */
import { defined } from '@leasehold/contract/defined';
import { entitlementProblems } from '../grant/entitlement';
import type { FoldedLease } from '../lease/fold';
import { type Caller, groupsOf, knownRequester, requesterOf } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/**
 * Refuses a lease that the definitions or the requester's groups no longer permit. Nothing is recorded: if the
 * permission is restored within the lease's window, the lease can be approved and collected.
 * @param by The caller. If the caller is the requester, the groups in the caller's current token count, not the
 * recorded groups.
 * @throws {BrokerFault}
 */
export async function demandEntitled(deps: Deps, lease: FoldedLease, by: Caller): Promise<void> {
  const { environment, roles, clock, principals, signIn } = deps;
  const recorded = knownRequester(lease.requester, environment, signIn?.issuer);
  const caller = recorded !== undefined && by.key === recorded.key ? by : recorded;
  // Agents have no groups, so no groups are read for an agent.
  const stored = caller === undefined || caller.kind === 'agent' ? undefined : await principals.get(caller.name);
  const requester = caller && requesterOf(caller, groupsOf(caller, stored, environment));
  const problems = entitlementProblems(lease, { time: clock(), environment, roles, requester, ...defined({ signIn }) });
  const [first] = problems;
  if (first === undefined) return;
  deps.telemetry.count('LeaseDenied', { code: first.code });
  throw new BrokerFault(first.code, problems.map(({ message }) => message).join(' '), {
    lease: lease.id,
    hint: HINT[first.code] ?? 'Request a new lease under the current definitions.',
  });
}

const HINT: Readonly<Partial<Record<string, string>>> = {
  'outside-hours': 'Collect the lease in working hours, while its approval is valid.',
};
