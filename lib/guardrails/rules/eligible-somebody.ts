import type { BrokerRules, Environment, Parameter } from '@leasehold/definitions';
import { matchesParameter } from '@leasehold/definitions';
import { nearest } from '@leasehold/policy';
import { firstWritten } from '../finding-place';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/** Every name in `eligible` must exist, and the requester with this name must be able to get a lease. */
export const eligibleSomebody: RoleGuardrail = {
  id: 'eligible-somebody',
  title: 'At least one requester is permitted to request the role from the broker and can get a lease of it',
  severity: 'warning',
  page: pageOf('eligible-somebody'),
  over: 'role',
  *check({ role, environment }) {
    const { broker: rules, parameters } = role;
    if (environment.broker === undefined || rules === undefined) return;
    const { groups } = rules.eligible;
    for (const [index, group] of groups.entries()) {
      const complaint = emptyGroup(group, rules, environment);
      if (complaint) yield { ...complaint, at: role.locate(['eligible', 'groups', index]) };
    }
    const bound = parameters.filter(({ from }) => from === 'requester.name');
    for (const parameter of bound) {
      const complaint = unfitting(parameter, rules, environment);
      if (!complaint) continue;
      const path = ['parameters', parameter.name];
      yield { ...complaint, at: firstWritten(role.locate, [...path, 'pattern'], [...path, 'values']) };
    }
  },
};

/** This is not an error, because administrators may add members to the group later. */
function emptyGroup(
  group: string,
  { eligible }: BrokerRules,
  { principals }: Environment,
): Omit<Complaint, 'at'> | undefined {
  const known = new Set(principals.flatMap(({ groups }) => groups));
  if (known.has(group)) return undefined;
  const meant = nearest(group, [...known]);
  const somebody = eligible.agents.length > 0 || eligible.groups.some((other) => known.has(other));
  return {
    message: `Nobody is in the group \`${group}\`${somebody ? '' : ', so nobody may request this role'}.`,
    hint:
      meant === undefined
        ? `Write \`groups: [${group}]\` in the document of a principal, or ask an administrator to add somebody to it.`
        : `Did you mean \`${meant}\`?`,
  };
}

/** Every request is denied if the parameter does not accept the requester's name. */
function unfitting(
  parameter: Parameter,
  { eligible }: BrokerRules,
  { principals }: Environment,
): Omit<Complaint, 'at'> | undefined {
  const people = principals.filter(({ groups }) => groups.some((group) => eligible.groups.includes(group)));
  const askers = [...eligible.agents, ...people.map(({ name }) => name)];
  const unfit = askers.filter((name) => !matchesParameter(parameter, name));
  if (unfit.length === 0) return undefined;
  return {
    message: `\`${unfit.join('`, `')}\` may request this role but never gets it: parameter \`${parameter.name}\` is their name, and does not permit this value.`,
    hint: `Change \`${parameter.name}\` so that it permits the names of all who are eligible, or remove them from \`eligible\`.`,
  };
}
