/** Resolves the project document into its environments, without their roles. */

import { defined } from '@leasehold/contract/defined';
import type { Checked } from './checked';
import { type Complaint, type Complaints, didYouMean, EnvironmentComplaints, listed, shown } from './complaints';
import { resolveIdentity } from './identity';
import type { Agent, Alerts, Backend, Environment, ExternalRole, Locate, Partition, Path } from './model';
import { nearest } from './nearest';
import { resolveStatement } from './resolve-statement';
import { keysOf } from './schema-complaints';
import { seconds } from './schema-parts';
import type { AlertsYaml, BackendYaml, EnvironmentYaml, ProjectYaml } from './schema-project';
import { resolveTemplate, type Scope } from './template';

/** An environment without its roles, and the data for resolving the roles. */
export interface ResolvedEnvironment {
  readonly environment: Omit<Environment, 'roles'>;
  readonly scope: Scope;
  /** The agents whose identity could be resolved. */
  readonly agents: ReadonlyMap<string, Agent>;
}

/** Replaces the written value of an environment's variable. */
export type ReplaceVariable = (environment: string, name: string, value: string) => string;

/**
 * The environments in the written order. An error is reported once. If the error does not apply to all environments,
 * the report names the environments.
 */
export function resolveEnvironments(
  project: Checked<ProjectYaml>,
  complaints: Complaints,
  variable: ReplaceVariable = (_, __, value) => value,
): readonly ResolvedEnvironment[] {
  const told = new EnvironmentComplaints();
  const all = Object.entries(project.yaml.environments);
  const resolved = all.map(([name, yaml]) => new Resolution(project, name, yaml, told, variable).environment());
  told.flush(complaints, all.length);
  sharedStates(project, resolved, complaints);
  return resolved;
}

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Whether the environment's name indicates production. */
function isProduction(name: string): boolean {
  return ['prod', 'production', 'live'].includes(name) || name.startsWith('prod-');
}

/**
 * The number of humans who must approve, and the time limit for the approval; by default one human within 30 minutes.
 */
export function resolveApproval(yaml: EnvironmentYaml['approval']): Environment['approval'] {
  return { humans: yaml?.humans ?? 1, windowSeconds: seconds(yaml?.window ?? '30m') };
}

class Resolution {
  private readonly scope: Scope;
  private readonly partition: Partition;

  constructor(
    private readonly project: Checked<ProjectYaml>,
    private readonly name: string,
    private readonly yaml: EnvironmentYaml,
    private readonly told: EnvironmentComplaints,
    variable: ReplaceVariable,
  ) {
    this.partition = this.yaml.partition ?? partitionOf(yaml.region);
    const values = Object.entries(yaml.variables ?? {});
    const variables = new Map(values.map(([key, value]) => [key, variable(name, key, value)]));
    this.scope = {
      project: project.yaml.name,
      environment: { name, account: yaml.account, region: yaml.region, partition: this.partition },
      variables,
      isBroken: brokenVariables(project, name, variables),
    };
  }

  environment(): ResolvedEnvironment {
    const { project, yaml, name } = this;
    this.checkPartition();
    const agents = this.agents();
    const backend = yaml.backend ?? project.yaml.backend ?? { type: 'local' as const };
    const backendPath = yaml.backend === undefined ? ['backend'] : ['environments', name, 'backend'];
    const alerts = yaml.alerts ?? project.yaml.alerts;
    const alertsPath = yaml.alerts === undefined ? ['alerts'] : ['environments', name, 'alerts'];
    const resolvedAlerts = alerts === undefined ? undefined : this.alerts(alerts, alertsPath);
    return {
      environment: {
        project: project.yaml.name,
        name,
        account: yaml.account,
        region: yaml.region,
        partition: this.partition,
        agents,
        approvers: [...(project.yaml.approvers ?? [])].sort(),
        production: yaml.production ?? isProduction(name),
        approval: resolveApproval(yaml.approval),
        ...defined({ mfa: yaml.mfa ?? project.yaml.mfa }),
        principals: [],
        backend: this.backend(backend, backendPath),
        ...defined({ alerts: resolvedAlerts }),
        external: this.external(),
        mixedAccess: (project.yaml.mixedAccess ?? []).map(({ role, because, until }) => ({
          role,
          because: because.trim(),
          until,
        })),
        waivers: (project.yaml.waivers ?? []).map(({ guardrail, because, until }) => ({
          guardrail,
          because: because.trim(),
          until,
        })),
        locate: this.locate(),
      },
      scope: this.scope,
      agents: new Map(agents.map((agent) => [agent.name, agent])),
    };
  }

  private checkPartition(): void {
    const meant = partitionOf(this.yaml.region);
    if (this.partition === meant) return;
    this.complain(['environments', this.name, 'partition'], {
      id: 'partition-mismatch',
      message: `The region \`${this.yaml.region}\` is in the partition \`${meant}\`, not in \`${this.partition}\`.`,
      hint: 'Remove `partition`: the region determines it.',
    });
  }

