/** Approvals and denials by approvers. */
import type { FoldedLease } from '../lease/fold';
import { isApproversOwn } from '../own-lease';
import type { Caller } from './caller';
import { demandConsent } from './consent';
import type { Deps } from './deps';
import { demandEntitled } from './entitled';
import { BrokerFault } from './fault';
import { change } from './log';

/**
 * Approves the grant with this hash. A change of one byte changes the hash. A grant that the current definitions do not
 * permit cannot be approved either.
 * @throws {BrokerFault}
 */
export function approve(deps: Deps, caller: Caller, id: string, hash: string): Promise<FoldedLease> {
  const permit = async (lease: FoldedLease) => {
    demandAnothers(deps, caller, lease);
    demandConsent(deps, caller);
    await demandEntitled(deps, lease, caller);
  };
  return change(deps, id, () => [{ type: 'approved', by: { name: caller.name }, hash }], { permit });
}

/** Refuses the requester, and the end user on whose behalf an agent requested the lease. */
function demandAnothers({ environment, signIn }: Deps, { name, account }: Caller, lease: FoldedLease): void {
  const { subject, id } = lease;
  const isSubject = account !== undefined && subject?.issuer === account.issuer && subject.sub === account.sub;
  if (!isSubject && !isApproversOwn(name, lease, environment, signIn)) return;
  throw new BrokerFault('own-lease', `${name} cannot approve a lease of their own.`, { lease: id });
}

/** Denies the lease, which ends it. @throws {BrokerFault} */
export async function deny(deps: Deps, caller: Caller, id: string, because: string): Promise<FoldedLease> {
  const lease = await change(deps, id, () => [
    { type: 'denied', by: { name: caller.name }, code: 'approver-denied', because },
  ]);
  deps.telemetry.count('LeaseDenied', { code: 'approver-denied' });
  // A denial counts against the requester's budget. If it cannot be counted, it is still in effect.
  try {
    await deps.principals.spend(lease.requester.name, 'denials', deps.clock());
  } catch (error) {
    deps.telemetry.error('denial-uncounted', error);
  }
  return lease;
}
