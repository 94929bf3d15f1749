import { compileGlob, compileTokens, foldAscii, type GlobToken, parseGlob } from '@leasehold/policy';
import * as fc from 'fast-check';

describe('a pattern with wildcards', () => {
  it.each<[pattern: string, text: string, matches: boolean]>([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything at all:/', true],
    ['?', 'a', true],
    ['?', '', false],
    ['?', 'ab', false],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXcYb', false],
    ['*a?c*', 'xxabcxx', true],
    ['*a?c*', 'xxaccxx', true],
    ['*a?c*', 'xxabbcxx', false],
    ['ab*ba', 'aba', false],
    ['**?**', '', false],
    ['**?**', 'x', true],
    ['s3:Get*', 's3:GetObject', true],
    ['s3:Get*', 's3:getobject', false],
    ['a.b', 'axb', false],
    ['[ab]', 'a', false],
    ['a\nb*', 'a\nbc', true],
  ])('%j on %j: %s', (pattern, text, matches) => {
    expect(compileGlob(pattern)(text)).toBe(matches);
  });

  it('ignores the case of ASCII letters on request, and of no others', () => {
    const matches = compileGlob('KMS:De*', { caseInsensitive: true });
    expect(matches('kms:decrypt')).toBe(true);
    // U+212A, the Kelvin sign, is a k to toLowerCase.
    expect(matches('\u212Ams:decrypt')).toBe(false);
    expect(compileGlob('Ä', { caseInsensitive: true })('ä')).toBe(false);
    expect(foldAscii('İAZ')).toBe('İaz');
  });

  it('answers when a backtracking matcher would not live to', () => {
    const stars = `${'*a'.repeat(1000)}b`;
    expect(compileGlob(stars)('a'.repeat(2000))).toBe(false);
    expect(compileGlob(`${stars}*`)(`${'a'.repeat(2000)}b`)).toBe(true);
    expect(compileGlob('*'.repeat(2000))('a'.repeat(2000))).toBe(true);
    expect(compileGlob(`${'*?'.repeat(1000)}x`)('a'.repeat(2000))).toBe(false);
  });
});

describe('tokens', () => {
  it('come apart at every wildcard', () => {
    expect(parseGlob('ab*?c')).toEqual([
      { kind: 'literal', text: 'ab' },
      { kind: 'any' },
      { kind: 'one' },
      { kind: 'literal', text: 'c' },
    ]);
  });

  it('keep a substituted star literal', () => {
    const tokens: GlobToken[] = [{ kind: 'literal', text: 'home/' }, { kind: 'literal', text: '*' }, { kind: 'any' }];
    expect(compileTokens(tokens)('home/*/file')).toBe(true);
    expect(compileTokens(tokens)('home/alice/file')).toBe(false);
  });
});

const letters = (max: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: max });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '*', '?'), maxLength: 8 });

describe('laws', () => {
  it('the matcher agrees with the plainest one', () => {
    void fc.assert(
      fc.property(patterns, letters(8), (pattern, text) => {
        expect(compileGlob(pattern)(text)).toBe(plainMatch(pattern, text));
        expect(compileGlob(pattern, { caseInsensitive: true })(text)).toBe(
          plainMatch(pattern.toLowerCase(), text.toLowerCase()),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('a text matches itself, whatever it holds, when it is literal', () => {
    void fc.assert(fc.property(fc.string(), (text) => compileTokens([{ kind: 'literal', text }])(text)));
  });
});

/** The definition of the wildcards, and nothing else. */
function plainMatch(pattern: string, text: string): boolean {
  const [head, tail] = [pattern[0], pattern.slice(1)];
  if (head === undefined) return text === '';
  if (head === '*') return plainMatch(tail, text) || (text !== '' && plainMatch(pattern, text.slice(1)));
  return text !== '' && (head === '?' || head === text[0]) && plainMatch(tail, text.slice(1));
}
