/** Decides whether an agent or a person may request a role, with the reason. The broker checks this first. */
import type { Environment, Role } from '@leasehold/definitions';
import { isForPeopleOnly } from '../managed-policies';
import { mfaAgents } from '../trust';
import { isBrokered } from './names';

/** The result for one agent or person. */
export interface Eligibility {
  readonly eligible: boolean;
  /** One sentence. */
  readonly because: string;
}

/**
 * Whether an agent or a person may request a role, according to the groups in the definitions. Group changes that
 * administrators made later are stored only in the broker's table.
 * @returns `undefined` for a name that the environment does not define.
 */
export function eligibility(role: Role, name: string, environment: Environment): Eligibility | undefined {
  const agent = environment.agents.find((candidate) => candidate.name === name);
  const person = environment.principals.find((known) => known.kind === 'person' && known.name === name);
  if (agent === undefined && person === undefined) return undefined;
  if (agent !== undefined && isForPeopleOnly(role)) {
    return { eligible: false, because: `${role.name} has policies that AWS manages, so it is open to people only.` };
  }
  if (agent !== undefined && mfaAgents(role, environment).includes(agent)) {
    return { eligible: true, because: `${name} opens ${role.name} itself, with a human's code.` };
  }
  if (!isBrokered(role) || role.broker === undefined) {
    const eligible = agent !== undefined && role.agents.includes(name);
    return { eligible, because: `${role.name} is ${eligible ? '' : 'not '}open to ${name}.` };
  }
  const { agents, groups } = role.broker.eligible;
  const shared = (person?.groups ?? []).filter((group) => groups.includes(group));
  const eligible = agent === undefined ? shared.length > 0 : agents.includes(name);
  const open =
    [listed('agent', agents), listed('group', groups)].filter((text) => text !== '').join(' and ') || 'nobody';
  const who =
    agent !== undefined
      ? `${name} is an agent, and agents have no groups`
      : `${name} is a person of ${person?.groups.length ? listed('group', person.groups) : 'no group'}`;
  const because = eligible
    ? `${role.name} is open to ${open}.`
    : `The broker does not issue leases of the role ${role.name} to ${name}: the role is open to ${open}, and ${who}.`;
  return { eligible, because };
}

/** Agents and people who may request a role, sorted. */
export function eligibleAskers(role: Role, environment: Environment): readonly string[] {
  const names = [...environment.agents, ...environment.principals].map(({ name }) => name);
  return [...new Set(names)].filter((name) => eligibility(role, name, environment)?.eligible).sort();
}

function listed(kind: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `the ${kind}${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
}
