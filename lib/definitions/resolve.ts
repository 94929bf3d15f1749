/**
 * Resolves all documents into the definitions of a project, and runs the checks that involve more than one document.
 */
import { append } from '@leasehold/contract/any-length';
import type * as z from 'zod';
import { type Checked, check } from './checked';
import { type Complaint, type Complaints, EnvironmentComplaints, listed } from './complaints';
import { byKind } from './kinds';
import type { Definitions, Role } from './model';
import type { RawDocument } from './parse';
import { checkNames, type Named } from './physical-names';
import { withBroker } from './resolve-broker';
import { checkBrokerKeys } from './resolve-broker-rules';
import { type ReplaceVariable, type ResolvedEnvironment, resolveEnvironments } from './resolve-environment';
import { callRole } from './resolve-per-call';
import { withPrincipals } from './resolve-principals';
import { resolveRole } from './resolve-role';
import { type BrokerYaml, brokerSchema } from './schema-broker';
import { isMapping, keysOf } from './schema-complaints';
import { type PrincipalYaml, principalSchema } from './schema-principal';
import { type ProjectYaml, projectSchema } from './schema-project';
import { type OverrideYaml, type RoleYaml, roleSchema } from './schema-role';
import { holdsIn, whereItHolds } from './where';

/**
 * The definitions, as far as they could be resolved. The result may be used only if no error was reported.
 * @param unread whether part of the input could not be read, so a document that seems to be missing may be in the
 *   unread part
 */
