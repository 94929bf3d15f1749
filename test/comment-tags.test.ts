/** In a comment of several lines, each tag begins a line: otherwise, TypeScript reads it as text of the tag before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './support/imports';

const ROOT = join(__dirname, '..');
const TAG = /^(.*\S) @(?:param|returns|throws|default|see)\b/;

/** The lines of comments in which a tag follows other text. Text in a code span is no tag. */
function gluedIn(source: string): readonly string[] {
  return source
    .split('\n')
    .map((line) => /^\s*\* (.*)$/.exec(line)?.[1] ?? '')
    .filter((text) => (TAG.exec(text)?.[1] ?? '`').split('`').length % 2 === 1);
}

it('finds a tag that follows text', () => {
  expect(gluedIn('/**\n * The name. @default none\n * @returns it, as `a @default b`\n */')).toEqual([
    'The name. @default none',
  ]);
});

it('no comment has one', () => {
  const found = packagesOf(ROOT).flatMap(({ files }) =>
    files.flatMap((file) => gluedIn(readFileSync(join(ROOT, file), 'utf8')).map((line) => `${file}: ${line}`)),
  );
  expect(found).toEqual([]);
});
