import fc from 'fast-check';
import {
  clipped,
  escapeHidden,
  firstHidden,
  firstUnseen,
  hidesSomething,
  lineOf,
  onOneLine,
  solid,
  visible,
  visibleJson,
} from '../../lib/contract/text';

/** What a reader does not see, each as it is written out. */
const HIDDEN: readonly (readonly [what: string, char: string, written: string])[] = [
  ['an escape character', '\u001b', '\\x1b'],
  ['a C1 control character', '\u009b', '\\x9b'],
  ['a soft hyphen', '\u00ad', '\\xad'],
  ['a space of no width', '\u200b', '\\u{200b}'],
  ['a change of direction', '\u202e', '\\u{202e}'],
  ['an isolate', '\u2066', '\\u{2066}'],
  ['a line separator', '\u2028', '\\u{2028}'],
  ['a byte order mark', '\ufeff', '\\u{feff}'],
  ['half a character', '\ud800', '\\u{d800}'],
  ['a private character', '\ue000', '\\u{e000}'],
  ['an unassigned character', '\u0378', '\\u{378}'],
  ['a tag', '\u{e0041}', '\\u{e0041}'],
  ['a variation selector', '\ufe0f', '\\u{fe0f}'],
  ['a variation selector of the supplement', '\u{e0100}', '\\u{e0100}'],
  ['a Hangul filler', '\u3164', '\\u{3164}'],
  ['a Hangul filler of half width', '\uffa0', '\\u{ffa0}'],
  ['a Khmer vowel that is not drawn', '\u17b4', '\\u{17b4}'],
  ['an empty Braille cell', '\u2800', '\\u{2800}'],
  ['a null notehead', '\u{1d159}', '\\u{1d159}'],
  ['a blank hieroglyph', '\u{13441}', '\\u{13441}'],
];

it.each(HIDDEN)('%s is found and written out by everything that shows or searches text', (_, char, written) => {
  const text = `a${char}b`;
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  for (const show of [escapeHidden, visible, solid, onOneLine]) expect(show(text)).toBe(`a${written}b`);
  expect(hidesSomething(text)).toBe(true);
  expect(firstHidden(text)).toEqual({ char, index: 1, code });
  expect(firstUnseen(text)).toEqual({ char, index: 1, code });
  expect(visibleJson(JSON.stringify(text))).toMatch(/^"a(?:\\u[0-9a-f]{4}){1,2}b"$/);
});

it.each([
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a mark that combines with nothing', '!\u0301'],
])('%s is read as something else: written out, but permitted in a document', (_, text) => {
  expect(hidesSomething(text)).toBe(true);
  expect(firstUnseen(text)).toBeUndefined();
});

it.each([
  ['an invisible mark', 'a\u{e0100}\u0f71', 'a\\u{e0100}\\u{f71}'],
  ['a mark that is alone', '!\u0301\u0301', '!\\u{301}\\u{301}'],
  ['a filler', '\u3164\u0301', '\\u{3164}\\u{301}'],
  ['five marks', `e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(5)}\\u{301}`],
])('a mark after %s is alone', (_, text, written) => {
  expect(escapeHidden(text)).toBe(written);
});

it.each(['plain', 'Zażółć', 'e\u0301', 'नमस्ते', 'ကြ', '배포', '✅', 'a b'])('%j is shown as it is', (text) => {
  expect(visible(text)).toBe(text);
  expect(firstHidden(text)).toBeUndefined();
});

it('a document may have tabs and ends of lines, and no carriage return in a line', () => {
  expect(firstUnseen('a:\t1\r\nb: 2\n')).toBeUndefined();
  expect(firstUnseen('safe: true\rsafe')).toMatchObject({ index: 10, code: 'U+000D' });
});

it.each([
  ['at most so many characters', 'x'.repeat(11), false],
  ['at least so many', 'xx', false],
  ['no space at the beginning', ' xxxx', false],
  ['no space at the end', 'xxxx ', false],
  ['no line break', 'xx\nxx', false],
  ['no line break at the end', 'xxxx\n', false],
  ['no line separator', 'xx\u2028xx', false],
  ['no control character inside', 'xx\u001bxx', false],
  ['no control character at the beginning', '\u001bxxxx', false],
  ['no control character at the end', 'xxxx\u0007', false],
  ['words', 'one two', true],
  ['what Persian needs between letters', 'می\u200cروم', true],
])('a line of 3 to 10 characters: %s', (_, text, accepted) => {
  expect(lineOf(3, 10).test(text)).toBe(accepted);
});

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HIDDEN.map(([, char]) => char), '\n', '\t', ' ', 'a', '한', '!', '\u0301', '\u0f71'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

it('what is shown hides nothing, and is found exactly where something is written out (property)', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const show of [escapeHidden, visible, solid, onOneLine]) expect(hidesSomething(show(text))).toBe(false);
      expect(hidesSomething(text)).toBe(escapeHidden(text) !== text);
      const first = firstHidden(text);
      expect(first === undefined).toBe(!hidesSomething(text));
      if (first !== undefined) expect(text.startsWith(first.char, first.index)).toBe(true);
    }),
  );
});

it('JSON keeps its meaning (property)', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = visibleJson(JSON.stringify({ [text]: [text] }, null, 2));
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(hidesSomething(json.replaceAll('\n', ''))).toBe(false);
    }),
  );
});

it('a clipped text ends in a whole character and counts the rest', () => {
  expect(clipped('abcdef', 3)).toBe('abc… (3 characters more)');
  expect(clipped('ab🙂cd', 3)).toBe('ab… (4 characters more)');
  expect(clipped('ab🙂cd', 4)).toBe('ab🙂… (2 characters more)');
});
