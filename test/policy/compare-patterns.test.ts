import fc from 'fast-check';
import { Budget } from '../../lib/policy/compare/budget';
import { contains } from '../../lib/policy/compare/contain';
import { type Pattern, type PatternOptions, type Piece, toPattern } from '../../lib/policy/compare/pattern';
import { TextSearch, textSet, type Word } from '../../lib/policy/compare/search';
import { compileTokens, type GlobToken, parseGlob } from '../../lib/policy/glob';
import { RUNS } from './compare-arbitraries';

/** `$1` and `$2` stand for variables, so that a pattern fits on a line. */
function pieces(text: string): Piece[] {
  return text
    .split(/(\$[12])/)
    .flatMap((part): Piece[] => (part.startsWith('$') ? [{ kind: 'variable', name: part }] : parseGlob(part)));
}

function pattern(text: string, options?: PatternOptions): Pattern {
  return toPattern(pieces(text), options);
}

function search(inside: readonly string[][], outside: readonly string[], options?: PatternOptions): Word | undefined {
  const sets = inside.map((texts) => textSet(texts.map((text) => pattern(text, options))));
  return new TextSearch(new Budget(100_000)).find(sets, [textSet(outside.map((text) => pattern(text, options)))]);
}

/** The matcher that `evaluate` uses, once the variables have values. */
function matches(text: string, candidate: string, values: Record<string, string>, caseInsensitive: boolean): boolean {
  const tokens = pieces(text).map(
    (piece): GlobToken => (piece.kind === 'variable' ? { kind: 'literal', text: values[piece.name] ?? '' } : piece),
  );
  return compileTokens(tokens, { caseInsensitive })(candidate);
}

describe('a text in some patterns and outside others', () => {
  const cases: readonly { name: string; inside: string[][]; outside: string[]; found: string | undefined }[] = [
    { name: 'a literal inside itself', inside: [['a']], outside: ['a'], found: undefined },
    { name: 'a literal outside another', inside: [['a']], outside: ['b'], found: 'a' },
    { name: 'a star is not covered by one character', inside: [['a*']], outside: ['a?'], found: 'a' },
    { name: 'a star is covered by its two halves', inside: [['a*']], outside: ['a', 'a?*'], found: undefined },
    { name: 'prefix and suffix may overlap', inside: [['ab*'], ['*ba']], outside: [], found: 'aba' },
    { name: 'two prefixes that part never meet', inside: [['a*'], ['b*']], outside: [], found: undefined },
    { name: 'two prefixes where one continues the other', inside: [['a*'], ['ab*']], outside: [], found: 'ab' },
    { name: 'everything', inside: [], outside: ['?*'], found: '' },
    { name: 'what is left of everything', inside: [], outside: ['', 'x*', '*y'], found: 'z' },
    { name: 'stars in a row', inside: [['a***b']], outside: ['a*b'], found: undefined },
    { name: 'a union covers what no member covers alone', inside: [['a?']], outside: ['*b', 'aa', '?c'], found: 'ax' },
  ];
  test.each(cases)('$name', ({ inside, outside, found }) => {
    expect(search(inside, outside)).toEqual(found?.split(''));
  });

  test('a wildcard inside an ARN segment stops at the colon, and one in the last does not', () => {
    const segments = { segments: true };
    expect(search([['arn:aws:sqs:eu:1*:a:b']], ['arn:aws:sqs:eu:*:*'], segments)).toBeUndefined();
    expect(search([['arn:aws:sqs:*:1:q']], ['arn:aws:sqs:eu:1:*'], segments)?.join('')).toBe('arn:aws:sqs::1:q');
    expect(search([['arn:*:q'], ['arn:a:b:c:d:e']], [], segments)).toBeUndefined();
  });

  test('with case set aside, either case is the same text', () => {
    const fold = { fold: true };
    expect(search([['S3:GetObject']], ['s3:get*'], fold)).toBeUndefined();
    expect(search([['s3:get*']], ['S3:GETO*'], fold)?.join('')).toBe('s3:get');
  });
});

