/**
 * Determines the AWS account of each resource in a plan. A plan never states the account directly. The account is
 * derived from ARNs, from the accounts that a provider permits, from the role that the provider assumes, or from the
 * provider's caller identity.
 */

import { parseArn } from '@leasehold/policy';
import { accountIn, isAccountId } from '../account-ids';
import { type Instance, listOf, own, type Plan, textOf } from '../plan/plan';
import { type Configuration, isInModule, type ProviderConfiguration, readExpression } from './configuration';
import { type FakedEndpoint, fakedEndpoints, mayBeFaked } from './provider-settings';
import type { ResourceInstance } from './resource-instances';
import type { Scope } from './scope';
import { accountOfArn, driftOf, OWN_ARN } from './state-evidence';
import type { Value } from './value';

/** What a plan shows about the accounts of its resources. */
export interface Scopes {
  /** Returns the account of a resource instance. */
  scopeOf(instance: ResourceInstance): Scope;
  /**
   * Returns the account of an instance's provider, if it can be derived from the state before the plan, from the
   * provider's settings, or from the provider's caller identity. Undefined if the provider's responses may be faked.
   */
  provenOf(instance: WithProvider): string | undefined;
  /**
   * Whether a resource uses the credentials of the root module's default AWS provider. False if the provider's
   * responses may be faked.
   */
  isDefault(instance: WithProvider): boolean;
  /** Whether the author of the configuration may decide what the resource's provider reports. */
  mayBeFaked(instance: WithProvider): boolean;
  /** Returns the instance of the provider that a resource uses. */
  providerOf(instance: WithProvider): UsedProvider;
  /** Whether the values of a resource before the plan may be evidence of its account. */
  isEvidence(instance: Instance & WithProvider): boolean;
}

/** An instance of a provider. Instances with the same credentials and addresses are counted once. */
export interface UsedProvider {
  /** Key in `provider_config`, for example `aws.west`. */
  readonly key: string;
  /** Whether this is the default provider. */
  readonly isDefault: boolean;
  readonly mayBeFaked: boolean;
  readonly endpoints: readonly FakedEndpoint[];
}

/** A resource with its configuration. The configuration names the provider. */
export type WithProvider = Pick<ResourceInstance, 'provider' | 'configuration'>;

/** IAM attributes that contain the ARN of a policy in the same account or of an AWS-managed policy. */
const POLICY_ARNS = ['policy_arn', 'permissions_boundary'];
const OF_IAM = /^aws_iam_/;

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
    if (!key.includes('.') && !isInModule(key)) fallback.set(source, credentials.get(key) ?? key);
  }
  const credentialsOf = (instance: WithProvider) =>
    credentials.get(instance.configuration?.providerKey ?? '') ??
    fallback.get(instance.provider) ??
    lastPart(instance.provider);

  const faked = new Set(
    configuration.providers.filter((provider) => mayBeFaked(provider, configuration)).map(({ key }) => key),
  );
  const isFaked = ({ provider, configuration: configured }: WithProvider): boolean => {
    const key = configured?.providerKey;
    if (key !== undefined && credentials.has(key)) return faked.has(key);
    // The plan does not show which provider a resource uses that is no longer configured.
    return configuration.providers.some(({ key: other, source }) => source === provider && faked.has(other));
  };

  const hasDrifted = driftOf(plan);
  const isEvidence = (instance: Instance & WithProvider) =>
    OF_AWS.test(instance.provider) && !isFaked(instance) && !hasDrifted(instance);

  // The plan's author writes the values after the plan. They serve only to tell identities of different accounts apart.
  const proven = new Map<string, Set<string>>();
  const written = new Map<string, Set<string>>();
  const note = (into: Map<string, Set<string>>, key: string, account: string | undefined) => {
    if (account !== undefined) into.set(key, (into.get(key) ?? new Set()).add(account));
  };
  for (const provider of configuration.providers) {
    if (faked.has(provider.key)) continue;
    note(proven, credentials.get(provider.key) ?? '', accountOfProvider(provider, plan));
  }
  for (const instance of all) {
    const key = credentialsOf(instance);
    if (isEvidence(instance)) note(proven, key, accountBefore(instance));
    note(written, key, accountAfter(instance));
  }
  const accountsOf = (key: string) => [...(proven.get(key) ?? written.get(key) ?? [])];

  const scopes = new Map<string, Scope>();
  const scopeFor = (key: string, partition: string): Scope => {
    const known = scopes.get(`${partition} ${key}`);
    if (known !== undefined) return known;
    const accounts = accountsOf(key);
    const [only] = accounts;
    const scope: Scope =
      accounts.length === 1 && only !== undefined
        ? { key: only, account: { kind: 'known', value: only }, partition }
        : { key, account: { kind: 'unknown', why: whyUnknown(accounts) }, partition };
    scopes.set(`${partition} ${key}`, scope);
    return scope;
  };
  const partitions = partitionsOf(configuration, plan, credentials, all, credentialsOf);
  return {
    scopeOf: (instance) => {
      const own = accountOfOwnArn(instance);
      const key = credentialsOf(instance);
      const partition = partitions.get(key) ?? 'aws';
      return own === undefined
        ? scopeFor(key, partition)
        : { key: own, account: { kind: 'known', value: own }, partition };
    },
    mayBeFaked: isFaked,
    providerOf: (instance) => {
      const key = credentialsOf(instance);
      const settings = configuration.providers.find((provider) => provider.key === key);
      return {
        key,
        isDefault: key === (fallback.get(instance.provider) ?? lastPart(instance.provider)),
        mayBeFaked: isFaked(instance),
        endpoints: settings === undefined ? [] : fakedEndpoints(settings),
      };
    },
    isEvidence,
    provenOf: (instance) => {
      if (isFaked(instance)) return undefined;
      const [only, ...others] = proven.get(credentialsOf(instance)) ?? [];
      return others.length === 0 ? only : undefined;
    },
    isDefault: ({ provider, configuration: configured }) => {
      if (!OF_AWS.test(provider) || isFaked({ provider, configuration: configured })) return false;
      const usual = fallback.get(provider) ?? lastPart(provider);
      const key = configured?.providerKey;
      if (key !== undefined) return (credentials.get(key) ?? key) === usual;
      const used = configuration.providers.filter(({ source }) => source === provider);
      return used.every((each) => credentials.get(each.key) === usual);
    },
  };
}

