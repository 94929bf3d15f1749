/**
 * A proof does not lean on the readings that `evaluate` takes where AWS does not say what it does: whichever AWS takes,
 * no request contradicts it. `evaluate` is given each of the readings in turn.
 */
import fc from 'fast-check';
import { compare } from '../../lib/policy/compare/compare';
import type { Statement } from '../../lib/policy/document';
import type { ConditionTest } from '../../lib/policy/evaluate/condition';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { prepare } from '../../lib/policy/evaluate/policies';
import type { EvaluationInput, Request } from '../../lib/policy/evaluate/request';
import type { ResourcePattern } from '../../lib/policy/evaluate/resource';
import { RUNS, Tally, toDocument } from './compare-arbitraries';
import { type Ground, ground } from './compare-worlds';

/** What AWS does where its pages do not say; `evaluate`'s own reading where nothing is set. */
interface World {
  /** Whether a condition of which that is in doubt holds. */
  doubtful?: 'yes' | 'no';
  /** A `*` that ends one of the first five parts of an ARN runs on across colons. */
  runsOn?: true;
  /** A statement with a negated element and a variable without a value in it is dropped as a whole. */
  dropsStatement?: true;
}

const mockWorld: World = {};

jest.mock('../../lib/policy/evaluate/condition', () => {
  const actual = jest.requireActual<typeof import('../../lib/policy/evaluate/condition')>(
    '../../lib/policy/evaluate/condition',
  );
  const conditionHolds = (test: ConditionTest, effect: 'Allow' | 'Deny', asked: EvaluationInput) => {
    if (mockWorld.dropsStatement && test.operator.includes('Not') && mockUnset(test.values, asked)) return false;
    if (mockWorld.doubtful === undefined || test.answer(asked) !== 'unsure') {
      return actual.conditionHolds(test, effect, asked);
    }
    if (mockWorld.doubtful === 'no' || !mockLacksSetOperator(test, asked)) return mockWorld.doubtful === 'yes';
    const { operator, key, values } = test;
    const [any] = actual.readConditions({ [`ForAnyValue:${operator}`]: { [key]: values } }, '2012-10-17', []);
    return any?.answer(asked) !== 'no';
  };
  return { ...actual, conditionHolds };
});

jest.mock('../../lib/policy/evaluate/resource', () => {
  const actual = jest.requireActual<typeof import('../../lib/policy/evaluate/resource')>(
    '../../lib/policy/evaluate/resource',
  );
  const reread = (pattern: ResourcePattern): ResourcePattern => ({
    ...pattern,
    match: (resource, lookup) => {
      const match = pattern.match(resource, lookup);
      if (match !== 'no' || !mockWorld.runsOn) return match;
      return mockRunOn(pattern.text, lookup as EvaluationInput).test(resource) ? 'yes' : 'no';
    },
  });
  const readResource: typeof actual.readResource = (...element) => {
    const test = actual.readResource(...element);
    return { ...test, patterns: test.patterns.map(reread) };
  };
  return { ...actual, readResource };
});

jest.mock('../../lib/policy/evaluate/statement', () => {
  const actual = jest.requireActual<typeof import('../../lib/policy/evaluate/statement')>(
    '../../lib/policy/evaluate/statement',
  );
  const mismatch: typeof actual.mismatch = (statement, asked) => {
    const { resource } = statement;
    const dropped = mockWorld.dropsStatement && resource?.negated;
    const texts = resource?.patterns.map(({ text }) => text) ?? [];
    return dropped && mockUnset(texts, asked) ? resource : actual.mismatch(statement, asked);
  };
  return { ...actual, mismatch };
});

const VARIABLE = /\$\{([^},*?$]+)\}/g;

/** A multivalued key without the set operator that AWS requires: where it matches at all, one of the values matches. */
function mockLacksSetOperator({ operator, key }: ConditionTest, asked: EvaluationInput): boolean {
  const several = Array.isArray(asked.values(key)) || key.toLowerCase() === 'aws:tagkeys';
  return several && !operator.startsWith('For');
}

/** Whether a variable without a default has no value. */
function mockUnset(texts: readonly string[], asked: EvaluationInput): boolean {
  return texts.some((text) => [...text.matchAll(VARIABLE)].some(([, key = '']) => asked.value(key) === undefined));
}

