/**
 * Handles permission to request a role that the same plan creates. This permission is not reported, because the new
 * role's own permissions are reported. Therefore, no separate finding is reported for an agent that may request a new
 * role.
 */
import type { PolicyDocument } from '@leasehold/policy';
import { statementsOf } from '../diff/equal-values';
import type { ReviewContext } from './finding';

/** The actions needed to request a role, in lower case. */
export const ASKING: ReadonlySet<string> = new Set(['sts:assumerole', 'sts:setsourceidentity', 'sts:tagsession']);

/**
 * ARNs of the roles that a plan creates, if Leasehold generated its configuration. Another check verifies that the
 * trust policy of each of these roles has a gate. In any other plan, permission to request a new role is treated like
 * any other permission.
 */
export function newRoles({ diffs, leasehold }: ReviewContext): readonly string[] {
  if (!leasehold) return [];
  return diffs.flatMap(({ state, after }) =>
    state === 'new' && after?.kind === 'role' && after.arn.kind === 'known' ? [after.arn.value] : [],
  );
}

/** The document without permission to request the given roles. */
export function withoutAsking(document: PolicyDocument, roles: readonly string[]): PolicyDocument {
  if (roles.length === 0) return document;
  return {
    ...document,
    Statement: [...statementsOf(document), { Effect: 'Deny', Action: [...ASKING], Resource: roles }],
  };
}
