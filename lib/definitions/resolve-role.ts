/**
 * Resolves a role document for one environment: applies overrides, replaces templates, and converts durations to
 * seconds.
 */

import { defined } from '@leasehold/contract/defined';
import { many } from '@leasehold/policy';
import type { Checked } from './checked';
import { type Complaint, didYouMean, type EnvironmentComplaints, listed, shown } from './complaints';
import type {
  Agent,
  Allow,
  AssumedRole,
  Binding,
  BrokerRules,
  ExternalRole,
  Gate,
  Locate,
  Parameter,
  PassedRole,
  Path,
  PerCall,
  Role,
} from './model';
import { nearest } from './nearest';
import { ParameterPattern } from './parameter-alphabet';
import type { PatternProblem } from './pattern-problem';
import { resolveBrokerRules } from './resolve-broker-rules';
import type { ResolvedEnvironment } from './resolve-environment';
import { emptyRole, resolveManaged } from './resolve-managed';
import { callDeny, locateWithDeny, readPerCall } from './resolve-per-call';
import { resolveStatement } from './resolve-statement';
import { keysOf } from './schema-complaints';
import { seconds } from './schema-parts';
import type { OverrideYaml, RoleYaml } from './schema-role';
import type { StatementYaml } from './schema-statements';
import { type Declared, draftTemplate, narrowingVariable, resolveTemplate } from './template';
import { overridden, present } from './where';

/**
 * Shortest session duration that STS permits: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const STS_FLOOR_SECONDS = 900;
const DEFAULT_LEASE_SECONDS = 900;

/** The context for resolving roles, in addition to their environment. */
export interface RoleContext {
  /** Names of all agents in the project, including invalid agents. */
  readonly agents: readonly string[];
  /**
   * Names that the project declares under `external`, including invalid entries; undefined if `external` is not a
   * mapping.
   */
  readonly external: readonly string[] | undefined;
  /**
   * Whether the project document is valid. If the project document is valid, an ARN that is missing under `external` is
   * undeclared.
   */
  readonly projectIsWhole: boolean;
  readonly told: EnvironmentComplaints;
}

/** The role in one environment. */
export function resolveRole(
  document: Checked<RoleYaml>,
  override: OverrideYaml,
  environment: ResolvedEnvironment,
  context: RoleContext,
): Role {
  return new Resolution(document, override, environment, context).role();
}

class Resolution {
  private readonly yaml: RoleYaml;
  private readonly declared: Declared;

  constructor(
    private readonly document: Checked<RoleYaml>,
    private readonly override: OverrideYaml,
    private readonly home: ResolvedEnvironment,
    private readonly context: RoleContext,
  ) {
    this.yaml = { ...document.yaml, ...present(override) };
    const written = document.written(this.path(['parameters']));
    const names = keysOf(written);
    // If the written value is not a mapping, the names are unknown.
    const isUnknown = !document.whole && written !== undefined && names.length === 0;
    this.declared = { has: (name) => isUnknown || names.includes(name), names };
  }

  role(): Role {
    const { yaml } = this;
    const gates = [...many(yaml.gate)].sort() as Gate[];
    const agents = this.agents();
    const lease = this.lease(gates);
    const parameters = this.parameters();
    const empty = emptyRole(this.document, yaml);
    if (empty) this.context.told.add(this.document.places.key([]), empty, this.home.environment.name);
    const managedPolicies = resolveManaged(yaml);
    const allow = (yaml.allow ?? []).map((statement, index) => this.statement(statement, ['allow', index]));
    const deny = (yaml.deny ?? []).map((statement, index) => this.statement(statement, ['deny', index]));
    const perCall = this.perCall({ allow, deny });
    this.checkWorkloads(gates, agents);
    const broker = gates.includes('broker') ? this.brokerRules(agents) : undefined;
    const databaseUser =
      yaml.sql?.databaseUser === undefined
        ? undefined
        : (this.put(yaml.sql.databaseUser, ['sql', 'databaseUser']) ?? '');
    return {
      name: yaml.name,
      purpose: yaml.purpose.trim(),
      access: typeof yaml.access === 'string' ? yaml.access : 'write+delete',
      gates,
      agents,
      lease,
      ...defined({ broker }),
      parameters,
      allow,
      ...defined({ managedPolicies }),
      deny: perCall === undefined ? deny : [...deny, callDeny(perCall)],
      ...defined({ perCall }),
      passes: this.passes(),
      assumes: this.assumes(),
      companions: [...many(yaml.companions)].sort(),
      sensitive: (yaml.sensitive ?? []).map(({ action, because }) => ({ action, because: because.trim() })),
      ...defined({ sql: yaml.sql && { ...defined({ databaseUser }), limits: yaml.sql.limits.trim() } }),
      waivers: (yaml.waivers ?? []).map(({ guardrail, because, until }) => ({
        guardrail,
        because: because.trim(),
        until,
      })),
      locate: perCall === undefined ? this.locate() : locateWithDeny(this.locate(), deny.length),
    };
  }

