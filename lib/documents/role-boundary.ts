/** The permissions boundary of a purpose role, which limits the role even if somebody widens it. */
import type { Role } from '@leasehold/definitions';
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
import { isBrokered } from './broker/names';
import { assumedRoles, CHAIN_ACTIONS, PASS_ACTION, PASSED_TO, passedRoles, permitted } from './handed-roles';
import { permissions } from './permissions';

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
  if (role === undefined || !hasOwnBoundary(role)) return SHARED;
  return ownBoundary(role, hasExactBoundary(role) ? exactAllows(role) : serviceAllows(role));
}

/**
 * Whether a role has a boundary of its own: it reads identities, passes roles or assumes roles, which the shared
 * boundary does not permit, or it {@link hasExactBoundary has an exact boundary}.
 */
export function hasOwnBoundary(role: Role): boolean {
  return (
    role.passes.length > 0 || role.assumes.length > 0 || identityReadsOf(role).length > 0 || hasExactBoundary(role)
  );
}

/**
 * Whether the boundary of a brokered role permits exactly what the role's own policy allows. No further policy of such a
 * role can then permit anything, whatever it contains, so the broker may write one to revoke leases
 * (`docs/adr/0011-revocation-by-a-bounded-policy.md`). False for a role whose allow statements do not fit into a
 * boundary, and for a role that allows actions of every service.
 */
export function hasExactBoundary(role: Role): boolean {
  if (!isBrokered(role)) return false;
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

/** Allow statements for all actions of the role's services, and for what the role reads, passes and assumes. */
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
 * A boundary that lists everything it permits. Everything outside the role's services, the identity reads that the role
 * names, and the roles that it passes and assumes is denied explicitly. Neither an attached policy nor a trust policy
 * that names the session can therefore permit more of IAM or STS than the role declares.
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
 * Every action of the services in the role's allow statements, except of those that manage permissions. A wildcard
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
