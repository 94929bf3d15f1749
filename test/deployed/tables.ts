/** Runs the decision tables of `test/cases/deployed` against what a stack deploys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { evaluate, type Principal, prepare } from '@leasehold/policy';
import { type Deployed, type DeployedIdentity, opens, permits } from '../support/deployed';

/** What an environment of the reference project deploys. */
export interface Place {
  readonly environment: EnvironmentName;
  readonly deployed: Deployed;
}

export type EnvironmentName = 'dev' | 'prod';
export const ENVIRONMENTS: readonly EnvironmentName[] = ['dev', 'prod'];

const ACCOUNTS: Readonly<Record<EnvironmentName, string>> = { dev: '123456789012', prod: '210987654321' };
const OTHER_ACCOUNT = '999988887777';
/** What differs between the environments, pairwise. */
const NAMES: readonly (readonly [string, string])[] = [
  [ACCOUNTS.dev, ACCOUNTS.prod],
  ['hermes-dev', 'hermes-prod'],
  ['hermes/dev', 'hermes/prod'],
  ['a1B2c3', 'd4E5f6'],
];

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

/** A try to open a role, as a difference from a proper lease; `null` leaves a thing out. */
export interface TrustRow extends Row {
  /** Which roles it is about. @default all */
  readonly of?: 'roles with a parameter' | 'roles without a parameter';
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

/** The tables of an environment. They are written for dev, and hold of prod under its names. */
export function tablesOf(environment: EnvironmentName) {
  return {
    agent: table<AgentRow>('agent', environment),
    roles: ROLES.map((role) => ({
      role,
      opening: table<TrustRow>('trust', environment).filter(
        ({ of }) => of === undefined || of === SORT[`${role in PARAMETERS}`],
      ),
      lease: table<RoleRow>(role, environment),
    })),
  };
}

const ROLES = ['cloudwatch-read', 'ec2-read', 'rds-query', 's3-deploy'] as const;
/** The tags of the parameters that a lease of the role needs. */
const PARAMETERS: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> = {
  's3-deploy': { 'param.release': '1.4.2' },
};
const SORT = { true: 'roles with a parameter', false: 'roles without a parameter' } as const;

/** Names of the rows that a deployed environment answers wrongly. */
export function wrongAnswers(place: Place): readonly string[] {
  const { agent, roles } = tablesOf(place.environment);
  return [
    ...agent.filter((row) => tryAsAgent(place, row) !== row.expect).map(({ name }) => name),
    ...roles.flatMap(({ role, opening, lease }) => [
      ...opening.filter((row) => tryToOpen(place, role, row) !== row.expect).map(({ name }) => `open ${role}: ${name}`),
      ...lease.filter((row) => tryAsRole(place, role, row) !== row.expect).map(({ name }) => `${role}: ${name}`),
    ]),
  ];
}

/** What the deployed stack answers to a try to open a role. */
export function tryToOpen(place: Place, role: string, { attempt, world = [] }: TrustRow): TrustRow['expect'] {
  const agent = agentOf(place);
  const leased = attempt.role === undefined ? roleOf(place, role) : STRAY_ROLES[attempt.role](place);
  const caller = CALLERS[attempt.caller ?? 'the agent'](place);
  const tags = { 'lease-id': LEASE_ID, reason: 'Publish release 1.4.2 to dev', ...PARAMETERS[role] };
  const { sourceIdentity = agentName(place) } = attempt;
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
    roleArn: leased.arn,
    trust: leased.trust ?? '',
    sessionName: attempt.sessionName ?? LEASE_ID,
    ...(sourceIdentity === null ? {} : { sourceIdentity }),
    tags: changed(tags, attempt.tags),
    context: changed({ 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }, attempt.context),
  })
    ? 'opens'
    : 'refused';
}

/** What the deployed stack answers to the agent's own key. */
export function tryAsAgent(place: Place, { action, resource, context = {}, world = [] }: AgentRow): AgentRow['expect'] {
  const agent = agentOf(place);
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
    ...defined({ boundary: agent.boundary, resource: bucketPolicy }),
  });
  const principal: Principal = { kind: 'user', arn: agent.arn };
  return evaluate({ action, resource, principal, context }, policies).outcome === 'allowed' ? 'allowed' : 'denied';
}

/** What the deployed stack answers to a lease of a role. */
export function tryAsRole(place: Place, role: string, row: RoleRow): RoleRow['expect'] {
  const deployedRole = roleOf(place, role);
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
  'the agent': (place: Place): Caller => ({ principal: { kind: 'user', arn: agentOf(place).arn } }),
  'another user': (place: Place) => administrator({ kind: 'user', arn: `arn:aws:iam::${accountOf(place)}:user/alice` }),
  'a user of another account': (place: Place) =>
    administrator({ kind: 'user', arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/agents/${agentName(place)}` }),
  'a namesake on another path': (place: Place) =>
    administrator({ kind: 'user', arn: `arn:aws:iam::${accountOf(place)}:user/${agentName(place)}` }),
  'an administrator role': (place: Place) =>
    administrator({ kind: 'session', roleArn: `arn:aws:iam::${accountOf(place)}:role/admin`, sessionName: 'alice' }),
  'a session of ec2-read': (place: Place): Caller =>
    administrator({ kind: 'session', roleArn: roleOf(place, 'ec2-read').arn, sessionName: LEASE_ID }),
  'the root user': (place: Place): Caller => ({
    principal: { kind: 'root', account: accountOf(place) },
    policies: { identity: [] },
  }),
} satisfies Record<string, (place: Place) => Caller>;

const STRAY_ROLES = {
  'a stray role that trusts the agent': (place: Place) => stray(accountOf(place), agentArn(place)),
  'a stray role that trusts the account': (place: Place) =>
    stray(accountOf(place), `arn:aws:iam::${accountOf(place)}:root`),
  'a role of another account that trusts the agent': (place: Place) => stray(OTHER_ACCOUNT, agentArn(place)),
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

function accountOf({ environment }: Place): string {
  return ACCOUNTS[environment];
}

function agentName({ environment }: Place): string {
  return `hermes-${environment}-agent`;
}

function agentArn(place: Place): string {
  return `arn:aws:iam::${accountOf(place)}:user/agents/${agentName(place)}`;
}

function agentOf(place: Place): DeployedIdentity {
  return identity(place.deployed.users, agentName(place));
}

function roleOf(place: Place, role: string): DeployedIdentity {
  return identity(place.deployed.roles, `hermes-${place.environment}-${role}`);
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

function table<T extends Row>(name: string, environment: EnvironmentName): readonly T[] {
  const text = readFileSync(join(__dirname, '..', 'cases', 'deployed', `${name}.json`), 'utf8');
  return JSON.parse(environment === 'dev' ? text : swapped(text));
}

/** What is dev's becomes prod's, and the other way round. */
function swapped(text: string): string {
  const twins = new Map(NAMES.flatMap(([dev, prod]) => [[dev, prod] as const, [prod, dev] as const]));
  return text.replace(new RegExp([...twins.keys()].join('|'), 'g'), (name) => twins.get(name) ?? name);
}
