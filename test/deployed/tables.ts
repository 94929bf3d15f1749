/** Runs the decision tables of `test/cases/deployed` against what a stack deploys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, type Principal, prepare } from '../../lib/policy';
import { type Deployed, type DeployedIdentity, opens, permits } from '../support/deployed';

const ACCOUNT = '123456789012';
const OTHER_ACCOUNT = '999988887777';
const AGENT = 'hermes-dev-agent';

/** What the world around the stack may hold besides. */
type World =
  | 'AdministratorAccess attached to the agent'
  | 'AdministratorAccess attached to the role'
  | 'a bucket policy that grants the agent everything'
  | 'a bucket policy that grants everybody everything'
  | 'a trust policy that names the session';

interface Row {
  readonly name: string;
  /** The AWS page or the page of ours that states the rule. */
  readonly rule: string;
  readonly world?: readonly World[];
}

/** A try to open `s3-deploy`, as a difference from a proper lease; `null` leaves a thing out. */
export interface TrustRow extends Row {
  readonly attempt: {
    readonly caller?: keyof typeof CALLERS;
    readonly role?: keyof typeof STRAY_ROLES;
    readonly sessionName?: string;
    readonly sourceIdentity?: string | null;
    readonly tags?: Readonly<Record<string, string | null>>;
    readonly context?: Readonly<Record<string, string | null>>;
  };
  readonly expect: 'opens' | 'refused';
}

/** Something that the agent tries with its own key. */
export interface AgentRow extends Row {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly expect: 'allowed' | 'denied';
}

/** Something that a lease of a role tries. */
export interface RoleRow extends Row {
  readonly action: string;
  readonly resource: string;
  readonly tags?: Record<string, string>;
  readonly context?: Record<string, string | string[]>;
  readonly expect: 'allowed' | 'denied';
}

export const trustRows = table<TrustRow>('trust');
export const agentRows = table<AgentRow>('agent');
export const roleRows = ['cloudwatch-read', 'ec2-read', 'rds-query', 's3-deploy'].map((role) => ({
  role,
  rows: table<RoleRow>(role),
}));

/** Names of the rows that a deployed environment dev answers wrongly. */
export function wrongAnswers(deployed: Deployed): readonly string[] {
  return [
    ...trustRows.filter((row) => tryToOpen(deployed, row) !== row.expect),
    ...agentRows.filter((row) => tryAsAgent(deployed, row) !== row.expect),
    ...roleRows.flatMap(({ role, rows }) => rows.filter((row) => tryAsRole(deployed, role, row) !== row.expect)),
  ].map(({ name }) => name);
}

/** What the deployed stack answers to a try to open `s3-deploy`. */
export function tryToOpen(deployed: Deployed, { attempt, world = [] }: TrustRow): TrustRow['expect'] {
  const agent = identity(deployed.users, AGENT);
  const leased = identity(deployed.roles, 'hermes-dev-s3-deploy');
  const role = attempt.role === undefined ? leased : STRAY_ROLES[attempt.role];
  const caller = CALLERS[attempt.caller ?? 'the agent'](deployed);
  const tags = { 'lease-id': LEASE_ID, reason: 'Publish release 1.4.2 to dev', 'param.release': '1.4.2' };
  const { sourceIdentity = AGENT } = attempt;
  const asAdministrator = world.includes('AdministratorAccess attached to the agent') ? [ADMINISTRATOR] : [];
  const policies =
    caller.policies ??
    ({
      identity: [...agent.policies, ...asAdministrator],
      ...(agent.boundary && { boundary: agent.boundary }),
    } as const);
  return opens({
    caller: caller.principal,
    callerPolicies: policies,
    roleArn: role.arn,
    trust: role.trust ?? '',
    sessionName: attempt.sessionName ?? LEASE_ID,
    ...(sourceIdentity === null ? {} : { sourceIdentity }),
    tags: changed(tags, attempt.tags),
    context: changed({ 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }, attempt.context),
  })
    ? 'opens'
    : 'refused';
}

