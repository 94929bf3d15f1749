/** Runs the decision tables of `test/cases/deployed/broker` against what the stack of a broker deploys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { evaluate, type Principal, prepare } from '@leasehold/policy';
import { type Deployed, type DeployedIdentity, opens } from '../support/deployed';

/** Something that somebody tries with what they hold. */
export interface BrokerRow {
  readonly name: string;
  /** The AWS page that states the rule. */
  readonly rule: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly expect: 'allowed' | 'denied';
  /** What denies it by itself: the policies without the boundary, the boundary whatever else is granted, or each. */
  readonly held?: 'policies' | 'boundary' | 'twice';
}

/** A try to take on a role. */
export interface OpeningRow {
  readonly name: string;
  readonly rule: string;
  /** Physical name of the role. */
  readonly role: string;
  readonly attempt: {
    /** ARN of a user who calls with a key of their own. */
    readonly user?: string;
    /** Path and name of a role, without the first slash, a session of which calls. */
    readonly session?: string;
    /** A service that calls. */
    readonly service?: string;
    readonly sessionName: string;
    readonly sourceIdentity?: string;
    readonly tags?: Record<string, string>;
    readonly context: Record<string, string>;
  };
  readonly expect: 'opens' | 'refused';
}

/** Who the tables speak of, each with the physical name of its identity. */
export const ACTORS = {
  agent: 'hermes-dev-worker',
  requester: 'hermes-dev-requester',
  approver: 'hermes-dev-approver',
  administrator: 'hermes-dev-administrator',
  function: 'hermes-dev-broker',
  outcomes: 'hermes-dev-outcomes',
  lease: 'hermes-dev-refund',
} as const;
export type Actor = keyof typeof ACTORS;

/** The table of an actor. */
export function rowsOf(actor: Actor): readonly BrokerRow[] {
  return table(actor);
}

/** Who may take on which role. */
export function openingRows(): readonly OpeningRow[] {
  return table('opening');
}

/** What the deployed stack answers to an actor. A denial must also be held by each of what is said to hold it. */
export function tryAs(deployed: Deployed, actor: Actor, row: BrokerRow): BrokerRow['expect'] {
  const { arn, policies, boundary } = roleOf(deployed, ACTORS[actor]);
  const kept = boundary === undefined ? {} : { boundary };
  const asDeployed = answer(row, arn, { identity: policies, ...kept });
  const held = row.held ?? 'policies';
  const alone = [
    ...(held === 'boundary' ? [] : [answer(row, arn, { identity: policies })]),
    ...(held === 'policies' ? [] : [answer(row, arn, { identity: [ADMINISTRATOR], ...kept }, 'a stray grant')]),
  ];
  return row.expect === 'denied' && alone.includes('allowed') ? 'allowed' : asDeployed;
}

function answer(
  { action, resource, context = {} }: BrokerRow,
  roleArn: string,
  held: { readonly identity: readonly string[]; readonly boundary?: string },
  world?: 'a stray grant',
): BrokerRow['expect'] {
  const principal: Principal = { kind: 'session', roleArn, sessionName: SESSION };
  const policies = prepare({ ...held, ...otherSide(action, resource, roleArn, world) });
  return evaluate({ action, resource, principal, context }, policies).outcome === 'allowed' ? 'allowed' : 'denied';
}

/** What the deployed stack answers to a try to take on a role. The caller's own policies would allow it. */
export function tryToTakeOn(deployed: Deployed, { role, attempt }: OpeningRow): OpeningRow['expect'] {
  const { arn, trust = '' } = roleOf(deployed, role);
  const { sessionName, sourceIdentity, tags = {}, context } = attempt;
  const caller = callerOf(attempt);
  return opens({
    caller,
    callerPolicies: { identity: caller.kind === 'service' ? [] : [ADMINISTRATOR] },
    roleArn: arn,
    trust,
    sessionName,
    ...defined({ sourceIdentity }),
    tags,
    context,
  })
    ? 'opens'
    : 'refused';
}

function callerOf({ user, service, session }: OpeningRow['attempt']): Principal {
  if (user !== undefined) return { kind: 'user', arn: user };
  if (service !== undefined) return { kind: 'service', name: service };
  return { kind: 'session', roleArn: `arn:aws:iam::123456789012:role/${session}`, sessionName: 'anybody' };
}

/** Names of the rows that a deployed broker answers wrongly. */
export function wrongAnswersOf(deployed: Deployed): readonly string[] {
  const actors = Object.keys(ACTORS) as readonly Actor[];
  return [
    ...actors.flatMap((actor) =>
      rowsOf(actor)
        .filter((row) => tryAs(deployed, actor, row) !== row.expect)
        .map(({ name }) => `${actor}: ${name}`),
    ),
    ...openingRows()
      .filter((row) => tryToTakeOn(deployed, row) !== row.expect)
      .map(({ name }) => `open: ${name}`),
  ];
}

/**
 * What stands on the other side: a role trusts the caller's role, a key is one that AWS manages. A stray grant names the
 * very session, which an implicit deny does not stop.
 */
function otherSide(action: string, resource: string, roleArn: string, world: 'a stray grant' | undefined) {
  const session = `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/${SESSION}`;
  const grant = (AWS: string, beside: object = {}) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: action, ...beside }],
  });
  if (['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'].includes(action)) {
    return { trust: grant(world === undefined ? roleArn : session) };
  }
  if (world !== undefined && resource !== '*') return { resource: grant(session, { Resource: '*' }) };
  if (action === 'kms:Decrypt') return { resource: managedKey(roleArn) };
  return action.startsWith('kms:') ? { resource: CUSTOMER_KEY } : {};
}

/**
 * A key that AWS manages: open to everybody in the account through a service of theirs, and to a function's role, by a
 * grant, for the function's variables. As one policy, since a grant is one in another form.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
function managedKey(roleArn: string) {
  const open = (AWS: string, Action: string, Condition: object) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    Resource: '*',
    Condition,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      open('*', 'kms:*', { StringLike: { 'kms:ViaService': '*.ap-northeast-2.amazonaws.com' } }),
      open(roleArn, 'kms:Decrypt', { StringLike: { 'kms:EncryptionContext:aws:lambda:FunctionArn': '*' } }),
    ],
  };
}

/**
 * A key of the account whose policy leaves it to IAM who uses it.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const CUSTOMER_KEY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' },
  ],
};

const SESSION = 'lh-mine';

const ADMINISTRATOR = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

const tables = new Map<string, readonly unknown[]>();

function table<T>(name: string): readonly T[] {
  const read = () =>
    JSON.parse(readFileSync(join(__dirname, '..', 'cases', 'deployed', 'broker', `${name}.json`), 'utf8'));
  const rows = tables.get(name) ?? read();
  tables.set(name, rows);
  return rows as readonly T[];
}

function roleOf(deployed: Deployed, name: string): DeployedIdentity {
  const found = deployed.roles[name];
  if (!found) throw new Error(`the stack does not deploy ${name}`);
  return found;
}
