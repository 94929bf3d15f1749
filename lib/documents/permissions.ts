/** The permission policy of a purpose role. */
import type { Allow, Role } from '@leasehold/definitions';
import { many, oneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';
import { ATTENUATE } from './attenuate';
import { revocationDenies } from './broker/revocation';
import { type Handing, permitted } from './handed-roles';
import { deployedTemplate } from './session';

/**
 * The deployed permission policy of a role: its envelope, and the permission to attenuate. With this permission a lease
 * can create credentials with fewer permissions than its own, never with more. For a brokered role, the policy also
 * contains the statements that revoke leases. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function rolePolicy(role: Role): PolicyDocument {
  const envelope = permissions(role);
  return { ...envelope, Statement: [...many(envelope.Statement), ATTENUATE, ...revocationDenies(role)] };
}

/**
 * The role's envelope, the maximum permissions of its leases: what the role allows, passes and assumes, minus what it
 * denies. Parameters are policy variables such as `${aws:PrincipalTag/param.x}`. If a session does not have the tag,
 * the statement matches nothing, because IAM does not resolve a variable without a value. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function permissions(role: Pick<Role, 'allow'> & Partial<Pick<Role, 'deny'>> & Handing): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      ...permitted(role).map((each) => statement('Allow', each)),
      // Deny statements come last, so that a reader has already seen the allow statements that they restrict.
      ...(role.deny ?? []).map((each) => statement('Deny', each)),
    ],
  };
}

function statement(Effect: 'Allow' | 'Deny', allow: Allow): Statement {
  const conditions = Object.entries(allow.conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, oneOrMany(values.map(deployedTemplate))])),
  ]);
  return {
    Effect,
    Action: oneOrMany(allow.actions),
    Resource: oneOrMany(allow.resources.map(deployedTemplate)),
    ...(conditions.length > 0 ? { Condition: Object.fromEntries(conditions) } : {}),
  };
}