/** What the deployed stack answers to the agent's own key. */
export function tryAsAgent(
  deployed: Deployed,
  { action, resource, context = {}, world = [] }: AgentRow,
): AgentRow['expect'] {
  const agent = identity(deployed.users, AGENT);
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const bucketPolicy = world.includes('a bucket policy that grants the agent everything')
    ? { Version: '2012-10-17', Statement: { ...everything, Principal: { AWS: agent.arn } } }
    : world.includes('a bucket policy that grants everybody everything')
      ? { Version: '2012-10-17', Statement: { ...everything, Principal: '*' } }
      : undefined;
  const policies = prepare({
    identity: [
      ...agent.policies,
      ...(world.includes('AdministratorAccess attached to the agent') ? [ADMINISTRATOR] : []),
    ],
    ...(agent.boundary === undefined ? {} : { boundary: agent.boundary }),
    ...(bucketPolicy === undefined ? {} : { resource: bucketPolicy }),
  });
  const principal: Principal = { kind: 'user', arn: agent.arn };
  return evaluate({ action, resource, principal, context }, policies).outcome === 'allowed' ? 'allowed' : 'denied';
}

/** What the deployed stack answers to a lease of a role of environment dev. */
export function tryAsRole(deployed: Deployed, role: string, row: RoleRow): RoleRow['expect'] {
  const deployedRole = identity(deployed.roles, `hermes-dev-${role}`);
  const widened = row.world?.includes('AdministratorAccess attached to the role') ? [ADMINISTRATOR] : [];
  const resource = row.world?.includes('a trust policy that names the session')
    ? sessionTrust(deployedRole)
    : undefined;
  return permits(
    { ...deployedRole, policies: [...deployedRole.policies, ...widened] },
    { ...row, ...(resource && { trust: resource }) },
  )
    ? 'allowed'
    : 'denied';
}

const LEASE_ID = 'lh-7f3k2q9d';

const ADMINISTRATOR = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

interface Caller {
  readonly principal: Principal;
  /** Absent for the agent: its deployed ones. */
  readonly policies?: { identity: string[] };
}

const CALLERS = {
  'the agent': (deployed: Deployed): Caller => ({
    principal: { kind: 'user', arn: identity(deployed.users, AGENT).arn },
  }),
  'another user': () => administrator({ kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/alice` }),
  'a user of another account': () =>
    administrator({ kind: 'user', arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/agents/${AGENT}` }),
  'a namesake on another path': () => administrator({ kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/${AGENT}` }),
  'an administrator role': () =>
    administrator({ kind: 'session', roleArn: `arn:aws:iam::${ACCOUNT}:role/admin`, sessionName: 'alice' }),
  'a session of ec2-read': (deployed: Deployed): Caller =>
    administrator({
      kind: 'session',
      roleArn: identity(deployed.roles, 'hermes-dev-ec2-read').arn,
      sessionName: LEASE_ID,
    }),
  'the root user': (): Caller => ({ principal: { kind: 'root', account: ACCOUNT }, policies: { identity: [] } }),
} satisfies Record<string, (deployed: Deployed) => Caller>;

const STRAY_ROLES = {
  'a stray role that trusts the agent': stray(ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/agents/${AGENT}`),
  'a stray role that trusts the account': stray(ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`),
  'a role of another account that trusts the agent': stray(
    OTHER_ACCOUNT,
    `arn:aws:iam::${ACCOUNT}:user/agents/${AGENT}`,
  ),
};

function administrator(principal: Principal): Caller {
  return { principal, policies: { identity: [ADMINISTRATOR] } };
}

function stray(account: string, trusted: string): DeployedIdentity {
  return {
    arn: `arn:aws:iam::${account}:role/stray`,
    policies: [ADMINISTRATOR],
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: trusted },
          Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        },
      ],
    }),
  };
}

/** A trust policy elsewhere that names a lease's session: a grant that an implicit deny does not stop. */
function sessionTrust(role: DeployedIdentity): string {
  const session = `${role.arn.replace(':iam:', ':sts:').replace(/:role\/.*\//, ':assumed-role/')}/${LEASE_ID}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: session }, Action: 'sts:AssumeRole' }],
  });
}

function identity(identities: Record<string, DeployedIdentity>, name: string): DeployedIdentity {
  const found = identities[name];
  if (!found) throw new Error(`the stack does not deploy ${name}`);
  return found;
}

function changed(
  base: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const merged = Object.entries({ ...base, ...changes });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

function table<T extends Row>(name: string): readonly T[] {
  return JSON.parse(readFileSync(join(__dirname, '..', 'cases', 'deployed', `${name}.json`), 'utf8'));
}
