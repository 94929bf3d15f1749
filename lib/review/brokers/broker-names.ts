/**
 * Recognizes the names of a broker's resources, and derives the broker's stack from such a name. `@leasehold/documents`
 * builds these names.
 */
import { defined } from '@leasehold/contract/defined';
import {
  BROKER_PATH,
  brokerFunctionArn,
  brokerName,
  brokerRoleArn,
  brokerStage,
  CONSOLE_ROLE_PATH,
  consoleFunctionName,
  type EnvironmentNames,
  eventsTableName,
  projectionsTableName,
  recordKeyAlias,
  revocationPolicyArn,
  tableArn,
} from '@leasehold/documents';
import { type Partition, parseArn } from '@leasehold/policy';

/** The location of a broker, derived from one name. */
export interface BrokerName {
  /** Name of the stack, for example `hermes-dev`. */
  readonly stack: string;
  readonly partition?: string;
  readonly account?: string;
  readonly region?: string;
  /**
   * Whether only a broker can have this name. False for a name such as `shop-dev-broker`, because a function with this
   * name may belong to another application.
   */
  readonly certain: boolean;
}

/** The stack of a broker's function, derived from the function's name. */
export function stackOfFunction(name: string): string | undefined {
  return FUNCTION(name);
}

/** The stack of the function that serves a console, derived from the function's name. */
export function stackOfConsole(name: string): string | undefined {
  return CONSOLE(name);
}

/** The stack of a broker, derived from the stage name of its API. */
export function stackOfStage(name: string): string | undefined {
  return STAGE(name);
}

/** The stack of a broker's table, derived from the table's name. */
export function stackOfTable(name: string): string | undefined {
  return EVENTS(name) ?? PROJECTIONS(name);
}

/** The name of the stack that created a broker's key, derived from the key's alias. */
export function stackOfAlias(alias: string): string | undefined {
  return ALIAS(alias);
}

/** The broker to which an ARN or an alias belongs. The ARN or alias may contain wildcards. */
export function brokerNamed(text: string): BrokerName | undefined {
  const alias = stackOfAlias(text);
  return alias === undefined ? nameIn(text, stackIn) : { stack: alias, certain: true };
}

/**
 * The broker whose console has a function or role with this ARN. The ARN may contain wildcards. Only the role's path
 * makes the name certain.
 */
export function consoleNamed(text: string): BrokerName | undefined {
  return nameIn(text, consoleStackIn);
}

function nameIn(text: string, stackOf: typeof stackIn): BrokerName | undefined {
  const arn = parseArn(text);
  if (arn === undefined) return undefined;
  const [stack, certain] = stackOf(arn.service, arn.resource);
  if (stack === undefined) return undefined;
  const fixed = (part: string) => (part === '' || /[*?$]/.test(part) ? undefined : part);
  const [partition, account, region] = [arn.partition, arn.account, arn.region].map(fixed);
  return {
    stack,
    certain,
    ...defined({ partition, account, region }),
  };
}

/** The values from which the resource names of a stack's broker are built. */
export function environmentNames({
  stack,
  account,
  region,
  ...rest
}: Required<Omit<BrokerName, 'certain'>>): EnvironmentNames {
  // For a partition that Leasehold does not support, the built names match nothing else in the plan.
  const partition = rest.partition as Partition;
  const dash = stack.lastIndexOf('-');
  return { project: stack.slice(0, dash), name: stack.slice(dash + 1), partition, account, region };
}

function consoleStackIn(service: string, resource: string): readonly [string | undefined, boolean] {
  const { bare, kind, name } = partsOf(resource);
  if (service === 'lambda' && kind === 'function') return [stackOfConsole(name.split(':')[0] ?? ''), false];
  const isRole = service === 'iam' && bare.startsWith(`role${CONSOLE_ROLE_PATH}`);
  return isRole ? [stackOfConsole(bare.slice(`role${CONSOLE_ROLE_PATH}`.length)), true] : [undefined, false];
}

/** Splits a resource after its kind, without a final wildcard. */
function partsOf(resource: string) {
  const bare = resource.replace(/[*?]+$/, '');
  const [kind = '', name = ''] = bare.split(/[:/](.*)/s);
  return { bare, kind, name };
}

function stackIn(service: string, resource: string): readonly [string | undefined, boolean] {
  // Also removes the version or alias of a function, and the index or stream of a table.
  const { bare, kind, name } = partsOf(resource);
  if (service === 'lambda' && kind === 'function') return [stackOfFunction(name.split(':')[0] ?? ''), false];
  if (service === 'dynamodb' && kind === 'table') return [stackOfTable(name.split('/')[0] ?? ''), true];
  if (service === 'kms') return [stackOfAlias(bare), true];
  if (service === 'iam' && bare.startsWith(`role${BROKER_PATH}`)) {
    return [stackOfFunction(bare.slice(`role${BROKER_PATH}`.length)), true];
  }
  return [undefined, false];
}

/** A sample stack for building names. No pattern in this file changes its name. */
const SAMPLE: EnvironmentNames = {
  project: 'PROJECT',
  name: 'ENVIRONMENT',
  partition: 'aws',
  account: '123456789012',
  region: 'us-east-1',
};

/**
 * Returns a function that extracts the stack from a name. Its pattern is the sample's name, with a pattern in place of
 * the sample's stack.
 */
function reader(sample: string): (name: string) => string | undefined {
  const [start = '', end = ''] = sample.split('PROJECT-ENVIRONMENT');
  return (name) => {
    if (name.length <= start.length + end.length || !name.startsWith(start) || !name.endsWith(end)) return undefined;
    const stack = name.slice(start.length, name.length - end.length);
    return STACK.test(stack) ? stack : undefined;
  };
}

/** A project and an environment, joined by a dash. Both may contain dashes themselves. */
const STACK = /^[a-z0-9]+(-[a-z0-9]+)+$/;
const FUNCTION = reader(brokerName(SAMPLE));
const CONSOLE = reader(consoleFunctionName(SAMPLE));
const STAGE = reader(brokerStage(SAMPLE));
const EVENTS = reader(eventsTableName(SAMPLE));
const PROJECTIONS = reader(projectionsTableName(SAMPLE));
const ALIAS = reader(recordKeyAlias(SAMPLE));

/** ARNs of a broker's parts. */
export interface BrokerArns {
  readonly function: string;
  readonly role: string;
  readonly tables: readonly string[];
  /** The policy that revokes leases. */
  readonly revocationPolicy: string;
}

/** ARNs of the parts of a broker. */
export function brokerArns(names: EnvironmentNames): BrokerArns {
  return {
    function: brokerFunctionArn(names),
    role: brokerRoleArn(names),
    revocationPolicy: revocationPolicyArn(names),
    tables: [eventsTableName(names), projectionsTableName(names)].map((table) => tableArn(table, names)),
  };
}
