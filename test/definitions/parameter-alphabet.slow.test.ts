/** What a parameter's pattern says of its values, and which patterns are refused. */

import { ASCII_TAG_CHARACTERS, LONGEST_TAG_VALUE } from '@leasehold/contract/text';
import * as fc from 'fast-check';
import { matchesParameter, ParameterPattern } from '../../lib/definitions/parameter-alphabet';

/** All characters that values of the pattern may hold, in the order of the table. */
const characters = (pattern: string) =>
  [...ASCII_TAG_CHARACTERS].filter((char) => new ParameterPattern(pattern).canContain(char)).join('');

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

describe('the values of a pattern', () => {
  it.each([
    ['[a-z0-9][a-z0-9.-]{0,62}', { empty: false, longest: 63, holds: `${LOWER}${DIGITS}.-` }],
    ['v?\\d+\\.\\d+', { empty: false, longest: 256, holds: `v${DIGITS}.` }],
    ['(?:eu|us)-[a-z]{4}', { empty: false, longest: 7, holds: `${LOWER}-` }],
    ['(?<year>20[0-9]{2})', { empty: false, longest: 4, holds: DIGITS }],
    ['a*', { empty: true, longest: 256, holds: 'a' }],
    ['(ab)?', { empty: true, longest: 2, holds: 'ab' }],
    ['', { empty: true, longest: 0, holds: '' }],
    ['a|', { empty: true, longest: 1, holds: 'a' }],
    ['.{3}', { empty: false, longest: 3, holds: ASCII_TAG_CHARACTERS }],
    ['[^/]+', { empty: false, longest: 256, holds: ASCII_TAG_CHARACTERS.replace('/', '') }],
    ['\\w+', { empty: false, longest: 256, holds: ASCII_TAG_CHARACTERS.replace(/[^\w]/g, '') }],
    ['\\u0041\\x42', { empty: false, longest: 2, holds: 'AB' }],
    ['[ -~]+', { empty: false, longest: 256, holds: ASCII_TAG_CHARACTERS }],
    ['a{1000}|b', { empty: true, longest: 256, holds: ASCII_TAG_CHARACTERS }],
  ])('%s', (pattern, { empty, longest, holds }) => {
    const alphabet = new ParameterPattern(pattern);
    expect(alphabet.nullable).toBe(empty);
    expect(alphabet.maxLength).toBe(longest);
    expect([...characters(pattern)].sort()).toEqual([...holds].filter((char, at) => holds.indexOf(char) === at).sort());
  });

  it('never hold a wildcard, or more than one character at a time', () => {
    const alphabet = new ParameterPattern('.+');
    for (const char of ['*', '?', '$', '{', '', 'ab', '한', '\n']) expect(alphabet.canContain(char)).toBe(false);
  });

  it('may be anything where the pattern is not understood', () => {
    const alphabet = new ParameterPattern('(?=a)b');
    expect(alphabet).toMatchObject({ nullable: true, maxLength: LONGEST_TAG_VALUE });
    expect(alphabet.canContain('*')).toBe(true);
  });
});

describe('a pattern is understood', () => {
  it.each([
    '[a-z]+(-[a-z]+)*',
    '[a-z]([a-z-]*[a-z])?',
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    '([0-9]{1,3}\\.){3}[0-9]{1,3}',
    '\\d{4}-\\d{2}-\\d{2}',
    '(a|b|c)+',
    '(a|b)*c',
    '((a)|(b))*',
    '[A-Za-z0-9._/-]{1,128}',
    'customer-[0-9]+',
    '(ab?){50}',
  ])('%s', (pattern) => {
    expect(new ParameterPattern(pattern).problem).toBeUndefined();
  });
});

