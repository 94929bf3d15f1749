/** The permissions boundary of a purpose role, which limits the role even if someone widens its policies. */
import type { Environment, Role } from '@leasehold/definitions';
import {
  checkSize,
  foldAscii,
  IDENTITY_SERVICES,
  identityRead,
  many,
  type PolicyDocument,
  type Statement,
} from '@leasehold/policy';
import { ATTENUATE } from './attenuate';
import { eventsTableName, isBrokered, projectionsTableName, reviewerSecretArn, tableArn } from './broker/names';
import { assumedRoles, CHAIN_ACTIONS, PASS_ACTION, PASSED_TO, passedRoles, permitted } from './handed-roles';
import { isForPeopleOnly } from './managed-policies';
import { permissions } from './permissions';

const ANYTHING_ELSE: Statement = {
  Sid: 'AnythingElse',
  Effect: 'Allow',
  NotAction: ['iam:*', 'sts:*', 'organizations:*', 'account:*'],
  Resource: '*',
};

/**
 * The boundary of a purpose role. The boundary grants nothing by itself. It denies actions of IAM, STS, Organizations
 * and account settings, even if the role has `AdministratorAccess`.
 *
 * Without a role, the function returns the boundary that all roles of an environment share, except those with
 * {@link hasOwnBoundary their own boundary}. The shared boundary's allow statement excludes all STS actions, including those
 * that AWS adds later. The deny statement repeats the dangerous actions, because only an explicit deny applies if a
 * resource policy or trust policy permits a session ARN. Attenuation (`sts:GetScopedCredentials`) is allowed, because
 * it can only reduce permissions. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function roleBoundary(): PolicyDocument;
export function roleBoundary(role: Role, environment: Environment): PolicyDocument;
export function roleBoundary(role?: Role, environment?: Environment): PolicyDocument {
  if (role === undefined || environment === undefined || !hasOwnBoundary(role)) return SHARED;
  if (isForPeopleOnly(role)) return auditBoundary(environment);
  return ownBoundary(role, hasExactBoundary(role) ? exactAllows(role) : serviceAllows(role));
}

/**
 * Whether a role has its own boundary. True if the role reads identities, passes roles or assumes roles, which the
 * shared boundary does not permit; if the role has AWS-managed policies; or if it {@link hasExactBoundary has an exact
 * boundary}.
 */
export function hasOwnBoundary(role: Role): boolean {
  if (isForPeopleOnly(role)) return true;
  return (
    role.passes.length > 0 || role.assumes.length > 0 || identityReadsOf(role).length > 0 || hasExactBoundary(role)
  );
}

/**
 * Whether the boundary of a brokered role permits exactly what the role's own policy allows. No additional policy can
 * then widen the role's permissions, so the broker may write a policy to revoke leases
 * (`docs/adr/0011-revocation-by-a-bounded-policy.md`). False for a role whose allow statements do not fit into a
 * boundary, for a role that allows actions of every service, and for a role with AWS-managed policies.
 */
export function hasExactBoundary(role: Role): boolean {
  if (!isBrokered(role) || isForPeopleOnly(role)) return false;
  const known = exact.get(role);
  if (known !== undefined) return known;
  const namesServices = permitted(role).every(({ actions }) => actions.every((action) => SERVICE_ACTION.test(action)));
  const fits = namesServices && !checkSize('permissions-boundary', ownBoundary(role, exactAllows(role))).over;
  exact.set(role, fits);
  return fits;
}

const exact = new WeakMap<Role, boolean>();

/** An action of one service. */
const SERVICE_ACTION = /^[a-z0-9-]+:/i;

/** The allow statements of the role's own policy. */
function exactAllows(role: Role): readonly Statement[] {
  return many(permissions(role).Statement).filter(({ Effect }) => Effect === 'Allow');
}

/**
 * The boundary of a role with AWS-managed policies. AWS can change these policies at any time, and the boundary limits
 * every later version. For IAM, STS, Organizations and account settings, it permits only read actions that show
 * permissions. It denies access to lease records, the reviewer's key and the Terraform state.
 */
function auditBoundary(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      ANYTHING_ELSE,
      { Sid: 'ReadIdentities', Effect: 'Allow', Action: IDENTITY_READING, Resource: '*' },
      ATTENUATE,
      { Sid: 'NoEscalation', Effect: 'Deny', Action: IDENTITY_CHANGING, Resource: '*' },
      { Sid: 'NotLeasehold', Effect: 'Deny', Action: '*', Resource: ownRecords(environment) },
    ],
  };
}

