/** What the review reads in conditions on tags, compared with what `evaluate` decides for every request of a small world. */
import { evaluate, type PolicyDocument, prepare, type Statement } from '@leasehold/policy';
import fc from 'fast-check';
import { permitsTag, refusesTag } from '../../../lib/review/findings/tag-conditions';

const RUNS = { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) };
/** For the property that asks for every request. */
const FEWER_RUNS = { numRuns: Math.ceil(RUNS.numRuns / 3) };
const USER = 'arn:aws:iam::123456789012:user/u';
const DATA = 'arn:aws:s3:::data/x';
const TAG = 'abc';

type Context = Readonly<Record<string, string | readonly string[]>>;
type Conditions = NonNullable<Statement['Condition']>;

/** What statements of the user permit. */
function decider(statements: readonly Statement[]) {
  const policies = prepare({ identity: [{ Version: '2012-10-17', Statement: statements }] });
  return (action: string, resource: string, context: Context): boolean =>
    evaluate({ action, resource, principal: { kind: 'user', arn: USER }, context }, policies).outcome === 'allowed';
}

/** A request, and the tag afterwards. `undefined`: the identity has no such tag. */
interface Change {
  readonly action: string;
  readonly context: Context;
  readonly later: string | undefined;
}

const SPELLINGS = ['abc', 'Abc', 'aBc', 'abC', 'ABc', 'AbC', 'aBC', 'ABC'];
const VALUES = ['blue', 'BLUE', 'green', 'b*', '*', 'old', '', 'else'];
const changes: readonly Change[] = SPELLINGS.flatMap((spelling) =>
  [[spelling], [spelling, 'cost'], [spelling, 'cost', 'a*', '*', '???', 'a??']].flatMap((keys): readonly Change[] => [
    { action: 'iam:UntagUser', context: { 'aws:TagKeys': keys }, later: undefined },
    ...VALUES.map((value) => ({
      action: 'iam:TagUser',
      context: { 'aws:TagKeys': keys, [`aws:RequestTag/${spelling}`]: value },
      later: value,
    })),
  ]),
);

const own = (value: string | undefined): Context => (value === undefined ? {} : { [`aws:PrincipalTag/${TAG}`]: value });

const TEXTS = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'];
const OPERATORS = [...TEXTS, 'StringLike', 'StringNotLike'];
const QUALIFIERS = ['', 'ForAllValues:', 'ForAnyValue:'];
const KEYS = { written: ['abc', 'ABC', 'Abc', 'a*', '*', '???', 'cost', 'a??'], names: ['aws:TagKeys', 'AWS:tagkeys'] };
const REQUEST = {
  written: ['blue', 'green', 'b*', '*', '', `\${aws:PrincipalTag/${TAG}}`, '${aws:username}'],
  names: [`aws:RequestTag/${TAG}`, 'aws:requesttag/ABC'],
};

const condition = ({ written, names }: typeof KEYS, operators: readonly string[], some = written) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .record({
          operator: fc.constantFrom(...operators),
          key: fc.constantFrom(...names),
          values: fc.uniqueArray(fc.constantFrom(...some), { minLength: 1, maxLength: 3 }),
        })
        .map(({ operator, key, values }): Conditions => ({ [operator]: { [key]: values } })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ key: fc.constantFrom(...names), value: fc.constantFrom('true', 'false', 'True') })
        .map(({ key, value }): Conditions => ({ Null: { [key]: value } })),
    },
  );

const every = QUALIFIERS.flatMap((qualifier) =>
  OPERATORS.flatMap((operator) => ['', 'IfExists'].map((suffix) => `${qualifier}${operator}${suffix}`)),
);
const conditions = fc
  .array(fc.oneof(condition(KEYS, every), condition(REQUEST, every)), { maxLength: 2 })
  .map((parts): Conditions => {
    const all: Record<string, Record<string, unknown>> = {};
    for (const part of parts) for (const [name, block] of Object.entries(part)) all[name] = { ...all[name], ...block };
    return all as Conditions;
  })
  // AWS refuses a key that occurs twice under an operator.
  .filter((all) =>
    Object.values(all).every((block) => {
      const keys = Object.keys(block).map((key) => key.toLowerCase());
      return new Set(keys).size === keys.length;
    }),
  );

