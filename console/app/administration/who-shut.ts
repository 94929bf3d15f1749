/** Finds who shut a role, in the verified record of the revocations. */
import type { VerifiedAct } from '@leasehold/broker/core';

export interface ShutBy {
  readonly by: string;
  readonly at: number;
  readonly because: string;
}

/** Longest time for which one revocation shuts a role: the longest lease, and the time in which it is handed over. */
const LONGEST_SHUT = 2 * 3600;

/**
 * The last revocation that covers the role and can be the reason for a block until this time. An event with a signature
 * that is not valid proves nothing, so it is left out.
 */
export function whoShut(role: string, until: number, acts: readonly VerifiedAct[]): ShutBy | undefined {
  for (const { event, proof } of [...acts].reverse()) {
    const { at, body } = event;
    if (body.type !== 'leases-revoked' || proof.kind === 'invalid') continue;
    const { scope, by, because } = body;
    const covers = 'all' in scope || ('role' in scope && scope.role === role);
    if (covers && at <= until && until - at <= LONGEST_SHUT) return { by, at, because };
  }
  return undefined;
}