  private agents(): readonly Agent[] {
    const base = Object.entries(this.project.yaml.agents);
    const overrides = new Map(Object.entries(this.yaml.agents ?? {}));
    const declared = keysOf(this.project.written(['agents']));
    for (const name of overrides.keys()) {
      if (declared.includes(name) || declared.length === 0) continue;
      const meant = nearest(name, declared);
      this.told.add(
        this.project.places.key(['environments', this.name, 'agents', name]),
        {
          id: 'unknown-agent',
          message: `The project has no agent ${shown(name)}${didYouMean(meant)}`,
          expected: `one of ${listed(declared)}`,
          hint: meant === undefined ? "Declare it under the project's `agents`." : `Write \`${meant}\`.`,
        },
        this.name,
      );
    }
    const agents: Agent[] = [];
    for (const [name, { identity }] of base.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const override = overrides.get(name);
      const home: Path = override === undefined ? ['agents', name] : ['environments', this.name, 'agents', name];
      const resolved = resolveIdentity(
        (override ?? { identity }).identity,
        this.partition,
        (key, text) => this.put(text, [...home, 'identity', key]),
        (key, complaint) => this.complain([...home, 'identity', key], complaint),
      );
      const locate: Locate = (path) => this.project.places.value([...home, ...path.slice(2)]);
      if (resolved !== undefined) agents.push({ name, identity: resolved, locate });
    }
    return agents;
  }

  private external(): readonly ExternalRole[] {
    const { places } = this.project;
    return Object.entries(this.project.yaml.external ?? {})
      .map(([name, { arn, may }]): ExternalRole => {
        const home: Path = ['external', name];
        const statements = may === 'administrator' ? [] : may;
        const resolved = statements.map((statement, index) =>
          resolveStatement(statement, [...home, 'may', index], {
            put: (text, path) => this.put(text, path),
            putKey: (text, path) => this.put(text, path),
            draft: () => '',
            complain: (path, complaint) => this.complain(path, complaint),
          }),
        );
        return {
          name,
          arn: this.put(arn, [...home, 'arn']) ?? '',
          may: may === 'administrator' ? may : resolved,
          locate: (path) => places.value([...home, ...path.slice(2)]),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private backend(yaml: BackendYaml, path: Path): Backend {
    if (yaml.type === 'local') return { type: 'local' };
    const text = (key: string, written: string) => this.put(written, [...path, key]) ?? '';
    const standard = `leasehold/${this.project.yaml.name}-${this.name}.tfstate`;
    return {
      type: 's3',
      bucket: text('bucket', yaml.bucket),
      key: yaml.key === undefined ? standard : text('key', yaml.key),
      region: yaml.region === undefined ? this.yaml.region : text('region', yaml.region),
      ...(yaml.kmsKeyId === undefined ? {} : { kmsKeyId: text('kmsKeyId', yaml.kmsKeyId) }),
    };
  }

  private alerts(yaml: AlertsYaml, path: Path): Alerts {
    const trail = this.put(yaml.trail, [...path, 'trail']);
    const arn = `arn:${this.partition}:cloudtrail:`;
    if (trail !== undefined && trail !== 'create' && !(trail.startsWith(arn) && TRAIL.test(trail))) {
      this.complain([...path, 'trail'], {
        id: 'wrong-value',
        message: `${shown(trail)} is not a trail of this environment's partition.`,
        expected: `\`create\`, or an ARN \`${arn}<region>:<account>:trail/<name>\``,
        hint: "Write `create`, or copy the trail's ARN.",
      });
    }
    return {
      emails: yaml.emails ?? [],
      trail: trail === undefined || trail === 'create' ? 'create' : { arn: trail },
      ...defined({ hours: yaml.hours }),
    };
  }

  /** Locates values. For a value that an environment can replace, the location is where the value was written. */
  private locate(): Locate {
    const { places } = this.project;
    const { name, yaml } = this;
    return (path) => {
      const key = path[0];
      const here = (key === 'backend' && yaml.backend) || (key === 'alerts' && yaml.alerts);
      return places.value(here ? ['environments', name, ...path] : path);
    };
  }

  private put(text: string, path: Path): string | undefined {
    return resolveTemplate(text, this.scope, undefined, ({ piece, ...complaint }) =>
      this.told.add(this.project.places.within(path, piece), complaint, this.name),
    );
  }

  private complain(path: Path, complaint: Complaint): void {
    this.told.add(this.project.places.value(path), complaint, this.name);
  }
}

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
const TRAIL = /^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail\/[A-Za-z0-9._-]{3,128}$/;

/** Variables that the project defines but that were removed because of errors. */
function brokenVariables(
  project: Checked<ProjectYaml>,
  environment: string,
  variables: ReadonlyMap<string, string>,
): (name: string) => boolean {
  if (project.whole) return () => false;
  const path = ['environments', environment];
  const written = project.written([...path, 'variables']);
  // If the environment is a placeholder, or its variables are not a mapping, its variables are unknown.
  if (project.written(path) === undefined || (written !== undefined && keysOf(written).length === 0)) return () => true;
  return (name) => !variables.has(name) && project.written([...path, 'variables', name]) !== undefined;
}

/** Reports environments that share one Terraform state: each would plan to destroy the resources of the other. */
function sharedStates(
  project: Checked<ProjectYaml>,
  environments: readonly ResolvedEnvironment[],
  complaints: Complaints,
): void {
  const owners = new Map<string, string>();
  for (const { environment } of environments) {
    const { backend, name, locate } = environment;
    if (backend.type !== 's3' || !project.whole) continue;
    const state = `${backend.bucket}/${backend.key}`;
    const owner = owners.get(state);
    if (owner === undefined) {
      owners.set(state, name);
      continue;
    }
    complaints.add(locate(['backend', 'key']), {
      id: 'shared-state',
      message: `The environments \`${owner}\` and \`${name}\` have the same state file, ${shown(state)}.`,
      hint: 'Put `${env.name}` into the key, or remove the key.',
    });
  }
}