/** Source addresses of the AWS provider. A provider of the same name in another registry may report any account. */
export const OF_AWS = /^registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws$/;

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
  'custom_ca_bundle',
  'ec2_metadata_service_endpoint',
  'endpoints',
  'http_proxy',
  'https_proxy',
  'insecure',
  'profile',
  'secret_key',
  'shared_config_files',
  'shared_credentials_file',
  'shared_credentials_files',
  'skip_metadata_api_check',
  'token',
];

/**
 * A fingerprint that is equal for providers with the same credentials. The fingerprint is never shown, because the
 * settings may contain an access key.
 */
function fingerprint({ key, source, expressions }: ProviderConfiguration): string {
  const settings = JSON.stringify([source, CREDENTIALS.map((name) => own(expressions, name) ?? null)]);
  // The same reference has another value in another module.
  return isInModule(key) && settings.includes('"references"') ? `${moduleOf(key)} ${settings}` : settings;
}

function moduleOf(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}

function accountOfProvider({ key, expressions }: ProviderConfiguration, plan: Plan): string | undefined {
  const allowed = settled(own(expressions, 'allowed_account_ids'), plan, isInModule(key));
  const [only, ...others] = Array.isArray(allowed) ? allowed : [allowed];
  if (typeof only === 'string' && others.length === 0 && isAccountId(only)) return only;
  const [assumed] = listOf(own(expressions, 'assume_role')).slice(-1);
  const role = textOf(settled(own(assumed, 'role_arn'), plan, isInModule(key)));
  return accountIn(role);
}

/** The value of an expression that is a constant or refers to one input variable of the root module. */
function settled(expression: unknown, plan: Plan, inModule = false): unknown {
  const { constant, references } = readExpression(expression);
  if (constant !== undefined) return constant;
  const [only, ...others] = references;
  if (inModule || only === undefined || others.length > 0 || !only.startsWith('var.')) return undefined;
  return plan.variables.get(only.slice('var.'.length));
}

/** The account that AWS reported for an instance before the plan. */
function accountBefore(instance: ResourceInstance): string | undefined {
  if (instance.type === 'aws_caller_identity') {
    const id = text(instance, 'account_id');
    return isAccountId(id) ? id : undefined;
  }
  if (instance.mode === 'data' || instance.imported) return undefined;
  return (
    (OWN_ARN.test(instance.type)
      ? accountOfArn(instance.type, instance.before?.shown(), instance.configuration)
      : undefined) ?? accountOn(instance.before, instance.type, POLICY_ARNS)
  );
}

/** The account in the values after the plan. */
function accountAfter(instance: ResourceInstance): string | undefined {
  return instance.mode === 'data' ? undefined : accountOn(instance.after, instance.type, ['arn', ...POLICY_ARNS]);
}

function accountOn(side: Value | undefined, type: string, attributes: readonly string[]): string | undefined {
  for (const attribute of attributes) {
    if (!(attribute === 'arn' ? OWN_ARN : OF_IAM).test(type)) continue;
    const account = accountIn(textOn(side, attribute));
    if (account !== undefined) return account;
  }
  return undefined;
}

function accountOfOwnArn(instance: ResourceInstance): string | undefined {
  if (instance.mode === 'data' || !OWN_ARN.test(instance.type)) return undefined;
  return accountIn(text(instance, 'arn'));
}

function text({ before, after }: ResourceInstance, attribute: string): string | undefined {
  return textOn(before, attribute) ?? textOn(after, attribute);
}

function textOn(side: Value | undefined, attribute: string): string | undefined {
  const read = side?.at(attribute).text();
  return read?.kind === 'known' ? read.value : undefined;
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
