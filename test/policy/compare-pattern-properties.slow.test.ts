import fc from 'fast-check';
import { contains } from '../../lib/policy/compare/contain';
import type { PatternOptions, Piece } from '../../lib/policy/compare/pattern';
import { compileTokens, type GlobToken } from '../../lib/policy/glob';
import { atLeastOf } from '../support/usual-counts';
import { RUNS } from './compare-arbitraries';
import { pattern, pieces, search } from './compare-patterns';

/** The matcher that `evaluate` uses, once the variables have values. */
function matches(text: string, candidate: string, values: Record<string, string>, caseInsensitive: boolean): boolean {
  const tokens = pieces(text).map(
    (piece): GlobToken => (piece.kind === 'variable' ? { kind: 'literal', text: values[piece.name] ?? '' } : piece),
  );
  return compileTokens(tokens, { caseInsensitive })(candidate);
}

/** How wildcards and variables of an ARN are read: part by part; with stars at the end of a part running on; as text. */
type Reading = 'parts' | 'run on' | 'flat';
const OPTIONS: Readonly<Record<Reading, PatternOptions>> = {
  parts: { segments: true },
  'run on': { segments: true, runOn: true },
  flat: {},
};

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
    expect(Math.min(found, none)).toBeGreaterThan(atLeastOf(RUNS / 20));
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
    expect(none).toBeGreaterThan(atLeastOf(RUNS / 20));
  });

  /** A pattern of ARN parts as a regular expression: an oracle that shares nothing with the search. */
  function partsExpression(text: string, reading: Reading, values: Record<string, string>): RegExp | undefined {
    const parts: (Exclude<Piece, { kind: 'literal' }> | { readonly kind: 'char'; readonly char: string })[] = [];
    for (const piece of pieces(text)) {
      if (piece.kind !== 'literal') parts.push(piece);
      else for (const char of piece.text) parts.push({ kind: 'char', char });
    }
    let colons = 0;
    let expression = '';
    for (const [index, piece] of parts.entries()) {
      const next = parts[index + 1];
      const last = reading === 'flat' || colons >= 5;
      const crosses = last || (reading === 'run on' && next?.kind === 'char' && next.char === ':');
      if (piece.kind === 'any') expression += crosses ? '.*' : '[^:]*';
      else if (piece.kind === 'one') expression += last ? '.' : '[^:]';
      else if (piece.kind === 'char') expression += piece.char;
      else {
        const value = values[piece.name] ?? '';
        // A value with a colon fits into no part but the last.
        if (!last && value.includes(':')) return undefined;
        expression += value;
      }
      if (piece.kind === 'char' && piece.char === ':') colons += 1;
    }
    return new RegExp(`^${expression}$`);
  }

  test('parts of ARNs: what is found lies where it should, and where nothing is found nothing lies', () => {
    const part = fc.constantFrom('', 'a', '*', 'a*', '*a', '?', '$1', 'a$1');
    const last = fc.constantFrom('', 'a', '*', 'a*', ':a', '*:a', '$1', '$1*', '?');
    const arn = fc.tuple(part, part, part, part, part, last).map((parts) => parts.join(':'));
    const texts = ['', 'a', 'c'].flatMap((start) =>
      words(['a', ':', 'c'], 4).flatMap((end) => [
        `${start}:::::${end}`,
        `:${start}:a:${end}:::`,
        `a:a:a:${start}:a:${end}`,
      ]),
    );
    let [found, none] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(fc.array(arn, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
        fc.array(arn, { maxLength: 3 }),
        fc.constantFrom('', 'a', 'c', ':', 'a:a'),
        fc.constantFrom<readonly [Reading, Reading]>(
          ['parts', 'parts'],
          ['run on', 'run on'],
          ['flat', 'parts'],
          ['parts', 'flat'],
        ),
        (inside, outside, value, [inner, outer]) => {
          const compile = (reading: Reading) => (each: string) => partsExpression(each, reading, { $1: value });
          const sets = inside.map((set) => set.map(compile(inner)));
          const avoided = outside.map(compile(outer));
          const fits = (candidate: string) =>
            sets.every((set) => set.some((each) => each?.test(candidate))) &&
            !avoided.some((each) => each?.test(candidate));
          const word = search(inside, outside, OPTIONS[inner], OPTIONS[outer]);
          if (word === undefined) none += 1;
          else found += 1;
          const free = !JSON.stringify([inside, outside]).includes('$');
          if (word === undefined) expect(texts.filter(fits)).toEqual([]);
          else if (free) expect(fits(word.join(''))).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
    expect(Math.min(found, none)).toBeGreaterThan(atLeastOf(RUNS / 20));
  });

  test('the quick test of one pattern against another never claims more than the search', () => {
    let held = 0;
    fc.assert(
      fc.property(withVariables, withVariables, (inner, outer) => {
        if (!contains(pattern(outer), pattern(inner))) return;
        held += 1;
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
