/**
 * Plans all resources that a run creates. The policy documents are the same as those that Leasehold deploys, but with
 * the IAM path of the probes in the ARNs.
 */
import type { Environment, Role } from '@leasehold/definitions';
import {
  ASK_ACTIONS,
  agentBoundary,
  agentName,
  ask,
  brokerPermissions,
  brokerRoleName,
  CHAIN_ACTIONS,
  iamArn,
  NO_DENIALS,
  revocationPolicy,
  roleName,
  rolePolicy,
  trust,
} from '@leasehold/documents';
import { COUNT_QUOTAS, many, type PolicyDocument } from '@leasehold/policy';
import {
  DESCRIBE_TABLE,
  definedRole,
  ITEM_ACTIONS,
  LIST_TABLES,
  PROBE_PATH,
  type ProbeScope,
  probeEnvironment,
  type RoleKey,
  SCAN,
  TARGETS,
  targetName,
} from './definitions';
import { relocated } from './relocate';
import { MFA_KEYS, withCondition, withoutKeys } from './variants';

/** A user to create. */
export interface PlannedUser {
  readonly name: string;
  readonly arn: string;
  readonly policy: PolicyDocument;
  /** Name of a planned policy. */
  readonly boundary: string;
}

/** A role to create. */
export interface PlannedRole extends PlannedUser {
  readonly trust: PolicyDocument;
  /** ARN of the planned policy to attach. */
  readonly attached?: string;
}

/** A managed policy to create: a boundary, or the revocation policy. */
export interface PlannedPolicy {
  readonly name: string;
  readonly arn: string;
  readonly document: PolicyDocument;
}

/**
 * All resources that a run creates. Roles are in the order of creation, because a trust policy can only name existing
 * identities.
 */
export interface ProbePlan {
  readonly scope: ProbeScope;
  readonly environment: Environment;
  /** The agent's IAM user, to whom the MFA devices belong. */
  readonly agent: PlannedUser;
  /** The user that assumes the broker's role. In a deployed stack, Lambda assumes this role. */
  readonly operator: PlannedUser;
  readonly broker: PlannedRole;
  readonly roles: readonly PlannedRole[];
  readonly policies: readonly PlannedPolicy[];
  /** Names of the virtual MFA devices. */
  readonly devices: readonly string[];
}

/**
 * Number of MFA devices: the maximum for one user. Several devices are needed because each device shows only one code
 * every 30 seconds.
 */
const DEVICES = COUNT_QUOTAS.mfaDevicesPerUser.value;

/** The plan of a run. The same scope always gives the same plan. */
export function probePlan(scope: ProbeScope): ProbePlan {
  const environment = probeEnvironment(scope);
  const [defined] = environment.agents;
  if (defined === undefined) throw new TypeError('the probes have no agent');
  const moved = (document: PolicyDocument) => relocated(document, environment);
  const policies: PlannedPolicy[] = [];
  const boundary = (name: string, document: PolicyDocument) => {
    const full = `${scope.run}-${name}-boundary`;
    policies.push({ name: full, arn: iamArn(environment, `policy${PROBE_PATH}${full}`), document });
    return full;
  };
  const identity = (kind: 'user' | 'role', name: string) => ({
    name,
    arn: iamArn(environment, `${kind}${PROBE_PATH}${name}`),
  });
  const brokerIdentity = identity('role', brokerRoleName(environment));
  const operatorIdentity = identity('user', `${scope.run}-operator`);
  const reads = boundary('lease', onlyThese([LIST_TABLES, DESCRIBE_TABLE, 'sts:GetScopedCredentials']));
  const boundaries: Readonly<Partial<Record<RoleKey, () => string>>> = {
    chain: () =>
      boundary(
        'chain',
        onlyThese(
          CHAIN_ACTIONS,
          TARGETS.map((name) => targetArn(scope, name)),
        ),
      ),
    listing: () => boundary('listing', onlyThese(['s3:ListBucket'], [`arn:${scope.partition}:s3:::${scope.bucket}`])),
    customer: () => boundary('customer', onlyThese([SCAN, ...ITEM_ACTIONS], [tableArn(scope)])),
  };
  const revocation = revocationPolicyOf(scope, environment);
  policies.push(revocation);
  const leaseRole = (role: Role): PlannedRole => {
    const key = role.name as RoleKey;
    return {
      ...identity('role', roleName(role, environment)),
      trust: moved(trustOf(key, environment)),
      policy: moved(policyOf(key, environment)),
      boundary: boundaries[key]?.() ?? reads,
      ...(key === 'denied' ? { attached: revocation.arn } : {}),
    };
  };
  const target = (name: (typeof TARGETS)[number]): PlannedRole => ({
    ...identity('role', targetName(scope, name)),
    trust: trustOfChain(
      name,
      iamArn(environment, `role${PROBE_PATH}${roleName(definedRole(environment, 'chain'), environment)}`),
    ),
    policy: document([{ Effect: 'Allow', Action: LIST_TABLES, Resource: '*' }]),
    boundary: reads,
  });
  return {
    scope,
    environment,
    agent: {
      ...identity('user', agentName(defined, environment)),
      policy: moved(joined(ask(defined, environment))),
      boundary: boundary('agent', moved(agentBoundary(defined, environment))),
    },
    operator: {
      ...operatorIdentity,
      policy: document([{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: brokerIdentity.arn }]),
      boundary: boundary('operator', onlyThese(['sts:AssumeRole'], [brokerIdentity.arn])),
    },
    broker: {
      ...brokerIdentity,
      trust: document([{ Effect: 'Allow', Principal: { AWS: operatorIdentity.arn }, Action: 'sts:AssumeRole' }]),
      policy: moved(joined(brokerPermissions(environment))),
      boundary: boundary('broker', onlyThese(ASK_ACTIONS, [iamArn(environment, `role${PROBE_PATH}*`)])),
    },
    roles: [...environment.roles.map(leaseRole), ...TARGETS.map(target)],
    policies,
    devices: Array.from({ length: DEVICES }, (_, index) => `${scope.run}-${index + 1}`),
  };
}

