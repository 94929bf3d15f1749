/** Code shared by the revocation of one lease and the revocation of many leases. */
import { HANDED_WITHIN } from '../durations';
import type { EventBody } from '../lease/event';
import { type FoldedLease, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { Revocation } from '../ports';
import { type Caller, callerText } from './caller';
import type { Deps } from './deps';

/** Whether the caller may revoke the lease in its current state. */
export function mayRevoke({ kind }: Caller, lease: FoldedLease, now: number): boolean {
  return actorsOf(stateAt(lease, now), 'revoked').some((actor) => actor === kind);
}

/** Decides on the event that revokes a lease: none if the caller may not revoke the lease in its current state. */
export function revokedBy(
  caller: Caller,
  because: string,
): (lease: FoldedLease, now: number) => readonly Extract<EventBody, { type: 'revoked' }>[] {
  const by = callerText(caller);
  return (lease, now) => (mayRevoke(caller, lease, now) ? [{ type: 'revoked', by, because }] : []);
}

/** What AWS must deny for a revoked lease. `undefined` if the lease was not issued, or has expired. */
export function revocationOf({ id, issued, proposal }: FoldedLease, now: number): Revocation | undefined {
  const until = (issued?.until ?? 0) + HANDED_WITHIN;
  if (issued === undefined || proposal === undefined || until <= now) return undefined;
  return { lease: id, role: proposal.grant.role, until };
}

/** Whether the broker still issues leases for a role. It cannot make AWS deny leases of any other role. */
export function isOpened({ roles }: Deps, role: string): boolean {
  return roles.some((brokered) => brokered.role.name === role);
}

/**
 * Makes AWS deny leases of one role for which the broker issues leases, with one call to the revoker.
 * @returns the role with the end of its block, if AWS blocks the whole role
 */
export async function denyByAws(
  { revoker }: Deps,
  role: string,
  revocations: readonly Revocation[],
): Promise<Readonly<Record<string, number>>> {
  const { shutUntil } = await revoker.revoke(role, revocations);
  return shutUntil === undefined ? {} : { [role]: shutUntil };
}

/** The hint for a role for which the broker no longer issues leases. */
export const DELETE_ROLE = 'Delete the IAM role if it still exists.';