  private agents(): readonly string[] {
    if (this.yaml.agents === undefined) {
      // If the document has a fault, it may be in the list of agents, and `eligible` must get no second complaint.
      const isForPeople = this.yaml.managedPolicies !== undefined && this.document.whole;
      return isForPeople ? [] : [...this.home.agents.keys()];
    }
    return [...this.declaredAgents(many(this.yaml.agents), ['agents'])].sort();
  }

  /** Returns the names that belong to agents of the project, and reports every other name. */
  private declaredAgents(named: readonly string[], path: Path): readonly string[] {
    const { agents } = this.context;
    named.forEach((name, index) => {
      if (agents.includes(name) || agents.length === 0) return;
      const meant = nearest(name, agents);
      this.complain([...path, index], {
        id: 'unknown-agent',
        message: `The project has no agent ${shown(name)}${didYouMean(meant)}`,
        expected: `one of ${listed(agents)}`,
        hint: meant === undefined ? 'Declare it under `agents` of the project.' : `Write \`${meant}\`.`,
      });
    });
    return named.filter((name) => this.home.agents.has(name));
  }

  private brokerRules(agents: readonly string[]): BrokerRules {
    return resolveBrokerRules(this.yaml, {
      environment: this.home.environment,
      agents,
      declared: (names, path) => this.declaredAgents(names, path),
      complain: (path, complaint) => this.complain(path, complaint),
    });
  }

  private lease(gates: readonly Gate[]): Role['lease'] {
    const { lease = {} } = this.yaml;
    const written = { default: lease.default && seconds(lease.default), max: lease.max && seconds(lease.max) };
    const maxSeconds = written.max || Math.max(DEFAULT_LEASE_SECONDS, written.default || 0);
    const defaultSeconds = written.default || Math.min(DEFAULT_LEASE_SECONDS, maxSeconds);
    if (defaultSeconds > maxSeconds) {
      this.complain(['lease', 'default'], {
        id: 'lease-order',
        message: `A lease lasts \`${lease.default}\` by default, but at most \`${lease.max}\`.`,
        hint: 'Write a `default` that is not longer than `max`.',
      });
    } else if (gates.includes('mfa') && defaultSeconds < STS_FLOOR_SECONDS) {
      const key = maxSeconds < STS_FLOOR_SECONDS && lease.max !== undefined ? 'max' : 'default';
      this.complain(['lease', key], {
        id: 'mfa-lease-floor',
        message: `A lease of \`${lease[key]}\` is too short for \`gate: mfa\`: an STS session lasts at least 15 minutes.`,
        expected: 'at least `15m`',
        hint: 'Write `15m` or more, or `gate: broker`, which can end leases earlier.',
      });
    }
    return { defaultSeconds, maxSeconds };
  }

