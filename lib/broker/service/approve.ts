/** Approvals and denials by approvers. AWS has bound the session to the person and required MFA. */
import type { FoldedLease } from '../lease/fold';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { demandEntitled } from './entitled';
import { change } from './log';

/**
 * Approves the grant with this hash. A change of one byte changes the hash. A grant that the current definitions do not
 * permit cannot be approved either.
 * @throws {BrokerFault}
 */
export function approve(deps: Deps, caller: Caller, id: string, hash: string): Promise<FoldedLease> {
  const permit = (lease: FoldedLease) => demandEntitled(deps, lease);
  return change(deps, id, () => [{ type: 'approved', by: { name: caller.name }, hash }], { permit });
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
