/**
 * The definitions of the probes, in YAML as a user writes it. The probes use the policy documents that Leasehold would
 * deploy for these definitions, in another IAM path.
 */
import { type Environment, loadDefinitions, type Partition, type Role } from '@leasehold/definitions';

/** The account and the inputs of a run. */
export interface ProbeScope {
  /** Twelve digits. */
  readonly account: string;
  /** The region in which STS is called. */
  readonly region: string;
  /**
   * Unguessable name of the run: `lhp` and 16 hexadecimal digits. The names of all created identities begin with it.
   */
  readonly run: string;
  readonly partition: Partition;
  /** An existing bucket in the account, for the probe about `s3:prefix`. */
  readonly bucket?: string | undefined;
  /** An existing DynamoDB table in the account, for the probe about leading keys. */
  readonly table?: TableScope | undefined;
}

/** An existing table. */
export interface TableScope {
  readonly name: string;
  /** Name of the table's partition key, which must be a string. The table must not have a sort key. */
  readonly key: string;
}

const ENVIRONMENT = 'p';

/**
 * Read-only actions that the probe roles permit. They are used to list tables, and to describe a table that does not
 * exist.
 */
export const LIST_TABLES = 'dynamodb:ListTables';
export const DESCRIBE_TABLE = 'dynamodb:DescribeTable';

/** DynamoDB actions on items. Their requests contain partition key values (leading keys). */
export const ITEM_ACTIONS: readonly string[] = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PartiQLSelect',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

/**
 * The scan is allowed under the same condition as the actions on items, so a scan can be denied only because of this
 * condition.
 */
export const SCAN = 'dynamodb:Scan';

/** Roles that require a human's MFA code. */
const MFA_ROLES = ['mfa', 'mfa-control', 'code-age', 'age-absent'] as const;
/** Roles that the probes' broker assumes. */
const BROKERED_ROLES = ['lease', 'named', 'revoked', 'shut', 'unscoped', 'variables', 'dated', 'denied'] as const;

/** The name of a probe role in the definitions. */
export type RoleKey = (typeof MFA_ROLES)[number] | (typeof BROKERED_ROLES)[number] | 'chain' | 'listing' | 'customer';

/**
 * The environment of the probes.
 * @throws TypeError if the definitions are invalid, which is a defect of this package
 */
export function probeEnvironment(scope: ProbeScope): Environment {
  const texts = [
    { name: 'project.yaml', text: projectText(scope) },
    ...MFA_ROLES.map((name) => roleText(name, 'mfa')),
    ...BROKERED_ROLES.map((name) => roleText(name, 'broker')),
    roleText(
      'chain',
      'broker',
      `assumes:\n${TARGETS.map((name) => `  - { role: ${name}, because: To see what a chained session needs. }\n`).join('')}`,
    ),
    ...(scope.bucket === undefined ? [] : [listingText(scope.bucket)]),
    ...(scope.table === undefined ? [] : [customerText(scope.table)]),
  ];
  const { definitions, findings } = loadDefinitions([], { texts });
  const environment = definitions?.environments[0];
  if (environment === undefined) throw new TypeError(`the definitions of the probes: ${findings[0]?.message}`);
  return environment;
}

/** Roles that Leasehold does not manage and that a lease assumes. */
export const TARGETS = ['target', 'target-marked'] as const;

/** Name of a role outside Leasehold. */
export function targetName({ run }: Pick<ProbeScope, 'run'>, target: (typeof TARGETS)[number]): string {
  return `${run}-${ENVIRONMENT}-${target}`;
}

/** The role with this name in the definitions. */
export function definedRole(environment: Environment, key: RoleKey): Role {
  const role = environment.roles.find(({ name }) => name === key);
  if (role === undefined) throw new TypeError(`there is no probe role ${key}`);
  return role;
}

function projectText(scope: ProbeScope): string {
  const { account, region, run, partition } = scope;
  const external = TARGETS.map(
    (name) => `  ${name}:
    arn: arn:${partition}:iam::${account}:role${PROBE_PATH}${targetName(scope, name)}
    may: [{ actions: ["${LIST_TABLES}"], resources: ["*"] }]`,
  );
  return `
kind: Project
name: ${run}
environments:
  ${ENVIRONMENT}: { account: "${account}", region: ${region} }
agents:
  agent: { identity: { type: iam-user } }
approvers: [probe]
alerts: { trail: create, hours: { from: 8, to: 18 } }
external:
${external.join('\n')}
`;
}

function roleText(name: string, gate: 'mfa' | 'broker', more = '', allow = ALLOW) {
  return {
    name: `${name}.yaml`,
    text: `
kind: Role
name: ${name}
purpose: Tries what AWS does where its documentation is silent.
access: read
gate: ${gate}
lease: { default: 15m, max: 15m }
${more}allow:
${allow}
`,
  };
}

const ALLOW = `  - { actions: ["${LIST_TABLES}", "${DESCRIBE_TABLE}"], resources: ["*"] }`;

/**
 * A role that may list a bucket below the prefix of the lease's release, like the role `s3-deploy` of the reference
 * project.
 */
function listingText(bucket: string) {
  return roleText(
    'listing',
    'broker',
    'parameters:\n  release: { pattern: "[a-z0-9][a-z0-9.-]{0,62}", description: Release folder }\n',
    `  - actions: ["s3:ListBucket"]
    resources: ["arn:\${env.partition}:s3:::${bucket}"]
    conditions: { StringLike: { "s3:prefix": ["\${param.release}/*"] } }`,
  );
}

/** A role that may read and write the items of one customer, as in docs/recipes. */
function customerText({ name }: TableScope) {
  return roleText(
    'customer',
    'broker',
    'parameters:\n  customer: { pattern: "[a-z0-9-]{1,63}", description: Number of the customer }\n',
    `  - actions: [${[SCAN, ...ITEM_ACTIONS].map((action) => `"${action}"`).join(', ')}]
    resources: ["arn:\${env.partition}:dynamodb:\${env.region}:\${env.account}:table/${name}"]
    conditions:
      ForAllValues:StringEquals: { "dynamodb:LeadingKeys": ["\${param.customer}"] }
      "Null": { "dynamodb:LeadingKeys": ["false"] }`,
  );
}

/** IAM path of all resources that a run creates. */
export const PROBE_PATH = '/leasehold-probe/';
