/**
 * Revokes one lease: records the revocation first, then makes AWS deny the lease's calls. Each step can safely be
 * repeated until it succeeds.
 */
import type { RevocationAnswer, RevokeBody } from '@leasehold/contract';
import { decisionOf } from '../consent/decision';
import { demandDecision } from '../consent/demand';
import { type FoldedLease, stateAt } from '../lease/fold';
import { type Caller, callerText } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { change } from './log';
import { DELETE_ROLE, denyByAws, isOpened, mayRevoke, revocationOf } from './revocation';

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
  const body = { type: 'revoked', by: callerText(caller), because } as const;
  // A revocation needs no signature, because nobody should have to look for a key in an emergency. If a signature is
  // sent, it must be valid.
  const signed = demandDecision(deps, caller, consent, { required: false, lease: id });
  const decide = (current: FoldedLease, now: number) => {
    const state = stateAt(current, now);
    if (state === 'revoked') return [];
    if (!mayRevoke(caller, current, now)) {
      const hint = state === 'pending' ? 'Deny it.' : 'There is no lease to revoke.';
      throw new BrokerFault('wrong-state', `The lease is ${state}.`, { lease: id, hint });
    }
    return [{ ...body, ...signed.body }];
  };
  const lease = await change(deps, id, decide, {
    permit: (_lease, _now, before) => signed.demand(decisionOf(before, body)),
  });
  const revocation = revocationOf(lease, deps.clock());
  if (revocation !== undefined && !isOpened(deps, revocation.role)) {
    throw new BrokerFault('unavailable', REMOVED, { lease: id, hint: DELETE_ROLE });
  }
  const shut = revocation === undefined ? {} : await denyByAws(deps, revocation.role, [revocation]);
  deps.telemetry.count('LeaseRevoked');
  return { leases: [id], shut };
}

const REMOVED =
  'The revocation is recorded, but was not carried out in AWS: either the definitions no longer contain the role, or the role is not broker-gated.';