function ownRecords(environment: Environment): readonly string[] {
  const { backend, partition } = environment;
  const tables = [eventsTableName, projectionsTableName].map((name) => tableArn(name(environment), environment));
  return [
    ...tables.flatMap((table) => [table, `${table}/*`]),
    reviewerSecretArn(environment),
    // The lock file of the Terraform state is next to the state: its key is the state's key with a suffix.
    ...(backend.type === 's3' ? [`arn:${partition}:s3:::${backend.bucket}/${backend.key}*`] : []),
  ];
}

/** Patterns that match exactly the actions that {@link identityRead} recognizes. */
const IDENTITY_READING: readonly string[] = [
  ...['account', 'iam', 'organizations'].flatMap((service) => [`${service}:Get*`, `${service}:List*`]),
  'organizations:Describe*',
  'iam:GenerateCredentialReport',
  'iam:GenerateServiceLastAccessedDetails',
  'iam:SimulateCustomPolicy',
  'iam:SimulatePrincipalPolicy',
  'sts:DecodeAuthorizationMessage',
  'sts:GetAccessKeyInfo',
];

/**
 * All other actions of these services, as verb patterns. The boundary does not allow these actions anyway. The explicit
 * deny also applies if a trust policy or resource policy names the session. A test compares the list with AWS's
 * actions.
 */
const IDENTITY_CHANGING: readonly string[] = [
  ...verbs(
    'iam',
    'Accept Add Associate Attach Change Create Deactivate Delete Detach Disable Enable GenerateOrganizations Pass Put ' +
      'Reject Remove Reset Resync Send Set Tag Untag Update Upload',
  ),
  ...verbs(
    'organizations',
    'Accept Attach Cancel Close Create Decline Delete Deregister Detach Disable Enable Invite Leave Move Put Register ' +
      'Remove Tag Terminate Untag Update',
  ),
  ...verbs('account', 'Accept Close Delete Disable Enable Put Start'),
  ...verbs(
    'sts',
    'Assume GetDelegatedAccessToken GetFederationToken GetServiceBearerToken GetSessionToken GetWebIdentityToken Set Tag',
  ),
];

function verbs(service: string, words: string): readonly string[] {
  return words.split(' ').map((word) => `${service}:${word}*`);
}

const SHARED: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    ANYTHING_ELSE,
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
 * Allow statements for all actions of the role's services, and for the identities that the role reads and the roles
 * that it passes and assumes.
 */
function serviceAllows(role: Role): readonly Statement[] {
  const actions = [...serviceActionsOf(role), ...identityReadsOf(role)];
  const assumed = assumedRoles(role);
  return [
    ...(actions.length > 0 ? [{ Sid: 'OwnServices', Effect: 'Allow' as const, Action: actions, Resource: '*' }] : []),
    ...[...passedRoles(role)].map(
      ([service, arns]): Statement => ({
        Effect: 'Allow',
        Action: PASS_ACTION,
        Resource: arns,
        Condition: { StringEquals: { [PASSED_TO]: service } },
      }),
    ),
    ...(assumed.length > 0 ? [{ Effect: 'Allow' as const, Action: CHAIN_ACTIONS, Resource: assumed }] : []),
  ];
}

/**
 * A boundary that lists everything it permits: the role's services, its identity read actions, and the roles that it
 * passes and assumes. Everything else is denied explicitly. Therefore neither an attached policy nor a trust policy
 * that names the session can permit IAM or STS actions that the role does not declare.
 */
function ownBoundary(role: Role, allows: readonly Statement[]): PolicyDocument {
  const passed = passedRoles(role);
  const assumed = assumedRoles(role);
  const ways = [
    ...serviceActionsOf(role),
    ...identityReadsOf(role),
    ...(passed.size > 0 ? [PASS_ACTION] : []),
    ...(assumed.length > 0 ? CHAIN_ACTIONS : []),
    'sts:GetScopedCredentials',
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      ...allows,
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
 * Denies passing other roles, and passing roles to other services. A negated operator also matches a request without
 * the condition key, so `iam:PassRole` without a service is denied too.
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
 * Every action of the services in the role's allow statements, except for services that manage permissions. A wildcard
 * service is left out.
 */
function serviceActionsOf({ allow }: Role): readonly string[] {
  const named = allow.flatMap(({ actions }) => actions.map((action) => foldAscii(action.split(':')[0] ?? '')));
  return [...new Set(named)]
    .filter((service) => /^[a-z0-9-]+$/.test(service) && !IDENTITY_SERVICES.includes(service))
    .sort()
    .map((service) => `${service}:*`);
}

/** The identity reads that a role lists without wildcards, sorted. */
function identityReadsOf({ allow }: Role): readonly string[] {
  return [...new Set(allow.flatMap(({ actions }) => actions.filter(identityRead)))].sort();
}
