/** Findings in a terminal: what the source holds is shown, never obeyed. */
import * as fc from 'fast-check';
import type { Finding } from '../../lib/definitions/finding';
import { renderFinding } from '../../lib/definitions/render';
import { renderFindings } from '../../lib/definitions/render-blocks';

const FINDING: Finding = {
  id: 'unknown-key',
  severity: 'error',
  message: 'There is no key `acess`; did you mean `access`?',
  expected: 'one of `access`',
  hint: 'Write `access`.',
  at: { file: 'roles/a.yaml', line: 4, column: 3, endLine: 4, endColumn: 8, text: '  acess: write' },
  page: 'docs/definitions.md#role',
};

const plain = (finding: Finding) => renderFinding(finding, { color: false });
const text = (line: string, column: number, endColumn: number, endLine = 1): Finding => ({
  ...FINDING,
  at: { file: 'x.yaml', line: 1, column, endLine, endColumn, text: line },
});
/** The source line and the line of carets, without their gutter. */
const shown = (finding: Finding) =>
  plain(finding)
    .split('\n')
    .slice(1, 3)
    .map((line) => line.replace(/^.*?\| ?/, ''));

it('shows place, severity, message, line, carets, what was expected, how to fix it, and the page', () => {
  expect(plain(FINDING)).toBe(
    [
      'roles/a.yaml:4:3 error There is no key `acess`; did you mean `access`? [unknown-key]',
      '  4 |   acess: write',
      '    |   ^^^^^',
      '  expected: one of `access`',
      '  hint:     Write `access`.',
      '  see:      npx leasehold explain-rule unknown-key',
    ].join('\n'),
  );
});

it('shows no line of a file that could not be read, and names the environment', () => {
  const { text: _, ...at } = FINDING.at;
  const { expected: __, page: ___, ...rest } = FINDING;
  expect(plain({ ...rest, at, environment: 'prod' })).toBe(
    'roles/a.yaml:4:3 error There is no key `acess`; did you mean `access`? (in prod) [unknown-key]\n  hint:     Write `access`.',
  );
});

it('counts what it lists, and says nothing of nothing', () => {
  const warning: Finding = { ...FINDING, severity: 'warning' };
  const note: Finding = { ...FINDING, severity: 'note' };
  expect(renderFindings([], { color: false })).toBe('');
  const counts = (findings: readonly Finding[]) => renderFindings(findings, { color: false }).split('\n').at(-1);
  expect(counts([FINDING])).toBe('1 error');
  expect(counts([FINDING, warning, FINDING, note])).toBe('2 errors, 1 warning, 1 note');
});

it('is the same with colours and without, but for the colours', () => {
  const colored = renderFindings([FINDING, { ...FINDING, severity: 'warning' }], { color: true });
  expect(colored).toContain('\u001b[31merror\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const bare = colored.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll(/ +$/gm, '');
  expect(bare).toBe(renderFindings([FINDING, { ...FINDING, severity: 'warning' }], { color: false }));
});

describe('carets stand under what is meant', () => {
  it.each([
    ['in the middle', text('access: wirte', 9, 14), 'access: wirte', '        ^^^^^'],
    ['to the end of a line, where more lines follow', text('allow: {', 8, 2, 3), 'allow: {', '       ^'],
    ['at the end', text('abc', 4, 4), 'abc', '   ^'],
    ['past the end', text('abc', 9, 12), 'abc', '   ^'],
    ['behind letters of double width', text('가나: x', 5, 6), '가나: x', '      ^'],
    ['under letters of double width', text('a 가나', 3, 5), 'a 가나', '  ^^^^'],
    ['behind a letter of two parts', text('e\u0301: x', 5, 6), 'e\u0301: x', '   ^'],
    ['behind an emoji', text('🚀 x', 4, 5), '🚀 x', '   ^'],
    ['behind a tab', text('\tx', 2, 3), '\\tx', '  ^'],
    ['under a character that is written out', text('a\u001bb', 2, 3), 'a\\x1bb', ' ^^^^'],
  ])('%s', (_, finding, line, carets) => {
    expect(shown(finding)).toEqual([line, carets]);
  });
});

describe('a long line', () => {
  const long = (before: number, marked: number, after: number) =>
    text('a'.repeat(before) + 'X'.repeat(marked) + 'b'.repeat(after), before + 1, before + marked + 1);

  it.each([
    ['at its beginning', long(0, 3, 5000)],
    ['in its middle', long(5000, 3, 5000)],
    ['at its end', long(5000, 3, 0)],
  ])('is cut around what is meant %s', (_, finding) => {
    const [line = '', carets = ''] = shown(finding);
    expect(line.length).toBeLessThanOrEqual(102);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('XXX');
    expect(line).toContain('…');
  });

  it('of a million characters is no longer on the screen', () => {
    expect(plain(text('x'.repeat(1_000_000), 500_000, 900_000)).length).toBeLessThan(500);
    expect(plain({ ...FINDING, message: 'x'.repeat(1_000_000) }).length).toBeLessThan(3000);
  });
});

describe('whatever is in the source', () => {
  // What a terminal obeys, what turns the direction of writing, and halves of characters.
  const obeyed = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029]/u;
  const odd = fc.string({
    unit: fc.constantFrom(
      '\u001b[2J',
      '\r',
      '\n',
      '\t',
      '\u0007',
      '\u009b',
      '\u202e',
      '\u2066',
      '\ud800',
      '\0',
      'a',
      '가',
      ' ',
    ),
  });

  it('nothing moves the cursor, and nothing turns the direction of writing', () => {
    void fc.assert(
      fc.property(odd, odd, fc.nat(20), fc.nat(20), (line, word, column, width) => {
        const rendered = plain({
          id: word,
          severity: 'error',
          message: word,
          expected: word,
          hint: word,
          environment: word,
          page: word,
          at: { file: word, line: 1, column: column + 1, endLine: 1, endColumn: column + width + 1, text: line },
        });
        const lines = rendered.split('\n');
        expect(lines).toHaveLength(6);
        for (const shownLine of lines) expect(obeyed.test(shownLine)).toBe(false);
      }),
    );
  });
});

