/** Builds the view of a lease that callers see. */
import type { LeaseView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { changedAt, type FoldedLease, stateAt } from '../lease/fold';
import type { Deps } from './deps';

/** The current view of the lease, without credentials. */
export function viewOf(lease: FoldedLease, { environment, roles, clock }: Deps): LeaseView {
  const { proposal, review, issued, subject } = lease;
  return {
    id: lease.id,
    state: stateAt(lease, clock()),
    environment: environment.name,
    requester: lease.requester.name,
    ...defined({ subject: subject?.sub }),
    requestedAt: lease.requestedAt,
    changedAt: changedAt(lease, clock()),
    sequence: lease.last.sequence,
    ...(proposal === undefined ? {} : { grant: grantView(proposal, roles), approval: approvalView(lease, proposal) }),
    ...(review === undefined
      ? {}
      : {
          review: {
            model: review.model,
            decision: review.decision,
            ...defined({ risk: review.risk }),
            sentence: review.sentence,
          },
        }),
    ...defined({ expiresAt: issued?.until }),
    collected: lease.collectedAt !== undefined,
    ...defined({ because: lease.because, code: lease.code }),
  };
}

type Proposal = NonNullable<FoldedLease['proposal']>;

function grantView({ grant, hash }: Proposal, roles: Deps['roles']): NonNullable<LeaseView['grant']> {
  const { role, roleArn, policy, managedPolicies, parameters, seconds, reason, command } = grant;
  const purpose = roles.find((brokered) => brokered.role.name === role)?.role.purpose ?? '';
  return {
    role,
    roleArn,
    purpose,
    policy: { Version: policy.Version ?? '2012-10-17', Statement: policy.Statement },
    ...defined({ managedPolicies }),
    parameters: { ...parameters },
    seconds,
    reason,
    ...defined({ command }),
    hash,
  };
}

function approvalView(
  { approvals }: FoldedLease,
  { humans, approvers, until }: Proposal,
): NonNullable<LeaseView['approval']> {
  return { humans, approvals: [...approvals], approvers: [...approvers], until };
}
