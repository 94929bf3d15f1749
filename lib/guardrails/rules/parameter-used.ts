import { defined } from '@leasehold/contract/defined';
import { narrowingVariable, type Role } from '@leasehold/definitions';
import { LEASE_ID_TEMPLATE } from '@leasehold/documents';
import { pageOf, type RoleGuardrail } from '../guardrail';

/** Every parameter must narrow the role's permissions, and every variable must refer to a parameter. */
export const parameterUsed: RoleGuardrail = {
  id: 'parameter-used',
  title: 'Every parameter narrows something, and every variable is a declared parameter',
  severity: 'error',
  page: pageOf('parameter-used'),
  unwaivable: 'approvers are shown the parameter as a limit',
  over: 'role',
  *check({ role }) {
    const declared = new Set(role.parameters.map(({ name }) => `\${param.${name}}`));
    const used = new Set<string>();
    for (const { text, path, limits, isRead, narrowing } of textsOf(role)) {
      for (const variable of text.match(/\$\{[^}]*\}?/g) ?? []) {
        if (limits) used.add(variable);
        if (declared.has(variable) || (isRead && (variable === LEASE_ID_TEMPLATE || ESCAPES.test(variable)))) continue;
        if (narrowing !== undefined && variable.toLowerCase() === `\${${narrowing}}`) continue;
        yield {
          message: `\`${variable}\` in \`${text}\` is not a declared parameter.`,
          hint: 'Declare it under `parameters:`, or write the value out.',
          at: role.locate(path),
        };
      }
    }
    for (const { name } of role.parameters) {
      if (used.has(`\${param.${name}}`)) continue;
      yield {
        message: `Parameter \`${name}\` narrows nothing: no resource and no condition uses it.`,
        hint: `Use \`\${param.${name}}\` in a resource or a condition, or remove the parameter.`,
        at: role.locate(['parameters', name]),
      };
    }
  },
};

/** IAM's escapes for one literal character. */
const ESCAPES = /^\$\{[*?$]\}$/;

interface Text {
  readonly text: string;
  readonly path: readonly (string | number)[];
  /** Whether IAM replaces variables here. */
  readonly isRead: boolean;
  /** Whether a parameter at this position narrows the role. */
  readonly limits: boolean;
  /** An IAM policy variable, in lower case, that is permitted at this position because it narrows the statement. */
  readonly narrowing?: string;
}

function* textsOf(role: Role): Iterable<Text> {
  for (const section of ['allow', 'deny'] as const) {
    for (const [index, { actions, resources, conditions }] of role[section].entries()) {
      for (const [entry, text] of actions.entries()) {
        yield { text, path: [section, index, 'actions', entry], limits: false, isRead: false };
      }
      // A parameter in a deny statement limits nothing: the requester can choose a value that is not denied.
      for (const [entry, text] of resources.entries()) {
        yield { text, path: [section, index, 'resources', entry], limits: section === 'allow', isRead: true };
      }
      for (const [operator, keys] of Object.entries(conditions)) {
        for (const [key, values] of Object.entries(keys)) {
          const path = [section, index, 'conditions', operator, key];
          for (const text of [operator, key]) yield { text, path, limits: false, isRead: false };
          // A parameter that is compared with its own tag, or excluded, limits nothing.
          const limits = section === 'allow' && !/^aws:principaltag\//i.test(key) && !operator.includes('Not');
          const narrowing = narrowingVariable(key);
          for (const text of values) yield { text, path, limits, isRead: true, ...defined({ narrowing }) };
        }
      }
    }
  }
}
