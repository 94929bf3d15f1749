/**
 * Checks whether a lease may still be issued: compares all recorded data with the current definitions and the
 * requester's current groups. An earlier approval is not sufficient.
 */
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import type { Requester } from '../identity';
import type { FoldedLease, Proposal } from '../lease/fold';
import { type AccountNames, isApproversOwn } from '../own-lease';
import { type BrokeredRole, isEligible, isOutsideHours } from '../rules';
import { type GrantProblem, grantProblems } from './build-grant';

/** The reason why a lease may not be issued. */
export interface EntitlementProblem {
  readonly code: GrantProblem['code'] | 'not-eligible' | 'outside-hours' | 'lapsed';
  /** One sentence. */
  readonly message: string;
}

/** The state at the time when credentials are issued or a lease is approved. */
export interface Now {
  readonly time: number;
  readonly environment: Environment;
  readonly roles: readonly BrokeredRole[];
  /** The requester as currently defined, with their current groups. Undefined for an unknown requester. */
  readonly requester: Requester | undefined;
  /** Verifies sign-ins, and determines the names of accounts. Absent if people call the broker only as IAM users. */
  readonly signIn?: AccountNames;
}

/** All reasons why a lease may not be issued now. Empty if the lease may be issued. */
export function entitlementProblems(lease: FoldedLease, now: Now): readonly EntitlementProblem[] {
  const { proposal } = lease;
  const { requester, environment, time } = now;
  if (isOutsideHours(environment, time)) {
    return [{ code: 'outside-hours', message: 'The broker issues no leases at this hour.' }];
  }
  if (proposal === undefined) return [no('Nothing has been proposed.')];
  const brokered = now.roles.find(({ role }) => role.name === proposal.grant.role);
  if (requester === undefined || brokered === undefined || !isEligible(brokered, requester)) {
    return [no('The requester is no longer eligible for the role.')];
  }
  if (time >= proposal.at + brokered.window) {
    return [
      {
        code: 'lapsed',
        message:
          'The lease can no longer be approved or collected, because the period for approval and collection has ended.',
      },
    ];
  }
  return [
    ...peopleProblems(lease, proposal, brokered, now.signIn),
    ...askedProblems(lease, proposal, brokered, requester),
  ];
}

/**
 * Checks that the lease has, or can still get, the number of approvals that the role now requires, and that each
 * approver is still an approver.
 */
function peopleProblems(
  lease: FoldedLease,
  { humans, signed }: Proposal,
  brokered: BrokeredRole,
  signIn: AccountNames | undefined,
): readonly EntitlementProblem[] {
  const { approvals, review } = lease;
  const { environment } = brokered;
  if (humans > 0 && environment.broker?.people?.approveWith === 'passkey' && signed !== true) {
    return [
      no('Approvals must now be signed with a passkey, but this lease was requested before passkeys were required.'),
    ];
  }
  const isOwn = (name: string) => isApproversOwn(name, lease, environment, signIn);
  const gone = approvals.filter((name) => !environment.approvers.includes(name) || isOwn(name));
  if (gone.length > 0) return [no(`\`${gone.join('`, `')}\` may no longer approve this lease.`)];
  // If a reviewer must read requests and has not allowed this request, at least one person decides.
  const unread = brokered.reviewer !== 'off' && review?.decision !== 'allow';
  const least = Math.max(brokered.humans, unread ? 1 : 0);
  return humans >= least
    ? []
    : [no(`The role now requires the approval of ${least} humans, but this lease required only ${humans}.`)];
}

function askedProblems(
  { id, asked, subject }: FoldedLease,
  { grant }: Proposal,
  brokered: BrokeredRole,
  requester: Requester,
): readonly EntitlementProblem[] {
  const reason = 'intent' in asked ? asked.intent : asked.reason;
  if (typeof reason !== 'string') return [no('The record contains no reason.')];
  const said = 'intent' in asked ? undefined : asked.command;
  const command = typeof said === 'string' ? said : undefined;
  return grantProblems(grant, { lease: id, requester, ...defined({ subject, command }), reason }, brokered);
}

function no(message: string): EntitlementProblem {
  return { code: 'not-eligible', message };
}
