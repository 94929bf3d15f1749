/**
 * Approvals and denials by approvers. If an approver uses an IAM session, AWS has bound the session to the person and
 * required MFA. If passkeys are required, an approval also contains a signature, which anyone can verify.
 */
import type { ApproveBody, DenyBody } from '@leasehold/contract';
import { decisionOf } from '../consent/decision';
import { demandDecision, mustSign } from '../consent/demand';
import type { FoldedLease } from '../lease/fold';
import { isApproversOwn } from '../own-lease';
import type { Caller } from './caller';
import { demandConsent } from './consent';
import type { Deps } from './deps';
import { demandEntitled } from './entitled';
import { BrokerFault } from './fault';
import { change } from './log';

/**
 * Approves the grant with the given hash. Changing one byte of the grant changes the hash. A grant that the current
 * definitions do not permit cannot be approved.
 * @throws {BrokerFault}
 */
export async function approve(
  deps: Deps,
  caller: Caller,
  id: string,
  { hash, consent }: ApproveBody,
): Promise<FoldedLease> {
  const by = { name: caller.name };
  const signed = demandDecision(deps, caller, consent, { required: mustSign(deps), lease: id });
  return change(deps, id, () => [{ type: 'approved', by, hash, ...signed.body }], {
    permit: async (lease, _now, before) => {
      demandAnothers(deps, caller, lease);
      demandConsent(deps, caller);
      await demandEntitled(deps, lease, caller);
      await signed.demand(decisionOf(before, { type: 'approved', by, hash }));
    },
  });
}

/** Refuses an approval by the requester, or by the end user on whose behalf an agent requested the lease. */
function demandAnothers({ environment, signIn }: Deps, { name, account }: Caller, lease: FoldedLease): void {
  const { subject, id } = lease;
  const isSubject = account !== undefined && subject?.issuer === account.issuer && subject.sub === account.sub;
  if (!isSubject && !isApproversOwn(name, lease, environment, signIn)) return;
  throw new BrokerFault('own-lease', `${name} cannot approve a lease of their own.`, { lease: id });
}

/**
 * Denies the lease, which ends it. A denial does not permit anything, so no signature is required. If a signature is
 * sent, it must be valid.
 * @throws {BrokerFault}
 */
export async function deny(
  deps: Deps,
  caller: Caller,
  id: string,
  { because, consent }: DenyBody,
): Promise<FoldedLease> {
  const body = { type: 'denied', by: { name: caller.name }, code: 'approver-denied', because } as const;
  const signed = demandDecision(deps, caller, consent, { required: false, lease: id });
  const lease = await change(deps, id, () => [{ ...body, ...signed.body }], {
    permit: (_lease, _now, before) => signed.demand(decisionOf(before, body)),
  });
  deps.telemetry.count('LeaseDenied', { code: 'approver-denied' });
  // A denial counts against the requester's budget. If it cannot be counted, the denial is still in effect.
  try {
    await deps.principals.spend(lease.requester.name, 'denials', deps.clock());
  } catch (error) {
    deps.telemetry.error('denial-uncounted', error);
  }
  return lease;
}
