/** The configuration from which a plan was created, by module and resource. */
import { defined } from '@leasehold/contract/defined';
import { type Expression, isJson, type Json, listOf, own, textOf } from '../plan/plan';

/** A resource in the configuration. */
export interface ResourceConfiguration {
  /** Key of the provider in `provider_config`, for example `aws.west`. */
  readonly providerKey: string | undefined;
  /** The configured values, by attribute name or block name. */
  readonly expressions: Json;
  readonly forEach: Expression | undefined;
  /** The resources and modules in `depends_on`, as addresses in the same module. */
  readonly dependsOn: readonly string[];
  /** When a provisioner runs: on creation or on destruction. */
  readonly provisioners: readonly string[];
}

/** A module in the configuration. */
export interface ModuleConfiguration {
  resource(mode: string, type: string, name: string): ResourceConfiguration | undefined;
  readonly outputs: Json;
  readonly calls: ReadonlyMap<string, { readonly expressions: Json; readonly module: ModuleConfiguration }>;
}

/** A provider block. */
export interface ProviderConfiguration {
  readonly key: string;
  /** Source address of the provider, for example `registry.terraform.io/hashicorp/aws`. */
  readonly source: string;
  readonly expressions: Json;
}

export interface Configuration {
  readonly root: ModuleConfiguration;
  readonly providers: readonly ProviderConfiguration[];
  /** Names of the root module's input variables that have a default value. */
  readonly defaults: ReadonlySet<string>;
}

/** Whether a child module configures the provider. Its key has the form `module.a:aws`. */
export function isInModule(key: string): boolean {
  return key.includes(':');
}

/** Parses the `configuration` part of a plan. Parts that the plan does not contain are missing in the result. */
export function readConfiguration(configuration: Json): Configuration {
  const root = own(configuration, 'root_module');
  return {
    root: readModule(root),
    providers: entries(own(configuration, 'provider_config')).map(([key, provider]) => ({
      key,
      source: textOf(own(provider, 'full_name')) ?? textOf(own(provider, 'name')) ?? '',
      expressions: json(own(provider, 'expressions')),
    })),
    defaults: new Set(
      entries(own(root, 'variables')).flatMap(([name, variable]) => (own(variable, 'default') == null ? [] : [name])),
    ),
  };
}

/** The module of a module instance. `address` has the form `module.a["x"].module.b`. */
export function moduleAt(root: ModuleConfiguration, address: string): ModuleConfiguration | undefined {
  let module: ModuleConfiguration | undefined = root;
  for (const { call } of moduleSteps(address)) module = module?.calls.get(call)?.module;
  return module;
}

/** One step of a module's address. */
export interface ModuleStep {
  /** Address of the module instance that contains the module call. */
  readonly parent: string;
  readonly call: string;
  /** Key of the module instance in the notation of an address: `["x"]`, `[0]`, or empty. */
  readonly index: string;
}

/** The module calls that lead to a module instance, outermost first. */
export function moduleSteps(address: string): readonly ModuleStep[] {
  const steps: ModuleStep[] = [];
  let rest = address;
  let parent = '';
  for (;;) {
    const match = /^module\.([^.[\]]+)((?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?)(?:\.|$)/.exec(rest);
    if (match === null) return steps;
    const [whole, call = '', index = ''] = match;
    steps.push({ parent, call, index });
    parent = `${parent === '' ? '' : `${parent}.`}module.${call}${index}`;
    rest = rest.slice(whole.length);
  }
}

/** Parses an expression of the configuration. */
export function readExpression(value: unknown): Expression {
  const references = listOf(own(value, 'references')).flatMap((each) => (typeof each === 'string' ? [each] : []));
  const constant = own(value, 'constant_value');
  return { references, ...defined({ constant }) };
}

function readModule(value: unknown): ModuleConfiguration {
  const resources = new Map<string, unknown>();
  for (const resource of listOf(own(value, 'resources'))) {
    const [mode, type, name] = ['mode', 'type', 'name'].map((key) => textOf(own(resource, key)) ?? '');
    resources.set(`${mode} ${type} ${name}`, resource);
  }
  const calls = entries(own(value, 'module_calls')).map(
    ([name, call]) =>
      [name, { expressions: json(own(call, 'expressions')), module: readModule(own(call, 'module')) }] as const,
  );
  return {
    resource: (mode, type, name) => {
      const resource = resources.get(`${mode} ${type} ${name}`);
      return resource === undefined ? undefined : readResource(resource);
    },
    outputs: json(own(value, 'outputs')),
    calls: new Map(calls),
  };
}

function readResource(resource: unknown): ResourceConfiguration {
  const forEach = own(resource, 'for_each_expression');
  return {
    providerKey: textOf(own(resource, 'provider_config_key')),
    expressions: json(own(resource, 'expressions')),
    forEach: forEach === undefined ? undefined : readExpression(forEach),
    dependsOn: listOf(own(resource, 'depends_on')).flatMap((each) => (typeof each === 'string' ? [each] : [])),
    provisioners: listOf(own(resource, 'provisioners')).map((each) => textOf(own(each, 'type')) ?? 'unknown'),
  };
}

function entries(value: unknown): readonly [string, unknown][] {
  return isJson(value) ? Object.entries(value) : [];
}

function json(value: unknown): Json {
  return isJson(value) ? value : {};
}
