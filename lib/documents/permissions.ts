/** What a purpose role permits, and the boundary that stays when somebody widens it. */
import type { Allow, Role } from '@leasehold/definitions';
import { many, oneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';
import { revocationDenies } from './broker/revocation';
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

const ATTENUATE: Statement = {
  Sid: 'Attenuate',
  Effect: 'Allow',
  Action: 'sts:GetScopedCredentials',
  Resource: '*',
};

/**
 * The role's envelope, the most that a lease of it can do: what it allows, less what it denies. Parameters stand in it as `${aws:PrincipalTag/param.x}`; a session
 * without the tag matches nothing, since IAM leaves a variable without a value unresolved.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function permissions({ allow, deny }: Pick<Role, 'allow' | 'deny'>): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      ...allow.map((each) => statement('Allow', each)),
      // Last, so that whoever reads the policy sees what is taken away from all that stands above.
      ...deny.map((each) => statement('Deny', each)),
    ],
  };
}

/**
 * The boundary that every purpose role of an environment shares. It grants nothing by itself; it keeps IAM, STS,
 * Organizations and account settings out of reach even of a role with `AdministratorAccess`.
 *
 * The allow leaves out all of STS, so an STS action that AWS adds tomorrow is out of reach too. The deny repeats the
 * dangerous ones because only an explicit deny binds a grant that some resource or trust policy makes to a session ARN.
 * Attenuation (`sts:GetScopedCredentials`) stays possible: it can only subtract.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function roleBoundary(): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AnythingElse',
        Effect: 'Allow',
        NotAction: ['iam:*', 'sts:*', 'organizations:*', 'account:*'],
        Resource: '*',
      },
      ATTENUATE,
      {
        Sid: 'NoEscalation',
        Effect: 'Deny',
        Action: [
          'iam:*',
          'organizations:*',
          'account:*',
          'sts:Assume*',
          'sts:GetFederationToken',
          'sts:GetSessionToken',
          'sts:SetSourceIdentity',
          'sts:TagSession',
        ],
        Resource: '*',
      },
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
