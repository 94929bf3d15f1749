/** The Leasehold brokers in a plan or in its policies. */
import {
  anyKeyArn,
  consoleFunctionArn,
  type EnvironmentNames,
  MAKE_MAC,
  RECORD_KEY_VARIABLE,
  recordKeyAlias,
  stackName,
} from '@leasehold/documents';
import { many, type PolicyDocument } from '@leasehold/policy';
import { conditionsOf } from '../callers/conditions';
import { statementsOf } from '../diff/equal-values';
import { valueAt } from '../findings/attributes';
import type { Estate, PlannedAccess, Watched } from '../model';
import {
  type BrokerArns,
  type BrokerName,
  brokerArns,
  brokerNamed,
  consoleNamed,
  environmentNames,
  stackOfAlias,
  stackOfFunction,
  stackOfTable,
} from './broker-names';

/** A Leasehold broker, as described by the plan. */
export interface Broker extends BrokerArns {
  /** Name of the broker's stack, for example `hermes-dev`. */
  readonly stack: string;
  readonly account: string;
  /** Whether this is certainly a broker. If false, it may be another application with a similar name. */
  readonly certain: boolean;
  readonly alias: string;
  /**
   * ARNs of the broker's key. If the plan does not show the key, the result is a pattern for any key in the broker's
   * account.
   */
  readonly keys: readonly string[];
  /** ARN of the function that serves the console, if the plan shows that there is a console. */
  readonly console?: string;
}

/** A name of a part of a broker. */
interface Found extends BrokerName {
  /** Whether the resource belongs to the broker's console. */
  readonly console?: true;
}

/** The brokers that exist before or after the plan. */
export function brokersOf(access: PlannedAccess): readonly Broker[] {
  const sides = [access.before, access.after];
  const found = [...manifestNames(access), ...sides.flatMap((side) => [...namesIn(side)])];
  const consoles = new Set(found.filter((name) => name.console).map(({ stack }) => stack));
  // Many functions of other applications have a name like that of a console's function.
  const stacks = found.filter((name) => name.certain || !name.console).map(({ stack }) => stack);
  return distinct(stacks).flatMap((stack) => {
    const names = found.filter((name) => name.stack === stack);
    const certain = names.some((name) => name.certain);
    const known = (part: 'partition' | 'account' | 'region') => distinct(names.map((name) => name[part]));
    const [partition = 'aws'] = known('partition');
    const accounts = orElse(known('account'), access.accounts[0] ?? SOME_ACCOUNT);
    return accounts.flatMap((account) => {
      const own = names.filter((name) => name.account === undefined || name.account === account);
      return orElse(distinct(own.map(({ region }) => region)), SOME_REGION).map((region) => {
        const environment = environmentNames({ stack, partition, account, region });
        const arns = brokerArns(environment);
        return {
          ...arns,
          stack,
          account,
          certain,
          alias: recordKeyAlias(environment),
          keys: orElse(distinct(sides.flatMap((side) => keysIn(side, arns, environment))), someKey(environment)),
          ...(consoles.has(stack) ? { console: consoleFunctionArn(environment) } : {}),
        };
      });
    });
  });
}

/** Whether a function belongs to a broker: it has a broker's role or a broker's name. */
export function isBrokerFunction({ type, values }: Watched): boolean {
  if (type !== 'aws_lambda_function') return false;
  const { role, function_name: name } = values;
  if (typeof role === 'string' && brokerNamed(role) !== undefined) return true;
  return typeof name === 'string' && stackOfFunction(name) !== undefined;
}

/** The account id that is used if a policy contains a wildcard and no name contains the account and the region. */
const SOME_ACCOUNT = '123456789012';
const SOME_REGION = 'us-east-1';

function someKey(environment: EnvironmentNames): string {
  return anyKeyArn(environment).replace('*', '00000000-0000-0000-0000-000000000000');
}

function* manifestNames({ manifests }: PlannedAccess): Iterable<Found> {
  for (const manifest of [manifests.before, manifests.after]) {
    if (typeof manifest !== 'object' || manifest === null || !('broker' in manifest)) continue;
    const { project, environment, ...rest } = manifest as unknown as Record<string, unknown>;
    if (typeof project !== 'string' || typeof environment !== 'string') continue;
    const text = (part: string) => (typeof rest[part] === 'string' ? { [part]: rest[part] } : {});
    const stack = stackName({ project, name: environment });
    const console = valueAt(manifest, 'broker.console') === undefined ? {} : { console: true as const };
    yield { stack, certain: true, ...text('partition'), ...text('account'), ...text('region'), ...console };
  }
}

