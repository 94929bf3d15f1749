/**
 * Whether a lease may still be given: everything that is on record of it, checked against the definitions as they are now
 * and the groups that its requester is in now. What was approved once is not issued on the strength of that alone.
 */
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { isOwnLease, type Requester } from '../identity';
import type { Lease, Proposal } from '../lease/fold';
import { type BrokeredRole, isEligible, isOutsideHours } from '../rules';
import { type GrantProblem, grantProblems } from './build-grant';

/** Why a lease may not be given. */
export interface EntitlementProblem {
  readonly code: GrantProblem['code'] | 'not-eligible' | 'outside-hours' | 'lapsed';
  /** One sentence. */
  readonly message: string;
}

/** How things are when credentials are to be cut, or a lease is to be approved. */
export interface Now {
  readonly time: number;
  readonly environment: Environment;
  readonly roles: readonly BrokeredRole[];
  /** The requester as they are known today, with the groups that they are in; nothing for somebody unknown. */
  readonly requester: Requester | undefined;
}

/** Everything that speaks against giving a lease now; nothing where it may be given. */
export function entitlementProblems(lease: Lease, now: Now): readonly EntitlementProblem[] {
  const { proposal } = lease;
  const { requester, environment, time } = now;
  if (isOutsideHours(environment, time)) {
    return [{ code: 'outside-hours', message: 'The broker opens nothing at this hour.' }];
  }
  if (proposal === undefined) return [no('Nothing has been proposed.')];
  const brokered = now.roles.find(({ role }) => role.name === proposal.grant.role);
  if (requester === undefined || brokered === undefined || !isEligible(brokered, requester)) {
    return [no('The requester is not eligible for the role any more.')];
  }
  if (time >= proposal.at + brokered.window) {
    return [{ code: 'lapsed', message: 'The time in which the role can be approved and collected is over.' }];
  }
  return [...peopleProblems(lease, proposal, brokered), ...askedProblems(lease, proposal, brokered, requester)];
}

/** As many as the role asks for now must have said yes, or still be to be asked; each of them still an approver. */
function peopleProblems(
  { approvals, requester, subject, review }: Lease,
  { humans }: Proposal,
  brokered: BrokeredRole,
): readonly EntitlementProblem[] {
  const { approvers } = brokered.environment;
  const gone = approvals.filter((name) => !approvers.includes(name) || isOwnLease({ name }, requester, subject));
  if (gone.length > 0) return [no(`\`${gone.join('`, `')}\` may not approve this lease any more.`)];
  // Where a reviewer is to read requests and has allowed nothing, at least one human decides.
  const unread = brokered.reviewer !== 'off' && review?.decision !== 'allow';
  const least = Math.max(brokered.humans, unread ? 1 : 0);
  return humans >= least ? [] : [no(`The role asks for ${least} humans now, and the lease was put to ${humans}.`)];
}

function askedProblems(
  { id, asked, subject }: Lease,
  { grant }: Proposal,
  brokered: BrokeredRole,
  requester: Requester,
): readonly EntitlementProblem[] {
  const reason = 'intent' in asked ? asked.intent : asked.reason;
  if (typeof reason !== 'string') return [no('The record says no reason.')];
  const said = 'intent' in asked ? undefined : asked.command;
  const command = typeof said === 'string' ? said : undefined;
  return grantProblems(grant, { lease: id, requester, ...defined({ subject, command }), reason }, brokered);
}

function no(message: string): EntitlementProblem {
  return { code: 'not-eligible', message };
}
