/** What approvers say: yes to a hash, or no. AWS has tied the session to the person, and demanded MFA of it. */
import type { Lease } from '../lease/fold';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { demandEntitled } from './entitled';
import { change } from './log';

/**
 * Says yes to the grant with this hash. Another byte of the grant is another hash. A grant that could not be issued by the
 * definitions as they are now is not approved either.
 * @throws {BrokerFault}
 */
export function approve(deps: Deps, caller: Caller, id: string, hash: string): Promise<Lease> {
  const permit = (lease: Lease) => demandEntitled(deps, lease);
  return change(deps, id, () => [{ type: 'approved', by: { name: caller.name }, hash }], { permit });
}

/** Says no, which ends the lease. @throws {BrokerFault} */
export async function deny(deps: Deps, caller: Caller, id: string, because: string): Promise<Lease> {
  const lease = await change(deps, id, () => [
    { type: 'denied', by: { name: caller.name }, code: 'approver-denied', because },
  ]);
  deps.telemetry.count('LeaseDenied', { code: 'approver-denied' });
  // A no counts against whoever asks again and again. Where it cannot be counted it stands all the same.
  try {
    await deps.principals.spend(lease.requester.name, 'denials', deps.clock());
  } catch (error) {
    deps.telemetry.error('denial-uncounted', error);
  }
  return lease;
}
