/**
 * Arguments that several commands share, and functions that select the environments, agents and roles named by these
 * arguments.
 */

import type { Agent, Definitions, Environment, Role } from '@leasehold/definitions';
import { eligibility, eligibleAskers } from '@leasehold/documents';
import { nearest } from '@leasehold/policy';
import { Argument, Option } from 'commander';
import { UsageError } from './exit';
import { either } from './render/text';

/** One agent in one environment. */
export interface AgentPlace {
  readonly agent: Agent;
  readonly environment: Environment;
}

/** One role in one environment. */
export interface RolePlace {
  readonly role: Role;
  readonly environment: Environment;
}

/** Default folder to read. */
export const DEFAULT_PATH = 'roles';

/** The argument `[paths...]`: files and folders with definitions. */
export function pathsArgument(): Argument {
  return new Argument('[paths...]', 'files and folders of definitions').default([DEFAULT_PATH]);
}

/**
 * The option `--roles <path>`: files and folders with definitions. Used by commands whose positional arguments have
 * another meaning.
 */
export function rolesOption(): Option {
  return new Option(
    '--roles <path>',
    `a file or folder of definitions (default: "${DEFAULT_PATH}"); may be repeated`,
  ).argParser(collect);
}

/** The option `--env <name>`, which may be repeated. */
export function environmentOption(): Option {
  return new Option('--env <name>', 'only this environment; may be repeated').argParser(collect);
}

/** The named environments, in the order of the project; all environments if none is named. */
export function chooseEnvironments(
  definitions: Definitions,
  names: readonly string[] | undefined,
): readonly Environment[] {
  if (names === undefined) return definitions.environments;
  for (const name of names) find('environment', name, definitions.environments, `project ${definitions.project}`);
  return definitions.environments.filter((environment) => names.includes(environment.name));
}

/**
 * The one environment to use. If the project has several environments, the user must name one, because results differ
 * between environments.
 */
export function chooseEnvironment(definitions: Definitions, name: string | undefined): Environment {
  const { environments, project } = definitions;
  const [only, ...others] = environments;
  if (name !== undefined) return find('environment', name, environments, `project ${project}`);
  if (only && others.length === 0) return only;
  throw new UsageError(`project ${project} has several environments and none is named`, {
    expected: either(environments.map((environment) => `--env ${environment.name}`)),
    hint: `Add --env ${only?.name ?? 'NAME'}.`,
  });
}

/** The role with the given name. */
export function chooseRole(environment: Environment, name: string): Role {
  return find('role', name, environment.roles, `environment ${environment.name}`);
}

/** The role with the given name, in each environment in which it exists. It must exist in at least one environment. */
export function chooseRoles(environments: readonly Environment[], name: string): readonly RolePlace[] {
  const places = environments.flatMap((environment) => environment.roles.map((role) => ({ role, environment })));
  const all = new Map(places.map(({ role }) => [role.name, role]));
  find('role', name, [...all.values()], `environment ${either(environments.map((environment) => environment.name))}`);
  return places.filter(({ role }) => role.name === name);
}

/**
 * The agent or person who requests the role: the agent or person that the user named, or else the only agent that may
 * request the role. People request a role in the same way as agents.
 */
export function chooseAsker(environment: Environment, role: Role, name: string | undefined): Agent {
  const where = `environment ${environment.name}`;
  if (name !== undefined) {
    const person = environment.principals.find((known) => known.kind === 'person' && known.name === name);
    const asPerson = person && { name, identity: { type: 'iam-user' as const }, locate: person.locate };
    return (
      environment.agents.find((agent) => agent.name === name) ??
      asPerson ??
      find('agent', name, environment.agents, where)
    );
  }
  const askers = environment.agents.filter((agent) => eligibility(role, agent.name, environment)?.eligible);
  const others = eligibleAskers(role, environment);
  if (askers.length === 0 && others.length > 0) {
    throw new UsageError(`no agent may ask for ${role.name} in ${where}, and no person is named`, {
      expected: others.join(', '),
      hint: `Add --as ${others[0]}.`,
    });
  }
  return onlyOne(askers, '--as', `role ${role.name} in ${where}`);
}

/** The agent with the given name, in each selected environment in which it exists. */
export function agentPlaces(
  definitions: Definitions,
  options: { readonly env?: readonly string[]; readonly agent?: string },
): readonly AgentPlace[] {
  const environments = chooseEnvironments(definitions, options.env);
  const all = new Map(environments.flatMap(({ agents }) => agents.map((agent) => [agent.name, agent])));
  const where = `project ${definitions.project}`;
  const { name } =
    options.agent === undefined
      ? onlyOne([...all.values()], '--agent', where)
      : find('agent', options.agent, [...all.values()], where);
  return environments.flatMap((environment) =>
    environment.agents.filter((agent) => agent.name === name).map((agent) => ({ agent, environment })),
  );
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function onlyOne(agents: readonly Agent[], option: string, where: string): Agent {
  const [only, ...others] = agents;
  if (only && others.length === 0) return only;
  throw new UsageError(`${where} has ${only ? 'several agents and none is named' : 'no agent'}`, {
    ...(only ? { expected: either(agents.map((agent) => `${option} ${agent.name}`)) } : {}),
    hint: only ? `Add ${option} ${only.name}.` : 'Add an agent to the definitions.',
  });
}

/** Maximum number of names in an error message. Further names are only counted. */
const NAMED = 8;

function few(names: readonly string[]): readonly string[] {
  return names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names;
}

function find<T extends { readonly name: string }>(kind: string, name: string, among: readonly T[], where: string): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found) return found;
  const names = among.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new UsageError(`${where} has no ${kind} "${name}"`, {
    expected: names.length > 0 ? either(few(names)) : 'none is defined',
    hint: near === undefined ? `Name one of the defined ${kind}s.` : `Did you mean "${near}"?`,
  });
}
