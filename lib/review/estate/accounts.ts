/**
 * Determines the AWS account of each resource in a plan. A plan never states the account directly. The account follows
 * from ARNs, the accounts that a provider permits, the role that the provider assumes, and the provider's caller
 * identity.
 */

import { parseArn } from '@leasehold/policy';
import { listOf, own, type Plan, textOf } from '../plan/plan';
import { type Configuration, type ProviderConfiguration, readExpression } from './configuration';
import type { ResourceInstance } from './resource-instances';
import type { Scope } from './scope';

/** Returns the account of a resource instance. */
export type Scopes = (instance: ResourceInstance) => Scope;

/** Resource types with an `arn` in the account in which the resource is created. */
const OWN_ARN =
  /^aws_(iam_|sqs_queue$|sns_topic$|lambda_function$|kms_key$|dynamodb_table$|secretsmanager_secret$|cloudtrail$|ecr_repository$)/;
/** Attributes that name a policy in the same account or an AWS-managed policy. */
const POLICY_ARNS = ['policy_arn', 'permissions_boundary'];

/** Collects what the plan shows about accounts. */
export function readScopes(plan: Plan, configuration: Configuration, all: readonly ResourceInstance[]): Scopes {
  const first = new Map<string, string>();
  const credentials = new Map<string, string>();
  for (const provider of configuration.providers) {
    const print = fingerprint(provider);
    if (!first.has(print)) first.set(print, provider.key);
    credentials.set(provider.key, first.get(print) ?? provider.key);
  }
  const fallback = new Map<string, string>();
  for (const { key, source } of configuration.providers) {
    if (!key.includes('.') && !key.includes(':')) fallback.set(source, credentials.get(key) ?? key);
  }
  const credentialsOf = (instance: ResourceInstance) =>
    credentials.get(instance.configuration?.providerKey ?? '') ??
    fallback.get(instance.provider) ??
    lastPart(instance.provider);

  const evidence = new Map<string, Set<string>>();
  const note = (key: string, arn: string | undefined) => {
    if (arn === undefined) return;
    const noted = evidence.get(key) ?? new Set();
    evidence.set(key, noted.add(arn));
  };
  for (const provider of configuration.providers) {
    note(credentials.get(provider.key) ?? '', accountOfProvider(provider, plan));
  }
  for (const instance of all) note(credentialsOf(instance), accountOfHeld(instance));

  const scopes = new Map<string, Scope>();
  const scopeFor = (key: string, partition: string): Scope => {
    const known = scopes.get(`${partition} ${key}`);
    if (known !== undefined) return known;
    const accounts = [...(evidence.get(key) ?? [])];
    const [only] = accounts;
    const scope: Scope =
      accounts.length === 1 && only !== undefined
        ? { key: only, account: { kind: 'known', value: only }, partition }
        : { key, account: { kind: 'unknown', why: whyUnknown(accounts) }, partition };
    scopes.set(`${partition} ${key}`, scope);
    return scope;
  };
  const partitions = partitionsOf(configuration, plan, credentials, all, credentialsOf);
  return (instance) => {
    const own = accountOfOwnArn(instance);
    const key = credentialsOf(instance);
    const partition = partitions.get(key) ?? 'aws';
    return own === undefined
      ? scopeFor(key, partition)
      : { key: own, account: { kind: 'known', value: own }, partition };
  };
}

/** Returns `aws` for `registry.terraform.io/hashicorp/aws`. */
function lastPart(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function whyUnknown(accounts: readonly string[]): string {
  return accounts.length === 0
    ? 'nothing in the plan says which account this is'
    : `the plan speaks of the accounts ${[...accounts].sort().join(' and ')}`;
}

/** Settings that decide which credentials a provider uses. Providers with equal settings use the same account. */
const CREDENTIALS = [
  'access_key',
  'allowed_account_ids',
  'assume_role',
  'assume_role_with_web_identity',
  'endpoints',
  'profile',
  'shared_config_files',
  'shared_credentials_files',
  'token',
];

/**
 * A fingerprint that is equal for providers with the same credentials. Never shown, because the settings may contain an
 * access key.
 */
function fingerprint({ source, expressions }: ProviderConfiguration): string {
  return JSON.stringify([source, CREDENTIALS.map((name) => own(expressions, name) ?? null)]);
}

function accountOfProvider({ expressions }: ProviderConfiguration, plan: Plan): string | undefined {
  const allowed = settled(own(expressions, 'allowed_account_ids'), plan);
  const [only, ...others] = Array.isArray(allowed) ? allowed : [allowed];
  if (typeof only === 'string' && others.length === 0 && isAccount(only)) return only;
  const [assumed] = listOf(own(expressions, 'assume_role')).slice(-1);
  const role = textOf(settled(own(assumed, 'role_arn'), plan));
  return role === undefined ? undefined : accountIn(role);
}

/** The value of an expression that is a constant or refers to one input variable. */
function settled(expression: unknown, plan: Plan): unknown {
  const { constant, references } = readExpression(expression);
  if (constant !== undefined) return constant;
  const [only, ...others] = references;
  if (only === undefined || others.length > 0 || !only.startsWith('var.')) return undefined;
  return plan.variables.get(only.slice('var.'.length));
}

function accountOfHeld(instance: ResourceInstance): string | undefined {
  if (instance.type === 'aws_caller_identity') {
    const id = text(instance, 'account_id');
    return id !== undefined && isAccount(id) ? id : undefined;
  }
  if (instance.mode === 'data') return undefined;
  const policies = POLICY_ARNS.map((name) => text(instance, name)).map((arn) => arn && accountIn(arn));
  return accountOfOwnArn(instance) ?? policies.find((account) => account !== undefined);
}

function accountOfOwnArn(instance: ResourceInstance): string | undefined {
  if (instance.mode === 'data' || !OWN_ARN.test(instance.type)) return undefined;
  const arn = text(instance, 'arn');
  return arn === undefined ? undefined : accountIn(arn);
}

function text(instance: ResourceInstance, attribute: string): string | undefined {
  for (const side of [instance.before, instance.after]) {
    const read = side?.at(attribute).text();
    if (read?.kind === 'known' && read.value !== undefined) return read.value;
  }
  return undefined;
}

function accountIn(arn: string): string | undefined {
  const account = parseArn(arn)?.account;
  return account !== undefined && isAccount(account) ? account : undefined;
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

function partitionsOf(
  configuration: Configuration,
  plan: Plan,
  credentials: ReadonlyMap<string, string>,
  all: readonly ResourceInstance[],
  credentialsOf: (instance: ResourceInstance) => string,
): ReadonlyMap<string, string> {
  const partitions = new Map<string, string>();
  for (const { key, expressions } of configuration.providers) {
    const region = textOf(settled(own(expressions, 'region'), plan));
    const partition = region?.startsWith('cn-') ? 'aws-cn' : region?.startsWith('us-gov-') ? 'aws-us-gov' : undefined;
    if (partition !== undefined) partitions.set(credentials.get(key) ?? key, partition);
  }
  for (const instance of all) {
    const arn = text(instance, 'arn');
    const partition = arn === undefined ? undefined : parseArn(arn)?.partition;
    if (partition !== undefined && partition !== '') partitions.set(credentialsOf(instance), partition);
  }
  return partitions;
}