function* namesIn({ identities, resourcePolicies, watched }: Estate): Iterable<Found> {
  for (const { arn, policies, boundary, trust } of identities.values()) {
    if (arn.kind === 'known') yield* named(arn.value);
    for (const policy of [...policies, boundary, trust]) {
      if (policy?.document.kind === 'known') yield* namesInDocument(policy.document.value);
    }
  }
  for (const { resource, policy } of resourcePolicies.values()) {
    if (resource.kind === 'known') yield* named(resource.value);
    if (policy.document.kind === 'known') yield* namesInDocument(policy.document.value);
  }
  for (const each of watched.values()) yield* namesInWatched(each);
}

const read = new WeakMap<PolicyDocument, readonly Found[]>();

function namesInDocument(document: PolicyDocument): readonly Found[] {
  const known = read.get(document);
  if (known !== undefined) return known;
  const texts = statementsOf(document).flatMap((statement) => [
    ...many(statement.Resource ?? statement.NotResource),
    ...conditionsOf(statement).map(({ value }) => value),
    ...principalsIn(statement.Principal),
  ]);
  const found = [...new Set(texts)].flatMap((text) => [...named(text)]);
  read.set(document, found);
  return found;
}

function principalsIn(principal: unknown): readonly string[] {
  if (typeof principal !== 'object' || principal === null) return [];
  return Object.values(principal)
    .flatMap((values) => many(values as string))
    .map(String);
}

function* named(text: string): Iterable<Found> {
  const name = brokerNamed(text);
  if (name !== undefined) yield name;
  const console = consoleNamed(text);
  if (console !== undefined) yield { ...console, console: true };
}

function* namesInWatched({ type, account, values }: Watched): Iterable<Found> {
  const text = (attribute: string) => {
    const value = values[attribute];
    return typeof value === 'string' ? value : '';
  };
  const placed = account.kind === 'known' ? { account: account.value } : {};
  const [arn] = [...named(text('arn'))];
  const of = (stack: string | undefined, certain: boolean): readonly Found[] =>
    stack === undefined ? [] : [arn ?? { stack, ...placed, certain }];
  if (type === 'aws_lambda_function') {
    yield* of(stackOfFunction(text('function_name')), false);
    yield* named(text('role'));
    // The ARN of the function contains its region.
    yield* named(text('arn'));
  }
  if (type === 'aws_dynamodb_table') yield* of(stackOfTable(text('name')), true);
  if (type === 'aws_kms_alias') yield* of(stackOfAlias(text('name')), true);
}

/**
 * ARNs of a broker's key: the key with the broker's alias, the key that the broker's function uses, and every key whose
 * policy permits the broker's role to create MACs.
 */
function keysIn({ resourcePolicies, watched }: Estate, arns: BrokerArns, environment: EnvironmentNames) {
  const keys: unknown[] = [];
  for (const { type, values } of watched.values()) {
    if (type === 'aws_kms_alias' && values.name === recordKeyAlias(environment)) keys.push(values.target_key_arn);
    if (type === 'aws_lambda_function' && values.role === arns.role) keys.push(recordKeyIn(values.environment));
  }
  for (const { resource, policy } of resourcePolicies.values()) {
    if (resource.kind === 'known' && policy.document.kind === 'known' && isRecordKeyPolicy(policy.document.value, arns))
      keys.push(resource.value);
  }
  return keys.flatMap((key) => (typeof key === 'string' && key.startsWith('arn:') ? [key] : []));
}

/** Whether a key policy permits a broker's role to create MACs. */
export function isRecordKeyPolicy(document: PolicyDocument, { role }: Pick<BrokerArns, 'role'>): boolean {
  return statementsOf(document).some(
    ({ Effect, Action, Principal }) =>
      Effect === 'Allow' && many(Action).includes(MAKE_MAC) && principalsIn(Principal).includes(role),
  );
}

function recordKeyIn(environment: unknown): unknown {
  return valueAt(environment, `[0].variables.${RECORD_KEY_VARIABLE}`);
}

function distinct(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text ?? []))];
}

function orElse(texts: readonly string[], other: string): readonly string[] {
  return texts.length > 0 ? texts : [other];
}
