/**
 * Small pairs of policies about one action, and every request that could tell them apart: few enough to ask them all.
 * The values are those near which the operators and the readings of AWS's pages differ.
 */
import fc from 'fast-check';
import type { Statement } from '../../lib/policy/document';
import type { Context } from '../../lib/policy/evaluate/request';

/** Two lists of statements, and the requests in question. */
export interface Ground {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  readonly contexts: readonly Context[];
  readonly resources: readonly string[];
}

type Axes = Readonly<Record<string, readonly (string | readonly string[] | undefined)[]>>;

/** Operators of one kind on one key, values of policies, and what requests carry. */
interface Family {
  readonly operators: readonly string[];
  readonly key: string;
  readonly values: readonly string[];
  readonly axes: Axes;
}

const TEXT = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase'].flatMap((name) => [
  name,
  name.replace('String', 'StringNot'),
]);
const ordered = (family: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (name) => `${family}${name}`,
  );

const FAMILIES: readonly Family[] = [
  {
    operators: TEXT,
    key: 'aws:TagKeys',
    values: ['a', 'A', 'b', 'a*', '*', '?', ''],
    axes: { 'aws:TagKeys': pairs(['a', 'A', 'b', 'ab', '*', '', 'c']) },
  },
  {
    operators: TEXT,
    key: 'aws:PrincipalTag/t',
    values: ['a', 'A', 'a*', '*', '?', '${aws:PrincipalTag/u}', '${aws:PrincipalTag/u}*', "${aws:PrincipalTag/u, 'a'}"],
    axes: {
      'aws:PrincipalTag/t': [undefined, 'a', 'A', 'b', 'ab', '*', '', 'aa'],
      'aws:PrincipalTag/u': [undefined, 'a', 'A', '*', ''],
    },
  },
  {
    operators: ['Bool'],
    key: 'aws:SecureTransport',
    values: ['true', 'false', 'True'],
    axes: { 'aws:SecureTransport': [undefined, 'true', 'false', 'TRUE'] },
  },
  {
    operators: ordered('Numeric'),
    key: 'aws:MultiFactorAuthAge',
    values: ['1', '2', '2.5', '3'],
    axes: { 'aws:MultiFactorAuthAge': [undefined, '0', '1', '1.5', '2', '2.2', '2.5', '3', '4'] },
  },
  {
    operators: ordered('Date'),
    key: 'aws:CurrentTime',
    values: ['2026-01-01', '1767225600', '2026-06-01T00:00:00Z'],
    axes: { 'aws:CurrentTime': [undefined, '2025-01-01', '2026-01-01', '2026-03-01', '2026-06-01', '2027-01-01'] },
  },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    key: 'aws:SourceIp',
    values: ['10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '2001:db8::/32', '2001:db8::1', '2001:db8::1/128', '2001:db8::/48'],
    axes: {
      'aws:SourceIp': [undefined, '10.0.0.1', '10.1.2.3', '192.0.2.1', '2001:db8::1', '2001:db8::2', '2001:db9::'],
    },
  },
  {
    operators: ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals', 'StringLike'],
    key: 'aws:SourceArn',
    values: [
      'arn:aws:sns:*:1:t',
      'arn:aws:sns:eu:1:*',
      'arn:aws:sns:eu:1:t',
      '*',
      'arn:aws:sns:${aws:PrincipalTag/u}:1:t',
      'arn:aws:sns:eu:1:${aws:PrincipalTag/u}',
    ],
    axes: {
      'aws:SourceArn': [
        undefined,
        'arn:aws:sns:eu:1:t',
        'arn:aws:sns:us:1:t',
        'arn:aws:sns:eu:1:1:t',
        'arn:aws:sns:eu:x:1:t',
      ],
      'aws:PrincipalTag/u': [undefined, 'eu', 't', 'eu:x', 'x:1:t'],
    },
  },
];

const statement = (rest: fc.Arbitrary<Partial<Statement>>): fc.Arbitrary<Statement> =>
  fc
    .tuple(fc.constantFrom<Statement['Effect']>('Allow', 'Allow', 'Deny'), rest)
    .map(([Effect, other]) => ({ Effect, Action: 's3:GetObject', Resource: '*', ...other }) as Statement);

const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