const reader = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.constant('s3:GetObject'),
  Resource: fc.constantFrom('*', `arn:aws:s3:::data/\${aws:PrincipalTag/${TAG}}`),
  Condition: fc.oneof(
    condition(
      { written: ['blue', 'green', 'b*', ''], names: [`aws:PrincipalTag/${TAG}`, 'AWS:principaltag/ABC'] },
      every,
    ),
    fc.constant({} as Conditions),
  ),
});

/** Whether a change of the tag makes a difference to the identity's advantage. */
function helper(read: Statement, before: string | undefined): (change: Change) => boolean {
  const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  const permits = decider(read.Effect === 'Deny' ? [everything, read] : [read]);
  const may = (place: string, value: string | undefined) => permits('s3:GetObject', place, own(value));
  const closed = [DATA, 'arn:aws:s3:::data/blue'].filter((place) => !may(place, before));
  return ({ later }) => closed.some((place) => may(place, later));
}

const tagging = (Condition: Conditions): Statement => ({
  Effect: 'Allow',
  Action: ['iam:TagUser', 'iam:UntagUser'],
  Resource: '*',
  Condition,
});
const denying = (Condition: Conditions): Statement => ({ ...tagging(Condition), Effect: 'Deny', Action: 'iam:*ag*' });
const document = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

test('a change of a tag that IAM permits, and that helps, is permitted and not refused', () => {
  fc.assert(
    fc.property(
      conditions,
      fc.option(
        conditions.filter((all) => Object.keys(all).length > 0),
        { nil: undefined },
      ),
      reader,
      fc.constantFrom('old', 'blue', undefined),
      (allowed, denied, read, before) => {
        const statements = [tagging(allowed), ...(denied === undefined ? [] : [denying(denied)])];
        const [permits, helps] = [decider(statements), helper(read, before)];
        for (const change of changes) {
          if (!helps(change) || !permits(change.action, USER, { ...change.context, ...own(before) })) continue;
          const request = { action: change.action, tag: TAG, reader: read };
          const said = permitsTag(tagging(allowed), request) && !refusesTag(document(...statements), request);
          expect({ change, said }).toEqual({ change, said: true });
        }
      },
    ),
    FEWER_RUNS,
  );
});

/** With such a reader, every change of the tag may help. */
const ANY: Statement = {
  Effect: 'Deny',
  Action: 's3:GetObject',
  Resource: '*',
  Condition: { Null: { [`aws:PrincipalTag/${TAG}`]: 'true' } },
};
/** AWS documents the result of these for every request. */
const single = fc.oneof(
  condition(
    KEYS,
    OPERATORS.flatMap((operator) => ['ForAllValues:', 'ForAnyValue:'].map((each) => `${each}${operator}`)),
  ),
  condition(
    REQUEST,
    OPERATORS.flatMap((operator) => QUALIFIERS.map((each) => `${each}${operator}`)),
    ['blue', 'green', 'b*', '*', ''],
  ),
);

test.each(['iam:TagUser', 'iam:UntagUser'])(
  '%s under one condition is permitted only if IAM permits a request',
  (action) => {
    fc.assert(
      fc.property(single, (one) => {
        const permits = decider([tagging(one)]);
        const possible = changes.some((each) => each.action === action && permits(action, USER, each.context));
        expect(permitsTag(tagging(one), { action, tag: TAG, reader: ANY })).toBe(possible);
      }),
      RUNS,
    );
  },
);

/** A deny with `ForAllValues` on the keys does not count, because a request can contain further keys. */
const isOfAllKeys = (one: Conditions) =>
  Object.entries(one).some(
    ([name, block]) => name.startsWith('ForAll') && Object.keys(block).some((key) => /tagkeys/i.test(key)),
  );
const isNegatedKeys = (one: Conditions) =>
  Object.entries(one).some(
    ([name, block]) => name.includes('Not') && Object.keys(block).some((key) => /tagkeys/i.test(key)),
  );

test.each(['iam:TagUser', 'iam:UntagUser'])('%s is refused by one condition if IAM refuses every request', (action) => {
  fc.assert(
    fc.property(
      single.filter((one) => !isOfAllKeys(one) && !isNegatedKeys(one)),
      (one) => {
        const statements = [tagging({}), denying(one)];
        const permits = decider(statements);
        const possible = changes.some((each) => each.action === action && permits(action, USER, each.context));
        expect(refusesTag(document(...statements), { action, tag: TAG, reader: ANY })).toBe(!possible);
      },
    ),
    RUNS,
  );
});
