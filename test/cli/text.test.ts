import fc from 'fast-check';
import stringWidth from 'string-width';
import { duration, either, shownPath, wrap } from '../../lib/cli/render/text';
import { onOneLine } from '../../lib/contract/text';

describe('text that comes from a definition', () => {
  it.each([
    ['an escape sequence', '\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a bidirectional override', 'a\u202eb', 'a\\u{202e}b'],
    ['an invisible character', 'a\u200bb', 'a\\u{200b}b'],
    ['a letter that is drawn as nothing', 'a\u3164b', 'a\\u{3164}b'],
    ['a line break', 'a\n  b', 'a b'],
    ['a bell and a C1 control', '\u0007\u009b', '\\x07\\x9b'],
    ['half a character', '\ud800', '\\u{d800}'],
  ])('is shown on one line and steers nothing: %s', (_, text, shown) => {
    expect(onOneLine(text)).toBe(shown);
  });

  it('never holds a control character, whatever it was (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(onOneLine(text))),
    );
  });
});

describe('wrapping', () => {
  it.each([
    ['at spaces', 'upload files to a bucket', 12, ['upload files', 'to a bucket']],
    ['inside a word that is longer than a line', 'scoped-resources', 11, ['scoped-', 'resources']],
    ['in an ARN', 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*', 20, ['arn:aws:s3:::hermes-', 'dev-deploy/1.4.2/*']],
    ['anywhere where nothing else helps', 'aaaaaaaaaa', 4, ['aaaa', 'aaaa', 'aa']],
    ['by the columns of wide characters', '배포 버킷', 4, ['배포', '버킷']],
    ['not at all when it fits', 'fits', 4, ['fits']],
    ['nothing into one empty line', '', 4, ['']],
  ])('breaks %s', (_, text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });

  it('loses no character and keeps to the columns (property)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '-', '/', ' ', '한') }),
        fc.integer({ min: 2, max: 12 }),
        (text, columns) => {
          const lines = wrap(text, columns);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
          expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

it.each([
  [900, '15m'],
  [3600, '1h'],
  [90, '90s'],
  [5400, '90m'],
])('%i seconds are written %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j in words is "%s"', (items, words) => {
  expect(either(items)).toBe(words);
});

it.each([
  ['/home/me/project/cdktf.out', 'cdktf.out'],
  ['/home/me/project', '/home/me/project'],
  ['/srv/out', '/srv/out'],
])('from /home/me/project, %s is called %s', (path, shown) => {
  expect(shownPath(path, '/home/me/project')).toBe(shown);
});
