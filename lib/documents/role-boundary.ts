/** The permissions boundary of a purpose role, which limits the role even if somebody widens it. */
import type { Role } from '@leasehold/definitions';
import { foldAscii, IDENTITY_SERVICES, identityRead, type PolicyDocument, type Statement } from '@leasehold/policy';
import { assumedRoles, CHAIN_ACTIONS, PASS_ACTION, PASSED_TO, passedRoles } from './handed-roles';

/** The permission to attenuate. It can only reduce permissions. */
export const ATTENUATE: Statement = {
  Sid: 'Attenuate',
  Effect: 'Allow',
  Action: 'sts:GetScopedCredentials',
  Resource: '*',
};

/**
 * The boundary of a purpose role. It grants nothing by itself. It denies IAM, STS, Organizations and account settings
 * even to a role with `AdministratorAccess`.
 *
 * Without a role, the function returns the boundary that all roles of an environment share, except those with {@link
 * hasOwnBoundary their own boundary}. Its allow statement leaves out all of STS, so an STS action that AWS adds later
 * is excluded too. The deny repeats the dangerous actions, because only an explicit deny applies when a resource or
 * trust policy permits a session ARN. Attenuation (`sts:GetScopedCredentials`) stays allowed: it can only reduce
 * permissions.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function roleBoundary(role?: Role): PolicyDocument {
  return role === undefined || !hasOwnBoundary(role) ? SHARED : ownBoundary(role);
}

/** Whether a role reads identities, passes roles or assumes roles. The shared boundary permits none of these. */
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
 * A boundary that lists everything it permits: the role's services, the identity reads that the role names, and the
 * roles that it passes and assumes. Everything else is denied explicitly. Neither an attached policy nor a trust policy
 * that names the session can therefore permit more of IAM or STS than the role declares.
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
 * Denies passing other roles, and passing to other services. A negated operator also matches a request without the key,
 * so passing a role without a service is denied too.
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

/**
 * The services in the role's allow statements, except those that manage permissions. A wildcard service is left out.
 */
function servicesOf({ allow }: Role): readonly string[] {
  const named = allow.flatMap(({ actions }) => actions.map((action) => foldAscii(action.split(':')[0] ?? '')));
  return [...new Set(named)]
    .filter((service) => /^[a-z0-9-]+$/.test(service) && !IDENTITY_SERVICES.includes(service))
    .sort();
}

/** The identity reads that a role lists without wildcards, sorted. */
function identityReadsOf({ allow }: Role): readonly string[] {
  return [...new Set(allow.flatMap(({ actions }) => actions.filter(identityRead)))].sort();
}
