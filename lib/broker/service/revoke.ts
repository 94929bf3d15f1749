/**
 * Revokes one lease: records the revocation first, then makes AWS deny the lease's calls. Each step can safely be
 * repeated until it succeeds.
 */
import type { RevocationAnswer, RevokeBody } from '@leasehold/contract';
import { decisionOf } from '../consent/decision';
import { demandDecision } from '../consent/demand';
import { type FoldedLease, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { Caller } from './caller';
import { denyByAws } from './deny-by-aws';
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