describe('findings together', () => {
  const fault = (line: number, word: string, rest: Partial<Finding> = {}): Finding => ({
    ...FINDING,
    message: `There is no key \`${word}\`.`,
    hint: `Write \`${word}s\`.`,
    at: { ...FINDING.at, line },
    ...rest,
  });
  const lines = (findings: readonly Finding[]) => renderFindings(findings, { color: false }).split('\n');
  const height = (text: readonly string[]) =>
    text.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);

  // Fourteen fill more than a screen.
  const others = Array.from({ length: 12 }, (_, index) => fault(7 + index, 'z'));

  it('shows each by itself while they fit on a screen', () => {
    expect(lines([fault(4, 'a'), fault(5, 'b')])).not.toContainEqual(expect.stringContaining('also:'));
  });

  it('shows places of one fault as one, with what each quotes, and counts them all', () => {
    expect(lines([fault(4, 'a'), fault(5, 'b'), ...others])).toEqual([
      'roles/a.yaml:4:3 error There is no key `a`. [unknown-key]',
      '  4 |   acess: write',
      '    |   ^^^^^',
      '  also:     5:3 `b`, 7:3 `z`, 8:3 `z`, 9:3 `z`, 10:3 `z`, 11:3 `z`, 12:3 `z`',
      '            13:3 `z`, 14:3 `z`, 15:3 `z`, 16:3 `z`, 17:3 `z`, 18:3 `z`',
      '  expected: one of `access`',
      '  hint:     Write `as`.',
      '  see:      npx leasehold explain-rule unknown-key',
      '',
      '14 errors',
    ]);
  });

  it.each([
    ['of another file', { at: { ...FINDING.at, line: 99, file: 'roles/b.yaml' } }],
    ['of another severity', { severity: 'warning' as const }],
    ['of another kind', { id: 'wrong-type' }],
    ['of one environment', { environment: 'prod' }],
    ['with another hint', { hint: 'Remove `b`.' }],
    ['with another message', { message: 'The key `b` is too long.' }],
  ])('shows one %s by itself', (_, rest) => {
    const text = lines([fault(4, 'a'), fault(99, 'b', rest), ...others]);
    expect(text.filter((line) => line.includes('also:'))).toHaveLength(1);
    expect(text.filter((line) => line.includes(':99:3'))).toHaveLength(1);
  });

  it('fills at most a screen with one file, however many faults there are, and counts the rest', () => {
    void fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(600)), { minLength: 40, maxLength: 200 }), (faults) => {
        const findings = faults.map(([kind, length], line) =>
          fault(line + 1, 'x'.repeat(length), { id: `kind-${kind}`, hint: `Do ${'y'.repeat(length)}.` }),
        );
        const shownLines = lines(findings);
        expect(height(shownLines)).toBeLessThanOrEqual(70);
        const listed = shownLines.filter((line) => line.startsWith('roles/a.yaml:')).length;
        const alone = shownLines.filter((line) => line.startsWith('  also:')).length;
        if (listed + alone < findings.length) expect(shownLines.join('\n')).toMatch(/ more|list all with/);
        expect(shownLines.at(-1)).toBe(`${findings.length} errors`);
      }),
    );
  });
});
