/**
 * A statement of which the review says that no stranger is let in lets none in: strangers are built from the conditions
 * themselves, with every wildcard filled in as somebody else would, and `evaluate` is asked.
 */

import { defined } from '@leasehold/contract/defined';
import { evaluate, type PolicyDocument, type Principal, prepare, type Statement } from '@leasehold/policy';
import fc from 'fast-check';
import { callersOf } from '../../../lib/review/callers/strangers';

const RUNS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 3) };
const STRANGER = '666677778888';

/** Key → values that policies write for it, and the strangers' own. */
const KEYS = {
  'aws:PrincipalOrgID': { written: ['o-home', 'o-*', 'o-????', '*', 'o-h*'], theirs: ['o-else', 'o-hers'] },
  'aws:PrincipalAccount': { written: ['123456789012', '????????????', '*', '12*'], theirs: [STRANGER] },
  'aws:PrincipalArn': {
    written: ['arn:aws:iam::123456789012:role/ci', 'arn:aws:iam::*:role/ci', 'arn:*', '*', 'arn:aws:iam::*'],
    theirs: [],
  },
  'aws:SourceVpce': { written: ['vpce-1', 'vpce-*', '*'], theirs: ['vpce-6'] },
  'aws:SourceAccount': { written: ['123456789012', '*'], theirs: [STRANGER] },
  'aws:PrincipalTag/team': { written: ['ops', '*'], theirs: ['ops'] },
} as const;

const OPERATORS = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase', 'StringLikeIfExists', 'StringNotEquals'];
const block = fc
  .array(
    fc.constantFrom(...(Object.keys(KEYS) as (keyof typeof KEYS)[])).chain((key) =>
      fc.record({
        key: fc.constant(key),
        operator: fc.constantFrom(...OPERATORS, ...(key === 'aws:PrincipalArn' ? ['ArnLike', 'ArnEquals'] : [])),
        values: fc.uniqueArray(fc.constantFrom(...KEYS[key].written), { minLength: 1, maxLength: 2 }),
      }),
    ),
    { maxLength: 3 },
  )
  .map((conditions) => {
    const built: Record<string, Record<string, string[]>> = {};
    for (const { key, operator, values } of conditions) {
      const arn = operator.startsWith('Arn') ? values.filter((value) => value.split(':').length > 5) : values;
      if (arn.length > 0) built[operator] = { ...built[operator], [key]: [...arn] };
    }
    return built;
  });

const PRINCIPALS: readonly Principal[] = [
  { kind: 'session', roleArn: `arn:aws:iam::${STRANGER}:role/ci`, sessionName: 'ci' },
  { kind: 'user', arn: `arn:aws:iam::${STRANGER}:user/ci` },
];

/** Every context of a stranger: each key absent, or as a stranger has it. */
function* contexts(keys: readonly (keyof typeof KEYS)[]): Iterable<Record<string, string>> {
  const [key, ...rest] = keys;
  if (key === undefined) {
    yield {};
    return;
  }
  for (const context of contexts(rest)) {
    yield context;
    for (const value of KEYS[key].theirs) yield { ...context, [key]: value };
  }
}

const FREE = (Object.keys(KEYS) as (keyof typeof KEYS)[]).filter((key) => !/Principal(Arn|Account)$/.test(key));
const ALL = [...contexts(FREE)];

function letsInStrangers(document: PolicyDocument): boolean {
  const policies = prepare({ trust: document, identity: [ANYTHING] });
  return ALL.some((context) =>
    PRINCIPALS.some(
      (principal) =>
        evaluate({ action: 'sts:AssumeRole', resource: ROLE, principal, context }, policies).outcome === 'allowed',
    ),
  );
}

const ROLE = 'arn:aws:iam::123456789012:role/app';
const ANYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

test('whoever is let in without being named is called a stranger', () => {
  let strangers = 0;
  let named = 0;
  fc.assert(
    fc.property(block, fc.option(block, { nil: undefined }), (condition, denied) => {
      const statement: Statement = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Condition: condition };
      const deny: Statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*', ...defined({ Condition: denied }) };
      const document: PolicyDocument = {
        Version: '2012-10-17',
        Statement: denied === undefined || Object.keys(denied).length === 0 ? [statement] : [statement, deny],
      };
      const { kind } = callersOf(statement, document, { accounts: new Set(['123456789012']) });
      if (kind === 'strangers') strangers += 1;
      else {
        named += 1;
        expect(letsInStrangers(document)).toBe(false);
      }
    }),
    RUNS,
  );
  // Both answers are given, or the law says nothing.
  expect(Math.min(strangers, named)).toBeGreaterThan(0);
});