describe('a pattern is refused', () => {
  it.each([
    ['nested repeats', '(a+)+', 'does not determine'],
    ['nested repeats that end together', '(a+b?)+', 'does not determine'],
    ['alternatives that begin alike, repeated', '(a|ab)*', 'does not determine'],
    ['the same alternative twice, repeated', '(a|a)*', 'does not determine'],
    ['classes that overlap, repeated', '([a-z]|[x-z0-9])+', 'does not determine'],
    ['counted repeats inside counted repeats', '(a{1,2}){50}', 'does not determine'],
    ['the classic of e-mail addresses', '(([a-z])+.)+[A-Z]([a-z])+', 'does not determine'],
    ['words and spaces', '(\\w+\\s?)*', 'does not determine'],
    ['many repeats in a row', 'a*a*a*a*', 'more than 3 positions'],
    ['many options in a row', 'a?a?a?a?a?a?a?aaaaaaa', 'more than 3 positions'],
    ['something empty, repeated', '(a?)+', 'repeats an expression that may be empty'],
    ['something empty, counted', '(a?){50}', 'repeats an expression that may be empty'],
    ['two empty alternatives', '(|)(|)(|)b', 'More than one alternative'],
    ['two alternatives that may be empty', '(a?|b?)c', 'More than one alternative'],
    ['look-ahead', 'a(?=b)', 'is a lookaround'],
    ['look-behind', '(?<!b)a', 'is a lookaround'],
    ['a word boundary', '\\ba', 'is a lookaround'],
    ['an anchor', '^a', 'is not needed'],
    ['a back reference', '(a)\\1', 'is not supported'],
    ['a lazy repeat', 'a+?', 'lazy'],
    ['a repeat of nothing', 'a{0}', 'stands for nothing'],
    ['a repeat that no value can fill', 'a{257}', 'more than 256 times'],
    ['a character that no tag holds', 'a#', 'is not valid in a session tag'],
    ['a wildcard as itself', '\\*', 'is not valid in a session tag'],
    ['a wildcard in a class', '[a*]', 'is not valid in a session tag'],
    ['a letter that no tag of ours holds', 'é', 'is not valid in a session tag'],
    ['a class without a character', '[]', 'matches no character'],
    ['a class of what no tag holds', '[!-$]', 'matches no character'],
    ['a needless escape', '\\-', 'not a valid regular expression'],
    ['an open bracket', '[a', 'not a valid regular expression'],
    ['flags', '(?i:a)', 'not a valid regular expression'],
    ['great length', 'a'.repeat(257), 'at most 256'],
  ])('with %s: %s', (_, pattern, why) => {
    const problem = new ParameterPattern(pattern).problem;
    expect(problem?.message).toContain(why);
    expect(pattern).toContain(problem?.piece);
    expect(problem?.hint).toMatch(/^[A-Z].*\.$/s);
  });
});

describe('a value', () => {
  it.each([
    [{ pattern: '[a-z]+' }, 'abc', true],
    [{ pattern: '[a-z]+' }, 'abc1', false],
    [{ pattern: '[a-z]+' }, '1abc', false],
    [{ pattern: 'a|b' }, 'ab', false],
    [{ pattern: 'a|b' }, 'b', true],
    [{ pattern: '[a-z]+' }, 'abc\n', false],
    [{ pattern: '.*' }, '', false],
    [{ pattern: '.*' }, 'a*', false],
    [{ pattern: '[^/]+' }, 'a?', false],
    [{ pattern: '[^/]+' }, 'é', false],
    [{ pattern: '.+' }, 'a'.repeat(256), true],
    [{ pattern: '.+' }, 'a'.repeat(257), false],
    [{ pattern: '(?=a)a' }, 'a', false],
    [{ values: ['stable', 'next'] }, 'next', true],
    [{ values: ['stable', 'next'] }, 'nex', false],
    [{ values: ['*'] }, '*', false],
    [{}, 'anything', false],
  ])('for %j: %j is permitted: %s', (parameter, value, permitted) => {
    const { pattern, values } = parameter as { pattern?: string; values?: readonly string[] };
    const read = pattern === undefined ? {} : { pattern: new ParameterPattern(pattern) };
    expect(matchesParameter(values === undefined ? read : { values }, value)).toBe(permitted);
  });
});

