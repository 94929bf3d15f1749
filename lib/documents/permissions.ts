/** What a purpose role permits. */
import type { Allow, Role } from '@leasehold/definitions';
import { many, oneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';
import { revocationDenies } from './broker/revocation';
import { type Handing, permitted } from './handed-roles';
import { ATTENUATE } from './role-boundary';
import { deployedTemplate } from './session';

/**
 * The permission policy that a role is deployed with: its envelope, and the means of holding less. A lease may cut
 * credentials that can do a part of what it can; they can never do more. A lease of a brokered role can be taken back.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function rolePolicy(role: Role): PolicyDocument {
  const envelope = permissions(role);
  return { ...envelope, Statement: [...many(envelope.Statement), ATTENUATE, ...revocationDenies(role)] };
}

/**
 * The role's envelope, the most that a lease of it can do: what it allows, passes and assumes, less what
 * it denies. Parameters stand in it as `${aws:PrincipalTag/param.x}`; a session
 * without the tag matches nothing, since IAM leaves a variable without a value unresolved.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function permissions(role: Pick<Role, 'allow'> & Partial<Pick<Role, 'deny'>> & Handing): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      ...permitted(role).map((each) => statement('Allow', each)),
      // Last, so that whoever reads the policy sees what is taken away from all that stands above.
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
