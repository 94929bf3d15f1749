/** The initial content of a form that is filled in from the reviewer's proposal. */
import { type Proposal, type RoleView, requestBody } from '@leasehold/contract';
import { longestMinutes } from './draft.ts';

/** The first content of the form for a role. */
export interface FormStart {
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly minutes: string;
  /** How many people must approve, as far as it is known before the request is reviewed again. */
  readonly humans: number;
  /** Fewer actions than the role has. Undefined if all of them were proposed, or if they cannot be requested. */
  readonly actions?: readonly string[];
  /** Fewer actions than the role has that were proposed, and that a request from this form cannot name. */
  readonly unnamed?: readonly string[];
}

/**
 * The form for a proposal.
 * @param intent The words of the person, which become the reason.
 */
export function formFrom(
  role: RoleView,
  intent: string,
  { parameters, actions, seconds, humans }: Proposal,
): FormStart {
  const start = {
    reason: intent,
    parameters,
    minutes: String(Math.min(longestMinutes(role), Math.ceil(seconds / 60))),
    // A reviewer can ask for more approvals than the role needs, never for fewer.
    humans: Math.max(role.humans, humans),
  };
  if (isWhole(role, actions)) return start;
  return canName(role, actions) ? { ...start, actions } : { ...start, unnamed: actions };
}

function isWhole({ actions: own, managedPolicies = [] }: RoleView, actions: readonly string[]): boolean {
  const proposed = new Set(actions.map((action) => action.toLowerCase()));
  return [...own, ...managedPolicies].every((action) => proposed.has(action.toLowerCase()));
}

/**
 * Whether a request can name the actions. It cannot name patterns or managed policies. For a role without approvals the
 * form makes a command, which cannot name actions.
 */
function canName({ humans }: RoleView, actions: readonly string[]): boolean {
  const request = { role: 'role', reason: 'Only the actions are checked', actions };
  return humans > 0 && requestBody.safeParse(request).success;
}
