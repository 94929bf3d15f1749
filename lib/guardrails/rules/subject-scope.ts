import type { Parameter } from '@leasehold/definitions';
import { type ActionInfo, accessOf, sensitiveRead } from '@leasehold/policy';
import { conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readAllows } from '../reading';
import { resourcesOf } from '../resources';

/**
 * If an identity separates one subject's data from another's, every statement must be narrowed by it: a single
 * statement that is not gives access to everybody's data.
 */
export const subjectScope: RoleGuardrail = {
  id: 'subject-scope',
  title: 'In a role that is bound to an identity, the identity narrows all access to data',
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

/**
 * Whether an action changes something, or reads data that must stay separate. KMS keys do not count as anybody's data.
 */
function worksOnData(action: ActionInfo): boolean {
  return action.service !== 'kms' && (accessOf(action) !== 'read' || sensitiveRead(action.id) !== undefined);
}

/** A condition that excludes values, or that compares the session's own tag, limits nothing. */
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
