/** How many people must approve a lease of a role. */
import type { RoleView } from '@leasehold/contract';
import { count } from '@leasehold/contract/text';

/** What determines how many people must approve. */
export type ApprovalRules = Pick<RoleView, 'humans' | 'reviewer'>;

/** Whether people may have to approve a lease: a reviewer can ask for one approval more than the role requires. */
export function mayNeedApproval({ humans, reviewer }: ApprovalRules): boolean {
  return humans > 0 || reviewer !== 'off';
}

/** For example `with 2 approvals`. */
export function approvalWords(rules: ApprovalRules): string {
  if (rules.humans > 0) return `with ${count(rules.humans, 'approval')}`;
  return mayNeedApproval(rules) ? 'without approval unless the reviewer asks for one' : 'without approval';
}
