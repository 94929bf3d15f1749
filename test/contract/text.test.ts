/** What session tags and names may contain, stated once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ASCII_TAG_CHARACTERS,
  isTagCharacter,
  isTagPunctuation,
  NAME_ALPHABET,
  PARAMETER_VALUE,
  reasonTag,
  TAG_ALPHABET,
  TAG_PUNCTUATION,
  textOf,
} from '@leasehold/contract/text';
import { packagesOf } from '../support/imports';

const ROOT = join(__dirname, '..', '..');
const TAG = textOf(TAG_ALPHABET, 1, 256);
const NAME = textOf(NAME_ALPHABET, 2, 64);

it.each([
  ['letters, digits and spaces of every script', 'Größe 42 가나다', true, false],
  ['the punctuation of AWS', '_.:/=+-@', true, false],
  ['a name', 'ci+build=1,2.3@example-org_x', false, true],
  ['a wildcard', 'a*', false, false],
  ['a single character wildcard', 'a?', false, false],
  ['a policy variable', '${aws:username}', false, false],
  ['a line break', 'a\nb', false, false],
  ['an ampersand', 'a&b', false, false],
])('%s', (_, text, inTag, inName) => {
  expect({ inTag: TAG.test(text), inName: NAME.test(text) }).toEqual({ inTag, inName });
});

it('a parameter takes the ASCII part of the alphabet, and no other character', () => {
  for (let code = 0; code < 0x300; code++) {
    const char = String.fromCodePoint(code);
    expect([char, PARAMETER_VALUE.test(char)]).toEqual([char, ASCII_TAG_CHARACTERS.includes(char)]);
    expect([char, isTagCharacter(char) && code < 0x80]).toEqual([char, ASCII_TAG_CHARACTERS.includes(char)]);
    expect([char, isTagPunctuation(char)]).toEqual([
      char,
      ASCII_TAG_CHARACTERS.includes(char) && /[^A-Za-z0-9]/.test(char),
    ]);
  }
});

it('a reason becomes a tag: other characters become underscores, and what is too long is cut', () => {
  expect(reasonTag('Fix “bug” #7 now')).toBe('Fix _bug_ _7 now');
  expect(reasonTag('x'.repeat(300))).toBe(`${'x'.repeat(253)}...`);
  expect(TAG.test(reasonTag('*?$\u0000'.repeat(100)))).toBe(true);
});

it('the pages that list the characters list these', () => {
  for (const page of ['definitions.md', 'runtime.md']) {
    expect(readFileSync(join(ROOT, 'docs', page), 'utf8')).toContain(`\`${TAG_PUNCTUATION}\``);
  }
  const punctuation = [...ASCII_TAG_CHARACTERS].filter((char) => /[^A-Za-z0-9 ]/.test(char));
  expect(TAG_PUNCTUATION.split(' ')).toEqual(punctuation);
});

it('no other file states the alphabets again', () => {
  const files = packagesOf(ROOT).flatMap(({ files }) => files);
  const again = files.filter(
    (file) =>
      !file.endsWith('contract/text/alphabet.ts') &&
      /\\p\{L\}(\\p\{Z\})?\\p\{N\}(\\p\{Z[sl]?\})?_\.|\[\\w\+=,\.@-\]|_ \. : \/ = \+ - @|\.:\/=\+/.test(
        readFileSync(join(ROOT, file), 'utf8'),
      ),
  );
  expect(again).toEqual([]);
});
