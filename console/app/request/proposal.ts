/** What a form begins with that was filled in from the reviewer's proposal. */
import { type Proposal, type RoleView, requestBody } from '@leasehold/contract';
import { longestMinutes } from './draft.ts';

/** The first content of the form for a role. */
export interface FormStart {
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly minutes: string;
  /** Fewer actions than the role has. Undefined if all of them were proposed, or if a request cannot name them. */
  readonly actions?: readonly string[];
}

/**
 * The form for a proposal.
 * @param intent The words of the person, which become the reason.
 */
export function formFrom(role: RoleView, intent: string, { parameters, actions, seconds }: Proposal): FormStart {
  const start = {
    reason: intent,
    parameters,
    minutes: String(Math.min(longestMinutes(role), Math.ceil(seconds / 60))),
  };
  return isNarrower(role, actions) ? { ...start, actions } : start;
}

/**
 * Whether the actions are fewer than those of the role, and a request can name them. A request cannot name patterns or
 * managed policies.
 */
function isNarrower({ actions: own, managedPolicies = [] }: RoleView, actions: readonly string[]): boolean {
  const proposed = new Set(actions.map((action) => action.toLowerCase()));
  const isWhole = [...own, ...managedPolicies].every((action) => proposed.has(action.toLowerCase()));
  const request = { role: 'role', reason: 'Only the actions are checked', actions };
  return !isWhole && requestBody.safeParse(request).success;
}
