/** Finds who blocked a role, in the verified record of the revocations. */
import { LONGEST_BLOCK, type VerifiedAct } from '@leasehold/broker/core';

export interface BlockedBy {
  readonly by: string;
  readonly at: number;
  readonly because: string;
}

/**
 * The last revocation that covers the role and can be the reason for a block until this time. An event with a signature
 * that is not valid proves nothing, so it is left out.
 */
export function whoBlocked(role: string, until: number, acts: readonly VerifiedAct[]): BlockedBy | undefined {
  for (const { event, proof } of [...acts].reverse()) {
    const { at, body } = event;
    if (body.type !== 'leases-revoked' || proof.kind === 'invalid') continue;
    const { scope, by, because } = body;
    const covers = 'all' in scope || ('role' in scope && scope.role === role);
    if (covers && at <= until && until - at <= LONGEST_BLOCK) return { by, at, because };
  }
  return undefined;
}
