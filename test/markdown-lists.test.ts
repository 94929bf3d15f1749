/** Each item of a list in the documentation begins on a line of its own. Otherwise it becomes a part of the item before it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PAGES = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

/** The paragraphs and list items of a page, each on one line. Code and tables are left out. */
function blocksOf(page: string): readonly string[] {
  const text = page.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/^ *\|.*$/gm, '');
  return text.split(/\n\s*\n|\n(?= *(?:[-*]|\d+\.) )/).map((block) => block.replace(/\s+/g, ' ').trim());
}

/** A number or a hyphen that would begin an item, after the end of a sentence, and before a capital or markup. */
const GLUED = /[.:;)] (?:\d\. (?=[A-Z*`])|- (?=\*\*))/;

it.each([
  ['- **One** is here. - **Two** is there.', true],
  ['1. Open the page. 2. Enter the code.', true],
  ['1. *Budget.* It is counted. 2. *Eligibility.* It is checked.', true],
  ['Terraform 1.10 or later. Node 20.', false],
  ['See section 3. The rest is optional.', false],
  ['- **One** - the first', false],
])('finds items in %j: %s', (text, found) => {
  expect(blocksOf(text).some((block) => GLUED.test(block))).toBe(found);
});

it.each(PAGES)('%s', (page) => {
  expect(blocksOf(readFileSync(join(ROOT, page), 'utf8')).filter((block) => GLUED.test(block))).toEqual([]);
});