function condition({ operators, key, values }: Family): fc.Arbitrary<NonNullable<Statement['Condition']>> {
  const operator = fc
    .tuple(
      fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
      fc.constantFrom(...operators),
      fc.constantFrom('', 'IfExists'),
    )
    .map((parts) => parts.join(''));
  return fc.oneof(
    { weight: 7, arbitrary: fc.tuple(operator, some(values)).map(([name, list]) => ({ [name]: { [key]: list } })) },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false').map((absent) => ({ Null: { [key]: absent } })) },
  );
}

/** Policies that differ in conditions on one key. */
const conditions: fc.Arbitrary<Ground> = fc.constantFrom(...FAMILIES).chain((family) => {
  const conditional = fc
    .array(condition(family), { maxLength: 2 })
    .map((blocks) => (blocks.length === 0 ? {} : { Condition: Object.assign({}, ...blocks) }));
  return between(statement(conditional)).map(([before, after]) => ({
    before,
    after,
    contexts: product(family.axes),
    resources: ['arn:aws:s3:::b/a'],
  }));
});

const PATTERNS = [
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/a',
  'arn:aws:s3:::b/a*',
  'arn:aws:s3:::b/?',
  'arn:aws:s3:::*',
  '*',
  'arn:aws:s3:*:*:b/a',
  'arn:aws:s3:*:1:b/*',
  'arn:aws:*:::b/*',
  'arn:*:s3:::b/a',
  'arn:aws:s3:::b/${aws:PrincipalTag/t}',
  'arn:aws:s3:::b/${aws:PrincipalTag/t}*',
  "arn:aws:s3:::b/${aws:PrincipalTag/t, 'a'}*",
  'arn:aws:s3:::b/${aws:PrincipalTag/u}${aws:PrincipalTag/t}',
  'arn:aws:s3:::b/${*}',
];
const RESOURCES = [
  '*',
  'arn:aws:s3:::b/',
  'arn:aws:s3:::b/a',
  'arn:aws:s3:::b/aa',
  'arn:aws:s3:::b/b',
  'arn:aws:s3:::b/a/x',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:e:1:b/a',
  'arn:aws:s3:e:2:1:b/a',
  'arn:aws:s3::x:b/a',
  'arn:aws:s3:e:f:g:b/a',
  'arn:cn:s3:::b/a',
  'arn:aws:sqs:::b/a',
  'arn:aws:s3:::b:b/a',
];

/** Policies that differ in resources. */
const resources: fc.Arbitrary<Ground> = between(
  statement(
    fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), some(PATTERNS)).map(([element, list]) => ({
      ...(element === 'Resource' ? {} : { Resource: undefined as never }),
      [element]: list,
    })),
  ),
).map(([before, after]) => ({
  before,
  after,
  contexts: product({
    'aws:PrincipalTag/t': [undefined, 'a', 'b', '*', 'a/x', ''],
    'aws:PrincipalTag/u': [undefined, 'a', ''],
  }),
  resources: RESOURCES,
}));

/** Policies that have much in common, and all requests near them. */
export const ground: fc.Arbitrary<Ground> = fc.oneof(conditions, resources);

function between(one: fc.Arbitrary<Statement>): fc.Arbitrary<readonly [readonly Statement[], readonly Statement[]]> {
  const list = fc.array(one, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(list, list, fc.nat({ max: 2 }), fc.constantFrom('replace', 'replace', 'add', 'drop', 'other'), fc.boolean())
    .map(([before, other, place, how, swap]) => {
      const at = place % before.length;
      const changed = {
        replace: before.toSpliced(at, 1, ...other.slice(0, 1)),
        add: [...before, ...other.slice(0, 1)],
        drop: before.length > 1 ? before.toSpliced(at, 1) : other,
        other,
      }[how];
      return swap ? [changed, before] : [before, changed];
    });
}

/** Nothing, each value, and each two values. */
function pairs(values: readonly string[]): readonly (string | readonly string[] | undefined)[] {
  return [
    undefined,
    ...values,
    ...values.flatMap((one, index) => values.slice(index + 1).map((other) => [one, other])),
  ];
}

function product(axes: Axes): readonly Context[] {
  return Object.entries(axes).reduce<readonly Context[]>(
    (contexts, [key, values]) =>
      contexts.flatMap((context) =>
        values.map((value) => (value === undefined ? context : { ...context, [key]: value })),
      ),
    [{}],
  );
}