/** The revocation policy, with the content that the broker writes while no leases are revoked. */
function revocationPolicyOf({ run }: ProbeScope, environment: Environment): PlannedPolicy {
  const name = `${run}-revocation`;
  return {
    name,
    arn: iamArn(environment, `policy${PROBE_PATH}${name}`),
    document: revocationPolicy(NO_DENIALS, environment),
  };
}

/** The planned role with this key. */
export function plannedRole({ roles }: Pick<ProbePlan, 'roles'>, key: RoleKey | (typeof TARGETS)[number]): PlannedRole {
  const role = roles.find(({ name }) => name.endsWith(`-p-${key}`));
  if (role === undefined) throw new TypeError(`there is no probe role ${key}`);
  return role;
}

/** The deployed trust policy, or a variant of it that isolates the effect of one condition. */
function trustOf(key: RoleKey, environment: Environment): PolicyDocument {
  const deployed = trust(definedRole(environment, key), environment);
  switch (key) {
    case 'mfa-control':
      return withoutKeys(deployed, MFA_KEYS);
    case 'code-age':
      return trust(definedRole(environment, key), { ...environment, mfa: { oneCodeOneLease: 'code-age' } });
    case 'age-absent':
      return withCondition(
        withoutKeys(deployed, ['aws:MultiFactorAuthAge', 'aws:TokenIssueTime']),
        'Null',
        'aws:MultiFactorAuthAge',
        'true',
      );
    case 'lease':
    case 'dated':
    case 'denied':
    case 'unscoped':
    case 'variables':
      // Accepts any session name, so that probes of other assumptions do not depend on the condition on the session
      // name.
      return withoutKeys(deployed, ['sts:RoleSessionName']);
    default:
      return deployed;
  }
}

/** The deployed policy, or a variant. */
function policyOf(key: RoleKey, environment: Environment): PolicyDocument {
  const deployed = rolePolicy(definedRole(environment, key));
  if (key === 'unscoped') {
    return {
      ...deployed,
      Statement: many(deployed.Statement).filter(({ Action }) => Action !== 'sts:GetScopedCredentials'),
    };
  }
  if (key !== 'variables') return deployed;
  return document([
    {
      Effect: 'Allow',
      Action: LIST_TABLES,
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalTag/lease-id': '${aws:PrincipalTag/unset}' } },
    },
    {
      Effect: 'Allow',
      Action: DESCRIBE_TABLE,
      NotResource: `arn:${environment.partition}:dynamodb:*:*:table/\${aws:PrincipalTag/unset}`,
    },
  ]);
}

/** The trust policy of a role outside Leasehold, with or without permission to pass on a source identity. */
function trustOfChain(name: (typeof TARGETS)[number], chain: string): PolicyDocument {
  const actions = name === 'target' ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  return document([{ Effect: 'Allow', Principal: { AWS: chain }, Action: actions }]);
}

/** A permissions boundary that permits only these actions, and only on these resources if any are given. */
function onlyThese(actions: readonly string[], resources?: readonly string[]): PolicyDocument {
  return document([
    { Effect: 'Allow', Action: actions, Resource: '*' },
    { Effect: 'Deny', NotAction: actions, Resource: '*' },
    ...(resources === undefined ? [] : [{ Effect: 'Deny' as const, Action: actions, NotResource: resources }]),
  ]);
}

function targetArn(scope: ProbeScope, name: (typeof TARGETS)[number]): string {
  return `arn:${scope.partition}:iam::${scope.account}:role${PROBE_PATH}${targetName(scope, name)}`;
}

function tableArn({ partition, region, account, table }: ProbeScope): string {
  return `arn:${partition}:dynamodb:${region}:${account}:table/${table?.name}`;
}

function document(Statement: PolicyDocument['Statement']): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

function joined(documents: readonly PolicyDocument[]): PolicyDocument {
  return document(documents.flatMap(({ Statement }) => many(Statement)));
}
