/**
 * Determines which decisions a person can make about a lease in its current state, and why other decisions are not
 * possible. The broker checks each decision again.
 */
import { actorsOf, type FoldedLease, isOwnLease, type LeaseState } from '@leasehold/broker/core';
import type { Me } from '../session/me.ts';
import type { IntactLease } from './read-lease.ts';

/**
 * True if the decision is possible; otherwise, the reason why it is not. Undefined if the page does not offer the
 * decision at all.
 */
type May = true | string | undefined;

export interface Answers {
  /** Whether the person decides as an approver or as an administrator. */
  readonly as: 'approver' | 'administrator' | undefined;
  readonly approve: May;
  readonly deny: May;
  readonly revoke: May;
}

/** What the page shows if a signature in a record is not valid. */
export const INVALID_SIGNATURE = 'A signature in this record is not valid.';

export function answersOf({
  read: { lease, valid },
  state,
  me: { may, person },
  isShownWhole,
}: {
  readonly read: Pick<IntactLease, 'lease' | 'valid'>;
  readonly state: LeaseState;
  readonly me: Me;
  readonly isShownWhole: boolean;
}): Answers {
  const { proposal } = lease;
  const isApprover = may.approver && (person === undefined || proposal?.approvers.includes(person) === true);
  const can = (as: 'approver' | 'administrator', event: 'approved' | 'denied' | 'revoked') =>
    actorsOf(state, event).includes(as);
  const revoker =
    isApprover && can('approver', 'revoked')
      ? 'approver'
      : may.administrator && can('administrator', 'revoked')
        ? 'administrator'
        : undefined;
  const approval = (): May => {
    if (proposal === undefined) return undefined;
    if (!valid) return `${INVALID_SIGNATURE} Do not approve anything, and tell an administrator.`;
    if (isOwn(lease, person)) return 'Nobody can approve their own lease. Another approver must answer.';
    if (!isApprover) return 'You are not an approver of this lease.';
    if (person !== undefined && lease.approvals.includes(person)) return 'You have approved this lease already.';
    if (proposal.signed !== true) {
      return 'This lease was requested for approvals with an MFA code: approve it with `leasehold approve`.';
    }
    // The environment has stopped using passkeys since the request.
    if (person === undefined) {
      return 'This lease needs approvals with a passkey, which nobody uses here any more. Deny it, and request it again.';
    }
    return isShownWhole ? true : 'This page cannot show the complete lease, so you cannot approve the lease here.';
  };
  return {
    as: isApprover && state !== 'issued' ? 'approver' : (revoker ?? (may.approver ? 'approver' : undefined)),
    approve: may.approver && can('approver', 'approved') ? approval() : undefined,
    deny: isApprover && can('approver', 'denied') && !isOwn(lease, person) ? true : undefined,
    revoke: revoker === undefined || (isApprover && can('approver', 'denied')) ? undefined : true,
  };
}

function isOwn({ requester, subject }: FoldedLease, person: string | undefined): boolean {
  return person !== undefined && isOwnLease({ name: person }, requester, subject);
}