  private parameters(): readonly Parameter[] {
    const parameters = Object.entries(this.yaml.parameters ?? {});
    return parameters
      .map(([name, { description, pattern, values, from }]): Parameter => {
        const read = pattern === undefined ? undefined : new ParameterPattern(pattern);
        if (read?.problem !== undefined) this.refusePattern(name, read.problem);
        return {
          name,
          description: description.trim(),
          ...defined({ pattern: read, values }),
          // The schema accepts only values of this type.
          ...(from === undefined ? {} : { from: from as Binding }),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private refusePattern(name: string, { piece, ...complaint }: PatternProblem): void {
    const path = this.path(['parameters', name, 'pattern']);
    const at = this.document.places.within(path, piece);
    this.context.told.add(at, { id: 'parameter-pattern', ...complaint }, this.home.environment.name);
  }

  private statement(yaml: StatementYaml, path: Path): Allow {
    return resolveStatement(yaml, path, {
      put: (text, at) => this.put(text, at, { ...this.declared, ...defined({ narrowing: narrowingAt(at) }) }),
      putKey: (text, at) => this.put(text, at),
      draft: (text) => draftTemplate(text, this.home.scope, this.declared),
      complain: (at, complaint) => this.complain(at, complaint),
    });
  }

  private perCall(statements: Pick<Role, 'allow' | 'deny'>): PerCall | undefined {
    // If the document has a fault, it may be in the statements.
    const read = this.document.whole ? readPerCall(this.yaml, statements) : undefined;
    if (read === undefined || !('complaint' in read)) return read;
    this.complain(read.path, read.complaint);
    return undefined;
  }

  private passes(): readonly PassedRole[] {
    return (this.yaml.passes ?? []).flatMap(({ role: named, to, because }, index) => {
      const role = this.external(named, ['passes', index, 'role']);
      return role === undefined ? [] : [{ role, to, because: because.trim() }];
    });
  }

  private assumes(): readonly AssumedRole[] {
    return (this.yaml.assumes ?? []).flatMap(({ role: named, because }, index) => {
      const role = this.external(named, ['assumes', index, 'role']);
      return role === undefined ? [] : [{ role, because: because.trim() }];
    });
  }

  /** The role outside Leasehold with a name or an ARN. */
  private external(named: string, path: Path): ExternalRole | undefined {
    const { environment } = this.home;
    const text = this.put(named, path);
    if (text === undefined) return undefined;
    const found = environment.external.find(({ name, arn }) => name === text || arn === text);
    const declared = this.context.external;
    if (found !== undefined || declared === undefined || declared.includes(text)) return found;
    // An ARN may belong to an invalid entry, whose error was already reported.
    if (!this.context.projectIsWhole && text.includes(':')) return undefined;
    const meant = nearest(text, declared);
    this.complain(path, {
      id: 'unknown-external',
      message: `The project declares no role ${shown(text)} under \`external\`${didYouMean(meant)}`,
      expected:
        declared.length === 0
          ? 'a name or an ARN under `external` of the project'
          : `one of ${listed(declared)}, or its ARN`,
      hint:
        meant === undefined
          ? 'Declare it under `external` of the project, with its ARN and the maximum that it may do.'
          : `Write \`${meant}\`.`,
    });
    return undefined;
  }

  /**
   * Reports agents that are workloads, because a workload cannot type an MFA code. If the role also has the gate
   * `broker`, a workload uses the broker.
   */
  private checkWorkloads(gates: readonly Gate[], agents: readonly string[]): void {
    if (gates.length !== 1 || gates[0] !== 'mfa') return;
    const wasFaulty = this.yaml.agents === undefined && this.document.written(this.path(['agents'])) !== undefined;
    if (wasFaulty) return;
    const workloads = agents
      .map((name) => this.home.agents.get(name))
      .filter((agent): agent is Agent => agent !== undefined && agent.identity.type !== 'iam-user');
    if (workloads.length === 0) return;
    const all = workloads.map(({ name, identity }) => `\`${name}\` (\`${identity.type}\`)`);
    this.complain(['gate'], {
      id: 'mfa-workload',
      message: `The gate is \`mfa\`, but a workload cannot present a code: ${all.join(', ')}.`,
      expected: '`mfa` only for agents with an identity of type `iam-user`',
      hint: 'Write `gate: broker`, or name under `agents` only those that are IAM users.',
    });
  }

  private put(text: string, path: Path, parameters?: Declared): string | undefined {
    return resolveTemplate(text, this.home.scope, parameters, ({ piece, ...complaint }) =>
      this.context.told.add(this.document.places.within(this.path(path), piece), complaint, this.home.environment.name),
    );
  }

  private complain(path: Path, complaint: Complaint): void {
    this.context.told.add(this.document.places.value(this.path(path)), complaint, this.home.environment.name);
  }

  /** Where a key of the role is written in this environment. */
  private path(path: Path): Path {
    return overridden(path, this.override, this.home.environment.name);
  }

  private locate(): Locate {
    // Captures only the needed values, because there is one closure per role and there may be thousands of roles.
    const { places } = this.document;
    const { override } = this;
    const { name } = this.home.environment;
    return (path) => places.value(overridden(path, override, name));
  }
}

/**
 * The policy variable that is permitted at a position because it narrows the statement; only condition values have one.
 */
function narrowingAt(path: Path): string | undefined {
  const place = path.indexOf('conditions');
  return place < 0 ? undefined : narrowingVariable(String(path[place + 2]));
}
