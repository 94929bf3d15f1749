import { parseArn } from '@leasehold/policy';
import { conditionsOf } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readStatements } from '../reading';

/**
 * A parameter may be used only in places where IAM substitutes its value: the last part of an ARN, and the values of
 * string and ARN conditions.
 */
export const parameterPlace: RoleGuardrail = {
  id: 'parameter-place',
  title: 'A parameter is used only where IAM substitutes its value',
  severity: 'error',
  page: pageOf('parameter-place'),
  unwaivable: 'in other places, IAM reads the variable as plain text, or the parameter could choose the account',
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      for (const [index, text] of allow.allow.resources.entries()) {
        const complaint = misplaced(text);
        if (complaint) yield { ...complaint, at: role.locate([allow.section, allow.index, 'resources', index]) };
      }
      for (const { name, operator, key, values, path } of conditionsOf(allow)) {
        if (name.includes('${') || key.includes('${')) {
          yield {
            message: `The variable in \`${name.includes('${') ? name : key}\` stays plain text: IAM replaces no variables in operators and keys.`,
            hint: 'Write the operator and the key out.',
            at: role.locate(path),
          };
        }
        const value = values.find((text) => text.includes('${'));
        if (value === undefined || operator === undefined) continue;
        if (operator.family !== 'String' && operator.family !== 'ARN') {
          yield {
            message: `\`${value}\` stays plain text under \`${name}\`: IAM replaces variables in string and ARN conditions only.`,
            hint: 'Write the value out.',
            at: role.locate(path),
          };
        } else if (operator.family === 'ARN') {
          const complaint = misplaced(value);
          if (complaint) yield { ...complaint, at: role.locate(path) };
        }
      }
    }
  },
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (where you can use variables) */
function misplaced(text: string): Omit<Complaint, 'at'> | undefined {
  if (!text.includes('${')) return undefined;
  const arn = parseArn(text);
  if (arn === undefined) {
    return {
      message: `\`${text}\` is not an ARN that is written out up to the parameter.`,
      expected: '`arn:partition:service:region:account:` in plain text, then the parameter',
      hint: 'Write the first five parts of the ARN without parameters.',
    };
  }
  const part = (['partition', 'service', 'region', 'account'] as const).find((name) => arn[name].includes('${'));
  return (
    part && {
      message: `There is a parameter in the ${part} of \`${text}\`.`,
      hint: `Write the ${part} of the ARN without parameters. A parameter can only narrow the resources within this part of the ARN.`,
    }
  );
}