/** An ARN pattern in which such a star runs on, and no other wildcard of the first five parts does. */
function mockRunOn(text: string, asked: EvaluationInput): RegExp {
  const escaped = (plain: string) => plain.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  let colons = 0;
  const parts = [...text.matchAll(/\$\{[^}]*\}|\*|\?|:|[^*?:$]+/g)].map(({ 0: piece, index }) => {
    if (piece === ':') colons += 1;
    const within = colons < 5;
    if (piece === '*') return within && text[index + 1] !== ':' ? '[^:]*' : '.*';
    if (piece === '?') return within ? '[^:]' : '.';
    const [, key, fallback] = /^\$\{([^},]+)(?:, '(.*)')?\}$/.exec(piece) ?? [];
    if (key === undefined) return escaped(piece);
    if (/^[*?$]$/.test(key)) return escaped(key);
    const value = asked.value(key) ?? fallback;
    return value === undefined ? '(?!)' : escaped(value);
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

const WORLDS: readonly World[] = [
  {},
  { doubtful: 'yes' },
  { doubtful: 'no' },
  { runsOn: true },
  { dropsStatement: true },
  { doubtful: 'yes', runsOn: true, dropsStatement: true },
  { doubtful: 'no', runsOn: true, dropsStatement: true },
];

function inWorld<T>(world: World, ask: () => T): T {
  Object.assign(mockWorld, world);
  try {
    return ask();
  } finally {
    for (const key of ['doubtful', 'runsOn', 'dropsStatement'] as const) delete mockWorld[key];
  }
}

/** The requests that one list of statements permits and the other does not, in some world. */
function contradictions({ before, after, contexts, resources }: Ground): readonly { world: World; request: Request }[] {
  const [earlier, later] = [before, after].map((list) => prepare({ identity: [toDocument(list)] }));
  if (earlier === undefined || later === undefined) throw new Error('there are two sides');
  const requests = contexts.flatMap((context) => resources.map((resource) => toRequest(context, resource)));
  return WORLDS.flatMap((world) =>
    inWorld(world, () =>
      requests
        .filter((one) => evaluate(one, later).outcome === 'allowed' && evaluate(one, earlier).outcome !== 'allowed')
        .map((request) => ({ world, request })),
    ),
  );
}

function toRequest(context: Request['context'], resource: string): Request {
  const principal = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/r', sessionName: 'session' } as const;
  return { action: 's3:GetObject', resource, principal, context };
}

test('what is not widened is not widened in any reading, for no request near the policies', () => {
  const tally = new Tally();
  fc.assert(
    fc.property(ground, (pair) => {
      const [before, after] = [pair.before, pair.after].map((list: readonly Statement[]) => toDocument(list));
      if (before === undefined || after === undefined) return;
      const { kind } = tally.note(compare(before, after, { resourcePolicies: 'ignore' }));
      if (kind === 'not-widened') expect(contradictions(pair).slice(0, 3)).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
  expect(tally.share('not-widened')).toBeGreaterThan(0.25);
  expect(tally.share('widened')).toBeGreaterThan(0.15);
});

test('a proof relies on no deny of a multivalued key without a set operator', () => {
  const one = (Effect: 'Allow' | 'Deny', Condition: object) =>
    ({ Effect, Action: 's3:GetObject', Resource: '*', Condition }) as Statement;
  const deny = one('Deny', { StringNotEquals: { 'aws:TagKeys': ['*'] } });
  const before = toDocument([one('Allow', { StringEquals: { 'aws:TagKeys': ['a'] } }), deny]);
  const after = toDocument([one('Allow', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }), deny]);
  expect(compare(before, after, { resourcePolicies: 'ignore' }).kind).not.toBe('not-widened');
  expect(compare(after, after, { resourcePolicies: 'ignore' }).kind).toBe('not-widened');
});

describe('the readings differ, so that a proof could lean on one', () => {
  const allow = (rest: object) => [{ Effect: 'Allow', Action: 's3:GetObject', ...rest }] as readonly Statement[];
  const everything = allow({ Resource: '*' });
  const nothing = [{ Effect: 'Deny', Action: '*', Resource: '*' }] as readonly Statement[];

  test.each<{ what: string; statements: readonly Statement[]; context: object; resource: string; answers: boolean[] }>([
    {
      what: 'a condition in doubt',
      statements: allow({ Resource: '*', Condition: { ArnLike: { 'aws:SourceArn': '*' } } }),
      context: { 'aws:SourceArn': 'arn:aws:sns:eu:1:t' },
      resource: '*',
      answers: [false, true, false, false, false, true, false],
    },
    {
      what: 'a star that runs on',
      statements: allow({ Resource: 'arn:aws:s3:*:1:b/a' }),
      context: {},
      resource: 'arn:aws:s3:e:2:1:b/a',
      answers: [false, false, false, true, false, true, true],
    },
    {
      what: 'a statement with an unset variable',
      statements: [
        ...everything,
        { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::b/${aws:PrincipalTag/t}' },
      ] as readonly Statement[],
      context: {},
      resource: 'arn:aws:s3:::b/a',
      answers: [false, false, false, false, true, true, true],
    },
  ])('$what', ({ statements, context, resource, answers }) => {
    const found = contradictions({
      before: nothing,
      after: statements,
      contexts: [context as Request['context']],
      resources: [resource],
    }).map(({ world }) => world);
    expect(WORLDS.map((world) => found.includes(world))).toEqual(answers);
  });
});
