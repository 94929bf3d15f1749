import type { Parameter } from '@leasehold/definitions';
import { type ActionInfo, accessOf, sensitiveRead } from '@leasehold/policy';
import { conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readAllows } from '../reading';
import { resourcesOf } from '../resources';

/**
 * If a role has a parameter that is bound to a subject, every statement must be narrowed by that parameter. A single
 * statement without the parameter would give access to the data of all subjects.
 */
export const subjectScope: RoleGuardrail = {
  id: 'subject-scope',
  title: 'In a role that is bound to an identity, all access to data is limited to that identity',
  severity: 'error',
  page: pageOf('subject-scope'),
  over: 'role',
  *check({ role, catalogue }) {
    const bound = role.parameters.filter(({ from }) => from !== undefined);
    if (bound.length === 0) return;
    for (const allow of readAllows(role, catalogue)) {
      const action = allow.granted.find(worksOnData);
      if (action === undefined || narrowedByCondition(allow, bound)) continue;
      for (const { text, index } of resourcesOf(allow)) {
        if (holds(text, bound)) continue;
        const names = bound.map(({ name }) => `\`${name}\``).join(' or ');
        yield {
          message: `\`${action.id}\` on \`${text}\` is not narrowed by ${names}, the only separation between the data of different users.`,
          hint: `Put \`\${param.${bound[0]?.name}}\` into the resource or a condition, or move this to a separate role.`,
          at: role.locate(['allow', allow.index, 'resources', index]),
        };
      }
    }
  },
};

/** Whether an action changes or reads data that must be separate for each subject. KMS keys do not count as data. */
function worksOnData(action: ActionInfo): boolean {
  return action.service !== 'kms' && (accessOf(action) !== 'read' || sensitiveRead(action.id) !== undefined);
}

/**
 * Whether a condition narrows the statement by a bound parameter. A condition that only excludes values, or that
 * tests the session's own tag, does not narrow the statement.
 */
function narrowedByCondition(allow: AllowReading, bound: readonly Parameter[]): boolean {
  return conditionsOf(allow).some(
    ({ operator, key, values }) =>
      operator !== undefined &&
      !operator.negated &&
      !/^aws:principaltag\//i.test(key) &&
      values.length > 0 &&
      values.every((value) => holds(value, bound)),
  );
}

function holds(text: string, bound: readonly Parameter[]): boolean {
  return bound.some(({ name }) => text.includes(`\${param.${name}}`));
}
