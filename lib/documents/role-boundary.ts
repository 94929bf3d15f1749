/** The boundary that stays when somebody widens a purpose role. */
import type { Role } from '@leasehold/definitions';
import { foldAscii, IDENTITY_SERVICES, identityRead, type PolicyDocument, type Statement } from '@leasehold/policy';
import { assumedRoles, CHAIN_ACTIONS, PASS_ACTION, PASSED_TO, passedRoles } from './handed-roles';

/** The means of holding less: it can only subtract. */
export const ATTENUATE: Statement = {
  Sid: 'Attenuate',
  Effect: 'Allow',
  Action: 'sts:GetScopedCredentials',
  Resource: '*',
};

/**
 * The boundary of a purpose role. It grants nothing by itself; it keeps IAM, STS, Organizations and account settings out
 * of reach even of a role with `AdministratorAccess`.
 *
 * Without a role: the one that all roles of an environment share, but for those that have {@link hasOwnBoundary one of
 * their own}. Its allow leaves out all of STS, so an STS action that AWS adds tomorrow is out of reach too. The deny
 * repeats the dangerous ones because only an explicit deny binds a grant that some resource or trust policy makes to a
 * session ARN. Attenuation (`sts:GetScopedCredentials`) stays possible: it can only subtract.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function roleBoundary(role?: Role): PolicyDocument {
  return role === undefined || !hasOwnBoundary(role) ? SHARED : ownBoundary(role);
}

/** Whether a role reads identities, or hands roles on: the shared boundary lets none of that through. */
export function hasOwnBoundary(role: Role): boolean {
  return role.passes.length > 0 || role.assumes.length > 0 || identityReadsOf(role).length > 0;
}

const SHARED: PolicyDocument = {
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

/**
 * A boundary that names all there is: the role's services, the identity reads that it names, and the roles that it
 * passes and assumes. Everything else is denied explicitly, so that neither an attached policy nor a trust policy
 * elsewhere that names the session opens more of IAM or STS than the role declares.
 */
function ownBoundary(role: Role): PolicyDocument {
  const services = servicesOf(role).map((service) => `${service}:*`);
  const reads = identityReadsOf(role);
  const passed = passedRoles(role);
  const assumed = assumedRoles(role);
  const passing = [...passed].flatMap(([service, arns]): readonly Statement[] => [
    { Effect: 'Allow', Action: PASS_ACTION, Resource: arns, Condition: { StringEquals: { [PASSED_TO]: service } } },
  ]);
  const ways = [
    ...services,
    ...reads,
    ...(passed.size > 0 ? [PASS_ACTION] : []),
    ...(assumed.length > 0 ? CHAIN_ACTIONS : []),
    'sts:GetScopedCredentials',
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      ...(services.length + reads.length > 0
        ? [{ Sid: 'OwnServices', Effect: 'Allow' as const, Action: [...services, ...reads], Resource: '*' }]
        : []),
      ...passing,
      ...(assumed.length > 0 ? [{ Effect: 'Allow' as const, Action: CHAIN_ACTIONS, Resource: assumed }] : []),
      ATTENUATE,
      { Sid: 'NothingElse', Effect: 'Deny', NotAction: ways, Resource: '*' },
      ...onlyPassed(passed),
      ...(assumed.length > 0
        ? [
            {
              Sid: 'OnlyTheseRoles',
              Effect: 'Deny' as const,
              Action: CHAIN_ACTIONS,
              NotResource: assumed,
            },
          ]
        : []),
    ],
  };
}

/**
 * Passing anything else, or to anything else, is denied. A negated operator is true of a request without the key, so
 * that passing to no service in particular is denied too.
 */
function onlyPassed(passed: ReadonlyMap<string, readonly string[]>): readonly Statement[] {
  if (passed.size === 0) return [];
  return [
    {
      Sid: 'OnlyToTheseServices',
      Effect: 'Deny',
      Action: PASS_ACTION,
      Resource: '*',
      Condition: { StringNotEquals: { [PASSED_TO]: [...passed.keys()] } },
    },
    ...[...passed].map(
      ([service, arns]): Statement => ({
        Effect: 'Deny',
        Action: PASS_ACTION,
        NotResource: arns,
        Condition: { StringEquals: { [PASSED_TO]: service } },
      }),
    ),
  ];
}

/** The services of what a role allows, without those that say who may do what; of a wildcard nothing is let through. */
function servicesOf({ allow }: Role): readonly string[] {
  const named = allow.flatMap(({ actions }) => actions.map((action) => foldAscii(action.split(':')[0] ?? '')));
  return [...new Set(named)]
    .filter((service) => /^[a-z0-9-]+$/.test(service) && !IDENTITY_SERVICES.includes(service))
    .sort();
}

/** The identity reads that a role names outright, sorted. */
function identityReadsOf({ allow }: Role): readonly string[] {
  return [...new Set(allow.flatMap(({ actions }) => actions.filter(identityRead)))].sort();
}
