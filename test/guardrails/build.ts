/**
 * YAML snippets → resolved definitions, for tables of cases. A role or project states only what matters to its case;
 * everything else has a harmless default. Places are the real ones, so that a case can say where its finding stands.
 */

import { defined } from '@leasehold/contract/defined';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { SourceRange } from '../../lib/definitions/finding';
import type {
  Agent,
  Allow,
  Definitions,
  Environment,
  ExternalRole,
  Locate,
  Path,
  Role,
} from '../../lib/definitions/model';
import { aParameter, type ParameterOverrides } from '../support/environment';
import {
  type ApprovalYaml,
  approvalOf,
  type BrokerYaml,
  brokerOf,
  many,
  type One,
  type PrincipalYaml,
  principalOf,
  type RulesYaml,
  rulesOf,
  seconds,
} from './build-broker';

export type { PrincipalYaml } from './build-broker';

/** A parsed YAML text that knows its places. */
export interface Snippet {
  readonly value: unknown;
  /** Places a path below `base`. */
  locate(base: Path): Locate;
  /** The text at a place, without quotes. */
  textAt(range: SourceRange): string;
}

/** Parses one YAML document. */
export function snippet(text: string, file = 'roles/task.yaml'): Snippet {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [error] = document.errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const offset = (line: number, column: number) => (counter.lineStarts[line - 1] ?? 0) + column - 1;
  return {
    value: document.toJS(),
    locate: (base) => (path) => rangeOf(document, counter, file, [...base, ...path]),
    textAt: (at) =>
      text.slice(offset(at.line, at.column), offset(at.endLine, at.endColumn)).replace(/^(['"])(.*)\1$/s, '$2'),
  };
}

/** What a case states: one role, or several, and the project around them, with its broker and whom that knows. */
export interface CaseYaml {
  readonly role?: RoleYaml;
  readonly roles?: readonly RoleYaml[];
  /** So many copies of `role`, named `<name>-1` and so on. */
  readonly repeat?: number;
  readonly project?: ProjectYaml;
  readonly broker?: BrokerYaml;
  readonly principals?: readonly PrincipalYaml[];
}

/** The definitions of the case that stands at a path of a snippet. */
export function definitionsOf(source: Snippet, path: Path, yaml: CaseYaml): Definitions {
  const project = yaml.project ?? {};
  const roles = yaml.role
    ? copies(yaml.role, yaml.repeat).map((role) => ({ yaml: role, locate: source.locate([...path, 'role']) }))
    : (yaml.roles ?? []).map((role, index) => ({ yaml: role, locate: source.locate([...path, 'roles', index]) }));
  const environments = Object.entries(project.environments ?? { dev: {} });
  const principals = (yaml.principals ?? [])
    .map((principal, index) => principalOf(principal, source.locate([...path, 'principals', index])))
    .sort(byName);
  return {
    project: project.name ?? 'hermes',
    environments: environments.map(([name, environment]) => {
      const locate = source.locate([...path, 'project']);
      const here = yaml.broker?.environments?.includes(name) === false ? undefined : yaml.broker;
      const broker = here && brokerOf(here, source.locate([...path, 'broker']));
      const approval = approvalOf(environment?.approval ?? here?.approval);
      const around: Around = { approval, principals, ...defined({ broker }) };
      return environmentOf(name, environment ?? {}, project, roles, around, locate);
    }),
  };
}

/** What stands around the roles of an environment, beside the project. */
type Around = Pick<Environment, 'approval' | 'broker' | 'principals'>;

function copies(role: RoleYaml, count: number | undefined): readonly RoleYaml[] {
  if (count === undefined) return [role];
  return Array.from({ length: count }, (_, index) => ({ ...role, name: `${role.name ?? 'task'}-${index + 1}` }));
}

export interface RoleYaml extends RulesYaml {
  readonly name?: string;
  readonly purpose?: string;
  readonly access?: Role['access'] | readonly ['write', 'delete'];
  readonly gate?: One<'mfa' | 'broker'>;
  readonly lease?: { readonly default?: string; readonly max?: string };
  readonly parameters?: Readonly<
    Record<string, { description?: string } & Omit<ParameterOverrides, 'name' | 'description'>>
  >;
  readonly allow?: readonly StatementYaml[];
  readonly managedPolicies?: Role['managedPolicies'];
  readonly deny?: readonly StatementYaml[];
  /** Each role by its name under `external` of the project. */
  readonly passes?: readonly { role: string; to: string; because: string }[];
  readonly assumes?: readonly { role: string; because: string }[];
  readonly companions?: One<string>;
  readonly sensitive?: Role['sensitive'];
  readonly sql?: Role['sql'];
  readonly waivers?: Role['waivers'];
  readonly environments?: readonly string[] | Readonly<Record<string, false | RoleYaml>>;
}

export interface StatementYaml {
  readonly actions: One<string>;
  readonly resources: One<string>;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, One<string | number | boolean>>>>>;
}

export interface ProjectYaml {
  readonly name?: string;
  readonly mfa?: NonNullable<Environment['mfa']>;
  readonly environments?: Readonly<Record<string, EnvironmentYaml | null>>;
  readonly agents?: Readonly<Record<string, { identity: Agent['identity'] }>>;
  readonly approvers?: readonly string[];
  readonly external?: Readonly<Record<string, { arn: string; may: readonly StatementYaml[] | 'administrator' }>>;
  readonly mixedAccess?: Environment['mixedAccess'];
  readonly waivers?: Role['waivers'];
}

interface EnvironmentYaml {
  readonly mfa?: NonNullable<Environment['mfa']>;
  readonly account?: string;
  readonly region?: string;
  readonly partition?: Environment['partition'];
  readonly variables?: Readonly<Record<string, string>>;
  readonly approval?: ApprovalYaml;
  readonly production?: boolean;
  readonly backend?: Environment['backend'];
  readonly alerts?: Partial<NonNullable<Environment['alerts']>>;
}

function environmentOf(
  name: string,
  yaml: EnvironmentYaml,
  project: ProjectYaml,
  roles: readonly { yaml: RoleYaml; locate: Locate }[],
  around: Around,
  locate: Locate,
): Environment {
  const account = yaml.account ?? '123456789012';
  const region = yaml.region ?? 'ap-northeast-2';
  const partition = yaml.partition ?? 'aws';
  const agents = Object.entries(project.agents ?? { agent: { identity: { type: 'iam-user' as const } } })
    .map(([agent, { identity }]): Agent => ({ name: agent, identity, locate }))
    .sort(byName);
  const put = (text: string) =>
    text.replaceAll(/\$\{(env|var)\.([a-z_]+)\}/g, (whole, kind: string, key: string) => {
      const values = kind === 'env' ? { name, account, region, partition } : (yaml.variables ?? {});
      return Object.entries(values).find(([known]) => known === key)?.[1] ?? whole;
    });
  const external = Object.entries(project.external ?? {}).map(
    ([externalName, { arn, may }]): ExternalRole => ({
      name: externalName,
      arn: put(arn),
      may: may === 'administrator' ? may : may.map((each) => statementOf(each, put)),
      locate,
    }),
  );
  return {
    project: project.name ?? 'hermes',
    name,
    account,
    region,
    partition,
    agents,
    approvers: [...(project.approvers ?? ['oncall'])].sort(),
    production: yaml.production ?? name === 'prod',
    ...defined({ mfa: yaml.mfa ?? project.mfa }),
    ...around,
    roles: roles
      .flatMap((role) => roleOf(role.yaml, name, { ...around, agents, external, put }, role.locate))
      .sort(byName),
    backend: yaml.backend ?? { type: 'local' },
    ...(yaml.alerts ? { alerts: { emails: [], trail: 'create', ...yaml.alerts } } : {}),
    external,
    mixedAccess: project.mixedAccess ?? [],
    waivers: project.waivers ?? [],
    locate,
  };
}

/** What a role is resolved with. */
interface Home extends Pick<Environment, 'agents' | 'approval' | 'broker' | 'external'> {
  readonly put: (text: string) => string;
}

function roleOf(document: RoleYaml, environment: string, home: Home, locate: Locate): readonly Role[] {
  const { environments = {} } = document;
  if (Array.isArray(environments)) {
    return environments.includes(environment) ? [resolved(document, {}, home, locate)] : [];
  }
  const override = (environments as Readonly<Record<string, false | RoleYaml>>)[environment];
  if (override === false) return [];
  const place: Locate = (path) =>
    override && Object.hasOwn(override, String(path[0]))
      ? locate(['environments', environment, ...path])
      : locate(path);
  return [resolved(document, override ?? {}, home, place)];
}

function resolved(document: RoleYaml, override: RoleYaml, home: Home, locate: Locate): Role {
  const { agents, put } = home;
  const yaml = { ...document, ...override };
  const gates = [...many(yaml.gate ?? 'mfa')].sort();
  const max = seconds(yaml.lease?.max ?? '15m');
  return {
    name: yaml.name ?? 'task',
    purpose: yaml.purpose ?? 'Do one task.',
    access: typeof yaml.access === 'object' ? 'write+delete' : (yaml.access ?? 'read'),
    gates,
    agents: [...many(yaml.agents ?? (yaml.managedPolicies ? [] : agents.map((agent) => agent.name)))].sort(),
    lease: { defaultSeconds: yaml.lease?.default ? seconds(yaml.lease.default) : Math.min(900, max), maxSeconds: max },
    ...(gates.includes('broker') ? { broker: rulesOf(yaml, home) } : {}),
    parameters: Object.entries(yaml.parameters ?? {})
      .map(([name, { description = 'A value.', ...rest }]) => aParameter({ name, description, ...rest }))
      .sort(byName),
    allow: (yaml.allow ?? []).map((each) => statementOf(each, put)),
    passes: (yaml.passes ?? []).map((each) => ({ ...each, role: externalOf(each.role, home) })),
    assumes: (yaml.assumes ?? []).map((each) => ({ ...each, role: externalOf(each.role, home) })),
    deny: (yaml.deny ?? []).map((each) => statementOf(each, put)),
    companions: [...many(yaml.companions ?? [])].sort(),
    sensitive: yaml.sensitive ?? [],
    ...defined({ sql: yaml.sql, managedPolicies: yaml.managedPolicies }),
    waivers: yaml.waivers ?? [],
    locate,
  };
}

function externalOf(name: string, { external }: Pick<Environment, 'external'>): ExternalRole {
  const found = external.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the case declares no external role ${name}`);
  return found;
}

function statementOf(yaml: StatementYaml, put: (text: string) => string): Allow {
  return {
    actions: many(yaml.actions),
    resources: many(yaml.resources).map(put),
    conditions: Object.fromEntries(
      Object.entries(yaml.conditions ?? {}).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, many(value).map(String).map(put)])),
      ]),
    ),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** The place of a value, or of the nearest enclosing one that is written down. */
function rangeOf(document: Document.Parsed, counter: LineCounter, file: string, path: Path): SourceRange {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const [from, to] = node.range;
    const start = counter.linePos(from);
    const end = counter.linePos(to);
    return { file, line: start.line, column: start.col, endLine: end.line, endColumn: end.col };
  }
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
