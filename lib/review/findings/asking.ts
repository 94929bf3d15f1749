/**
 * Asking for a role that the same plan makes is no power of its own: what the role may do is said of the role. So a new
 * role, which its agent may ask for, is no finding at the agent.
 */
import type { PolicyDocument } from '@leasehold/policy';
import { statementsOf } from '../diff/same';
import type { ReviewContext } from './finding';

/** The whole of what asking takes, in lower case. */
export const ASKING: ReadonlySet<string> = new Set(['sts:assumerole', 'sts:setsourceidentity', 'sts:tagsession']);

/**
 * ARNs of the roles that a plan of Leasehold's makes: their trust is held to a gate. In any other plan to ask for a new
 * role counts as any power does.
 */
export function newRoles({ diffs, leasehold }: ReviewContext): readonly string[] {
  if (!leasehold) return [];
  return diffs.flatMap(({ state, after }) =>
    state === 'new' && after?.kind === 'role' && after.arn.kind === 'known' ? [after.arn.value] : [],
  );
}

/** The document without asking for the roles. */
export function withoutAsking(document: PolicyDocument, roles: readonly string[]): PolicyDocument {
  if (roles.length === 0) return document;
  return {
    ...document,
    Statement: [...statementsOf(document), { Effect: 'Deny', Action: [...ASKING], Resource: roles }],
  };
}
