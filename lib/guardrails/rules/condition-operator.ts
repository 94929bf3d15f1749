import { isIP } from 'node:net';
import { nearest, parseArn } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf, OPERATOR_NAMES, type OperatorFamily } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readStatements } from '../reading';

/** Every condition operator must be an IAM operator, and its values must be of the operator's type. */
export const conditionOperator: RoleGuardrail = {
  id: 'condition-operator',
  title: 'Every condition operator is an IAM operator, with values that it can compare',
  severity: 'error',
  page: pageOf('condition-operator'),
  unwaivable: 'AWS rejects such a policy, or its condition never matches',
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      for (const entry of conditionsOf(allow)) {
        const complaint = entry.operator === undefined ? misspelt(entry.name) : unreadable(entry);
        if (complaint) yield { ...complaint, at: role.locate(entry.path) };
      }
    }
  },
};

type Unplaced = Omit<Complaint, 'at'>;

function misspelt(name: string): Unplaced {
  const [, set = '', base = '', suffix = ''] = /^([A-Za-z]+:)?(.*?)(IfExists)?$/i.exec(name) ?? [];
  const near = nearest(base, OPERATOR_NAMES);
  const right =
    near === undefined ? undefined : [sets(set), near, suffix === '' || near === 'Null' ? '' : 'IfExists'].join('');
  return {
    message: `\`${name}\` is not a condition operator of IAM.`,
    hint: right === undefined || right === name ? LOOK_UP : `Did you mean \`${right}\`?`,
  };
}

const LOOK_UP = 'Look up the operators in the IAM user guide: String…, Numeric…, Date…, Bool, Arn…, IpAddress, Null.';

function sets(set: string): string {
  return set === '' ? '' : (nearest(set, ['ForAllValues:', 'ForAnyValue:']) ?? '');
}

function unreadable({ name, operator, key, values }: ConditionEntry): Unplaced | undefined {
  if (values.length === 0) {
    return { message: `\`${name}\` on \`${key}\` has no value.`, hint: 'Write a value for it.' };
  }
  const reads = operator && READS[operator.family];
  // Another guardrail reports parameters in such values.
  const bad = reads && values.find((value) => !value.includes('${') && !reads.test(value));
  if (bad === undefined) return undefined;
  return {
    message: `\`${name}\` on \`${key}\` cannot compare \`${bad}\`.`,
    expected: reads?.what ?? '',
    hint: 'Correct the value, or choose an operator that matches the type of the value.',
  };
}

interface Reads {
  readonly what: string;
  test(value: string): boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const READS: Readonly<Partial<Record<OperatorFamily, Reads>>> = {
  Numeric: { what: 'a number', test: (value) => /^-?\d+(\.\d+)?$/.test(value) },
  Date: {
    what: 'an ISO 8601 date, or seconds since 1970',
    test: (value) =>
      /^\d+$/.test(value) ||
      (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(value) &&
        !Number.isNaN(Date.parse(value))),
  },
  Bool: { what: '`true` or `false`', test: (value) => /^(true|false)$/i.test(value) },
  Null: { what: '`true` or `false`', test: (value) => /^(true|false)$/i.test(value) },
  Binary: { what: 'base64', test: (value) => /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0 },
  IPAddress: { what: 'an address or a range in CIDR notation', test: isRange },
  ARN: { what: 'an ARN of six parts', test: (value) => parseArn(value) !== undefined },
};

function isRange(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
