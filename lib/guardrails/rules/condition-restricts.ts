import { parseArn } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';

/** A condition must not be true for every request, because such a condition would have no effect. */
export const conditionRestricts: RoleGuardrail = {
  id: 'condition-restricts',
  title: 'A condition restricts something',
  severity: 'error',
  page: pageOf('condition-restricts'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      for (const entry of conditionsOf(allow)) {
        const value = alwaysTrue(entry);
        if (value === undefined) continue;
        yield {
          message: `\`${entry.name}\` on \`${entry.key}\` is true for ${value} and so restricts nothing.`,
          hint: 'Name the values that the task needs.',
          at: role.locate(entry.path),
        };
      }
    }
  },
};

/** Why the condition is true for every request with the key; `undefined` if it may be false. */
function alwaysTrue({ operator, key, values }: ConditionEntry): string | undefined {
  if (operator === undefined || operator.negated) return undefined;
  const all = values.find((value) => isEverything(value, operator.family, operator.like));
  if (all !== undefined) return `every value, with \`${all}\`,`;
  if (operator.family === 'Bool' || operator.family === 'Null') {
    const said = new Set(values.map((value) => value.toLowerCase()));
    return said.has('true') && said.has('false') ? '`true` and `false` alike' : undefined;
  }
  return comparesWithItself(key, values) ? 'the very tag that the parameter is read from,' : undefined;
}

function isEverything(
  value: string,
  family: NonNullable<ConditionEntry['operator']>['family'],
  like: boolean,
): boolean {
  if (family === 'IPAddress') return /\/0+$/.test(value);
  if (!like) return false;
  if (/^[*?]+$/.test(value)) return true;
  if (family !== 'ARN') return false;
  const arn = parseArn(value);
  return arn !== undefined && [arn.service, arn.account, arn.resource].every((part) => /^[*?]+$/.test(part));
}

/** `aws:PrincipalTag/param.x` always has the parameter's value. */
function comparesWithItself(key: string, values: readonly string[]): boolean {
  const [, name] = /^aws:principaltag\/param\.(.+)$/i.exec(key) ?? [];
  return name !== undefined && values.some((value) => value.toLowerCase() === `\${param.${name.toLowerCase()}}`);
}
