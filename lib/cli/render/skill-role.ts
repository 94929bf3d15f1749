/** Describes one role of the catalogue: how to lease the role, what it permits, and what it must not be used for. */
import type { Agent, Allow, Environment, Parameter, Role } from '@leasehold/definitions';
import { mfaAgents, parameterTag, roleArn, templateParts } from '@leasehold/documents';
import type { ActionAccess, Powers } from '@leasehold/policy';
import { code, quoted } from './markdown';
import { duration, either } from './text';

/** The role as Markdown, for one agent. */
export function roleBlock(role: Role, agent: Agent, environment: Environment, powers: Powers): string {
  const gates = role.gates.filter((gate) => gate === 'broker' || mfaAgents(role, environment).includes(agent));
  return [
    `#### ${code(role.name)}`,
    '',
    quoted(role.purpose),
    '',
    `- Access: ${role.access}. Gate: ${gates.map(code).join(' or ')}.`,
    `- Lease: ${duration(role.lease.defaultSeconds)} (${role.lease.defaultSeconds} seconds), at most ${duration(role.lease.maxSeconds)}.`,
    `- ARN: ${code(roleArn(role, environment))}`,
    ...(role.parameters.length > 0
      ? ['- Parameters, all required:', ...role.parameters.map(parameterLine)]
      : ['- Parameters: none.']),
    '- It can:',
    ...role.allow.map((allow) => `  - ${allowLine(allow)}`),
    ...role.sensitive.map(
      ({ action, because }) => `  - read what is sensitive with ${code(action)}, because: ${quoted(because)}`,
    ),
    ...(role.sql
      ? [
          role.sql.databaseUser === undefined
            ? `  - run SQL, whose limits are: ${quoted(role.sql.limits)}`
            : `  - run SQL as the read-only database user ${code(role.sql.databaseUser)}, whose limits are: ${quoted(role.sql.limits)}`,
        ]
      : []),
    '- It must not, and IAM sees to it:',
    ...role.deny.map((statement) => `  - ${allowLine(statement)}`),
    ...prohibitions(role, powers).map((line) => `  - ${line}`),
    ...(powers.sql ? ['- IAM does not see SQL. Never send a statement that goes beyond the limits above.'] : []),
  ].join('\n');
}

function parameterLine({ name, description, pattern, values }: Parameter): string {
  const form = values ? `one of ${values.map(code).join(', ')}` : `matches ${code(pattern?.source ?? '')} as a whole`;
  return `  - ${code(name)}: ${quoted(description)}; ${form}; tag ${code(parameterTag(name))}`;
}

function allowLine({ actions, resources, conditions }: Allow): string {
  const where = resources.includes('*') ? 'any resource' : resources.map(code).join(', ');
  const when = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${code(key)} ${operator} ${values.map(code).join(' or ')}`),
  );
  return `${actions.map(code).join(', ')} on ${where}${when.length > 0 ? `, only if ${when.join(' and ')}` : ''}`;
}

/**
 * Access that the deployed policy does not permit. This is computed from the policy, not from the role's description.
 */
function prohibitions(role: Role, powers: Powers): readonly string[] {
  const { access } = powers;
  const withheld = access.has('read') ? powers.withheld() : [];
  const names = role.parameters.map(({ name }) => code(name)).join(', ');
  const narrowed = role.parameters.length > 0 && role.allow.every(isNarrowed);
  const missing = DEEDS.filter(([kind]) => !access.has(kind)).flatMap(([, verbs]) => verbs);
  return [
    ...(missing.length > 0 ? [`${either(missing)} anything`] : []),
    ...(narrowed ? [`reach anything beyond the values of ${names} that the lease was opened with`] : []),
    ...(withheld.length > 0 ? [`read what is sensitive: ${withheld.map(code).join(', ')}`] : []),
    'do anything else, or touch any other resource, than is listed above',
    'open another role, or change users, roles and policies of IAM',
  ];
}

const DEEDS: readonly (readonly [ActionAccess, readonly string[]])[] = [
  ['read', ['read']],
  ['write', ['create', 'change']],
  ['delete', ['delete']],
  ['permissions', ['change the permissions of']],
];

/** True if a statement permits something only when its parameters have values. */
function isNarrowed({ resources, conditions }: Allow): boolean {
  const bound = (value: string) => templateParts(value).some((part) => 'parameter' in part);
  return (
    resources.every(bound) ||
    Object.values(conditions).some((keys) => Object.values(keys).some((values) => values.every(bound)))
  );
}