describe('laws', () => {
  const piece = fc.constantFrom('a', 'b', '-', '[a-z]', '[0-9]', '\\d', '\\.', '[^/]', '.');
  const repeated = fc.tuple(piece, fc.constantFrom('', '?', '+', '*', '{2}', '{1,3}')).map((parts) => parts.join(''));
  const sequence = fc.array(repeated, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const group = fc
    .tuple(fc.array(sequence, { minLength: 1, maxLength: 2 }), fc.constantFrom('', '?', '+', '{2}', '{0,2}'))
    .map(([alternatives, repeat]) => `(${alternatives.join('|')})${repeat}`);
  const pattern = fc.array(fc.oneof(sequence, group), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

  it('a value that matches is no longer than the longest, and holds no other character than is said', () => {
    const drawn = pattern
      .filter((text) => new ParameterPattern(text).problem === undefined)
      .chain((text) => fc.tuple(fc.constant(text), fc.stringMatching(new RegExp(`^(?:${text})$`, 'u'))));
    void fc.assert(
      fc.property(drawn, ([text, value]) => {
        const alphabet = new ParameterPattern(text);
        if (value === '') expect(alphabet.nullable).toBe(true);
        if (!matchesParameter({ pattern: new ParameterPattern(text) }, value)) return;
        expect(value.length).toBeLessThanOrEqual(alphabet.maxLength);
        expect([...value].filter((char) => !alphabet.canContain(char))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('a pattern can be empty exactly where the empty text matches', () => {
    void fc.assert(
      fc.property(pattern, (text) => {
        if (new ParameterPattern(text).problem !== undefined) return;
        expect(new ParameterPattern(text).nullable).toBe(new RegExp(`^(?:${text})$`, 'u').test(''));
      }),
      { numRuns: 1000 },
    );
  });

  it('any text at all is either understood or refused in words', () => {
    void fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab[](){}|?*+^$.\\-0123,:<=!dpu\u00e9 ') }), (text) => {
        const problem = new ParameterPattern(text).problem;
        if (problem !== undefined) expect(text).toContain(problem.piece);
        expect(typeof new ParameterPattern(text).maxLength).toBe('number');
        expect(matchesParameter({ pattern: new ParameterPattern(text) }, 'ab')).toBe(
          problem === undefined && new RegExp(`^(?:${text})$`, 'u').test('ab'),
        );
      }),
      { numRuns: 2000 },
    );
  });

  /** The number of ways in which a backtracking matcher may read a text to its end: what must not explode. */
  it('a pattern that is understood is read in few ways, however long the text', () => {
    void fc.assert(
      fc.property(pattern, (text) => {
        if (new ParameterPattern(text).problem !== undefined) return;
        expect(ways(text, 'a'.repeat(14))).toBeLessThan(5000);
      }),
      { numRuns: 200 },
    );
    expect(ways('(a+)+', 'a'.repeat(14))).toBeGreaterThan(8000);
  });
});

/** Counts the ways through a pattern over prefixes of a text, for the operators of the laws above. */
function ways(pattern: string, text: string): number {
  let at = 0;
  type Step = (from: number, next: (to: number) => number) => number;
  const alternatives = (): Step => {
    const all = [sequence()];
    while (pattern[at] === '|') {
      at += 1;
      all.push(sequence());
    }
    return (from, next) => all.reduce((sum, one) => sum + one(from, next), 0);
  };
  const sequence = (): Step => {
    const steps: Step[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') steps.push(item());
    return (from, next) =>
      steps.reduceRight<(to: number) => number>((rest, step) => (to) => step(to, rest), next)(from);
  };
  const item = (): Step => {
    let step: Step;
    if (pattern[at] === '(') {
      at += 1;
      step = alternatives();
      at += 1;
    } else {
      const [raw = ''] = /^(\[[^\]]*\]|\\.|.)/.exec(pattern.slice(at)) ?? [];
      at += raw.length;
      const set = new RegExp(`^${raw}$`, 'u');
      step = (from, next) => (from < text.length && set.test(text.charAt(from)) ? next(from + 1) : 0);
    }
    const [quantifier = '', , low, , high] = /^(\?|\+|\*|\{(\d+)(,(\d+))?\})/.exec(pattern.slice(at)) ?? [];
    at += quantifier.length;
    const bounds: Readonly<Record<string, readonly [number, number]>> = {
      '': [1, 1],
      '?': [0, 1],
      '+': [1, Number.POSITIVE_INFINITY],
      '*': [0, Number.POSITIVE_INFINITY],
    };
    const [min, max] = bounds[quantifier] ?? [Number(low), Number(high ?? low)];
    const once = step;
    const repeat = (count: number, from: number, next: (to: number) => number): number =>
      (count >= min ? next(from) : 0) +
      (count < max ? once(from, (to) => (to > from || count < min ? repeat(count + 1, to, next) : 0)) : 0);
    return (from, next) => repeat(0, from, next);
  };
  return alternatives()(0, () => 1);
}