describe('variables are the same unknown text wherever they stand', () => {
  const covered: readonly [inside: string, outside: string][] = [
    ['$1', '$1'],
    ['a/$1/*', 'a/$1/*'],
    ['a/$1/b', 'a/*'],
    ['a/$1/b', 'a/*/b'],
    ['$1$2', '$1*'],
  ];
  test.each(covered)('%s lies inside %s', (inside, outside) => {
    expect(search([[inside]], [outside])).toBeUndefined();
  });

  const open: readonly [inside: string, outside: string][] = [
    ['$1', '$2'],
    ['a', '$1'],
    ['a/*', 'a/$1'],
    ['$1', 'a*'],
    ['$1', '?*'],
    ['a$1b', 'a?b'],
  ];
  test.each(open)('%s is not proven to lie inside %s', (inside, outside) => {
    expect(search([[inside]], [outside])).toBeDefined();
  });

  test('two variables, or a variable and a literal, may turn out to be the same text', () => {
    expect(search([['$1'], ['$2']], [])).toBeDefined();
    expect(search([['a'], ['$1']], [])).toBeDefined();
    expect(search([['$1'], ['a*b']], [])).toBeDefined();
    expect(search([['a$1'], ['b$1']], [])).toBeUndefined();
  });
});

describe('laws of the search', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ':', '*', '?', 'A'), { maxLength: 6 })
    .map((characters) => characters.join(''));
  const withVariables = fc
    .array(fc.constantFrom('a', 'b', '*', '?', '$1', '$2'), { maxLength: 5 })
    .map((characters) => characters.join(''));
  const candidates = words(['a', 'b', ':', 'A', 'c'], 4);
  const values = words(['a', 'b'], 2);

  test('what is found lies where it should, and where nothing is found nothing lies', () => {
    let [found, none] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
        fc.array(text, { maxLength: 3 }),
        fc.boolean(),
        (inside, outside, fold) => {
          const fits = (candidate: string) =>
            inside.every((set) => set.some((each) => matches(each, candidate, {}, fold))) &&
            !outside.some((each) => matches(each, candidate, {}, fold));
          const word = search(inside, outside, { fold });
          if (word === undefined) none += 1;
          else found += 1;
          if (word === undefined) expect(candidates.filter(fits)).toEqual([]);
          else expect(fits(word.join(''))).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
    expect(Math.min(found, none)).toBeGreaterThan(RUNS / 20);
  });

  test('where nothing is found nothing lies, whatever the variables stand for', () => {
    let none = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(withVariables, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
        fc.array(withVariables, { maxLength: 3 }),
        fc.constantFrom(...values),
        fc.constantFrom(...values),
        (inside, outside, first, second) => {
          if (search(inside, outside) !== undefined) return;
          none += 1;
          const bound = { $1: first, $2: second };
          const escaped = candidates.filter(
            (candidate) =>
              inside.every((set) => set.some((each) => matches(each, candidate, bound, false))) &&
              !outside.some((each) => matches(each, candidate, bound, false)),
          );
          expect(escaped).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
    expect(none).toBeGreaterThan(RUNS / 20);
  });

  test('the quick test of one pattern against another never claims more than the search', () => {
    let held = 0;
    fc.assert(
      fc.property(withVariables, withVariables, (inner, outer) => {
        if (!contains(pattern(outer), pattern(inner))) return;
        held += 1;
        const blind = new TextSearch(new Budget(100_000)).find(
          [textSet([pattern(inner)])],
          [textSet([pattern(outer)])],
        );
        expect(blind).toBeUndefined();
        for (const first of values) {
          const bound = { $1: first, $2: 'b' };
          const escaped = candidates.filter(
            (candidate) => matches(inner, candidate, bound, false) && !matches(outer, candidate, bound, false),
          );
          expect(escaped).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(held).toBeGreaterThan(0);
  });
});

function words(letters: readonly string[], length: number): string[] {
  const all = [''];
  for (let from = 0, round = 0; round < length; round++) {
    const to = all.length;
    for (const word of all.slice(from, to)) for (const letter of letters) all.push(word + letter);
    from = to;
  }
  return all;
}