export function resolveDefinitions(
  documents: readonly RawDocument[],
  unread: boolean,
  complaints: Complaints,
  variable?: ReplaceVariable,
): Definitions | undefined {
  const kinds = byKind(documents, complaints);
  const complete = kinds.complete && !unread;
  const project = theOne<ProjectYaml>('project', projectSchema, kinds.projects, complaints);
  const broker = theOne<BrokerYaml>('broker', brokerSchema, kinds.brokers, complaints);
  const roles = distinct(
    kinds.roles
      .map((document) => check<RoleYaml>(roleSchema, document, complaints))
      .filter((role) => role !== undefined),
    complaints,
  );
  const principals = kinds.principals
    .map((document) => check<PrincipalYaml>(principalSchema, document, complaints))
    .filter((principal) => principal !== undefined);
  if (kinds.projects.length === 0 && complete) complainOfNoProject(roles[0] ?? broker ?? principals[0], complaints);
  if (project === undefined) return undefined;

  // Names as written, including names of invalid values.
  const known = keysOf(project.written(['environments']));
  const agents = keysOf(project.written(['agents']));
  const bare = resolveEnvironments(project, complaints, variable);
  const brokered = broker === undefined ? bare : withBroker(broker, project, bare, known, complaints);
  const environments = withPrincipals(principals, brokered, { environments: known, agents }, complaints);
  const resolved = resolveRoles(project, roles, environments, known, complaints);
  checkNames(project, [...namedAgents(project, environments), ...resolved.named], complaints);
  const definitions: Definitions = {
    project: project.yaml.name,
    environments: environments.map(({ environment }) => ({
      ...environment,
      roles: (resolved.roles.get(environment.name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  };
  if (project.whole) checkGates(project, definitions, complaints);
  if (kinds.roles.length === 0 && complete) complainOfNoRoles(project, complaints);
  if (!complaints.hasErrors) checkEmptiness(project, roles, definitions, complaints);
  return definitions;
}

/** The only document of a kind that must occur once in a project. */
function theOne<T>(
  what: 'project' | 'broker',
  schema: z.ZodType<T>,
  documents: readonly RawDocument[],
  complaints: Complaints,
): Checked<T> | undefined {
  const [first, ...others] = documents;
  if (first === undefined) return undefined;
  const { file, line } = first.places.key(['kind']);
  for (const { places } of others) {
    complaints.add(places.value(['kind']), {
      id: `two-${what}s`,
      message: `A ${what} already exists, at ${file}:${line}.`,
      hint: HINTS[what],
    });
  }
  return check<T>(schema, first, complaints);
}

const HINTS = {
  project: 'Keep one project; load the definitions of another project separately.',
  broker: 'Keep one broker; write what differs in an environment under its `environments`.',
} as const;

function complainOfNoProject(document: Checked<unknown> | undefined, complaints: Complaints): void {
  if (document === undefined) return;
  complaints.add(document.places.key(['kind']), {
    id: 'no-project',
    message: `There is a ${String(document.written(['kind'])).toLowerCase()}, but no project that defines where it is deployed.`,
    expected: 'one document with `kind: Project`',
    hint: 'Write a project document, or specify the folder that contains it.',
  });
}

/** The roles without duplicate names. */
function distinct(roles: readonly Checked<RoleYaml>[], complaints: Complaints): readonly Checked<RoleYaml>[] {
  const first = new Map<string, Checked<RoleYaml>>();
  return roles.filter((role) => {
    const name = role.yaml.name;
    if (!isNamed(role)) return true;
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, role);
      return true;
    }
    const { file, line, column } = before.places.value(['name']);
    complaints.add(role.places.value(['name']), {
      id: 'duplicate-role',
      message: `The role \`${name}\` is already defined, at ${file}:${line}:${column}.`,
      hint: 'Rename or remove one of the two; write what differs in an environment under `environments` of one role.',
    });
    return false;
  });
}

/** Whether the document's name is the written name, and not a placeholder. */
function isNamed(role: Checked<RoleYaml>): boolean {
  return role.written(['name']) === role.yaml.name;
}

/** The role for single calls has a name that no document may have. */
function checkCallName(
  { name, locate }: Role,
  documents: readonly Checked<RoleYaml>[],
  told: EnvironmentComplaints,
  environment: string,
): void {
  if (!documents.some((document) => document.yaml.name === name)) return;
  const complaint: Complaint = {
    id: 'per-call-name',
    message: `\`perCall\` adds a role \`${name}\`, but another document has this name.`,
    hint: 'Rename one of the two roles.',
  };
  told.add(locate(['perCall']), complaint, environment);
}

interface ResolvedRoles {
  /** The roles, by environment name. */
  readonly roles: ReadonlyMap<string, Role[]>;
  readonly named: readonly Named[];
}

function resolveRoles(
  project: Checked<ProjectYaml>,
  documents: readonly Checked<RoleYaml>[],
  environments: readonly ResolvedEnvironment[],
  known: readonly string[],
  complaints: Complaints,
): ResolvedRoles {
  const roles = new Map<string, Role[]>(environments.map(({ environment }) => [environment.name, []]));
  const named: Named[] = [];
  const external = project.written(['external']) ?? {};
  const context = {
    agents: keysOf(project.written(['agents'])),
    external: isMapping(external) ? keysOf(external) : undefined,
    projectIsWhole: project.whole,
    told: new EnvironmentComplaints(),
  };
  for (const document of documents) {
    const places = whereItHolds<OverrideYaml>(document, environments, known, complaints);
    for (const { home, override } of places) {
      const { name: environment } = home.environment;
      const role = resolveRole(document, override, home, context);
      const call = callRole(role);
      const own = call === undefined ? [role] : [role, call];
      append(roles.get(environment) ?? [], own);
      if (isNamed(document)) {
        const at = () => document.places.value(['name']);
        for (const { name } of own) {
          named.push({ what: 'role', name, environment, at });
        }
      }
      if (call !== undefined) checkCallName(call, documents, context.told, environment);
    }
    context.told.flush(complaints, places.length);
    checkBrokerKeys(document, places, complaints);
  }
  return { roles, named };
}

function namedAgents(project: Checked<ProjectYaml>, environments: readonly ResolvedEnvironment[]): readonly Named[] {
  return environments.flatMap(({ environment, agents }) =>
    [...agents.keys()].map((name): Named => {
      const at = () => project.places.key(['agents', name]);
      return { what: 'agent', name, environment: environment.name, at };
    }),
  );
}

function checkGates(project: Checked<ProjectYaml>, { environments }: Definitions, complaints: Complaints): void {
  const withMfa = environments.flatMap(({ roles }) => roles.filter(({ gates }) => gates.includes('mfa')));
  const names = new Set(withMfa.map(({ name }) => name));
  if (project.yaml.approvers === undefined && names.size > 0) {
    complaints.add(project.places.value(['name']), {
      id: 'mfa-without-approver',
      message: `The project has no approvers, so nobody can open its roles with \`gate: mfa\`: ${listed(names, 'and')}.`,
      hint: 'List the people who approve under `approvers`, for example `approvers: [oncall]`.',
    });
  }
}

/** A project with nothing to deploy is an error. */
function complainOfNoRoles(project: Checked<ProjectYaml>, complaints: Complaints): void {
  complaints.add(project.places.value(['name']), {
    id: 'no-roles',
    message: 'The project has no role, so there is nothing to deploy.',
    hint: 'Write a document with `kind: Role`.',
  });
}

/** Reports roles without an environment and environments without a role, but only if there is no other error. */
function checkEmptiness(
  project: Checked<ProjectYaml>,
  roles: readonly Checked<RoleYaml>[],
  { environments }: Definitions,
  complaints: Complaints,
): void {
  for (const role of roles) {
    const { environments: where } = role.yaml;
    if (where === undefined || environments.some(({ name }) => holdsIn(where, name))) continue;
    complaints.add(role.places.key(['environments']), {
      id: 'role-nowhere',
      severity: 'warning',
      message: `The role \`${role.yaml.name}\` exists in no environment.`,
      hint: 'Add an environment to its `environments`, or remove the role.',
    });
  }
  for (const { name, roles: here } of environments) {
    if (here.length > 0) continue;
    complaints.add(project.places.key(['environments', name]), {
      id: 'empty-environment',
      severity: 'warning',
      message: `No role exists in the environment \`${name}\`, so its agents cannot request anything.`,
      hint: 'Remove the environment, or add a role to it.',
    });
  }
}
