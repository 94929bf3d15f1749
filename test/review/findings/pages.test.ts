/** Every kind of finding has a page that says what, why and how to fix, with an example. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks, findingKinds } from '../../../lib/review/findings/list';
import { SEVERITIES } from '../../../lib/review/review';

const folder = join(__dirname, '../../../docs/findings');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('every check of the folder is in the list: one that is not never runs', () => {
  const checksFolder = join(__dirname, '../../../lib/review/findings');
  const found = readdirSync(checksFolder).flatMap((file) =>
    Object.values(require(join(checksFolder, file.replace(/\.ts$/, ''))) as Readonly<Record<string, unknown>>).filter(
      (value) => typeof value === 'object' && value !== null && 'kinds' in value && 'find' in value,
    ),
  );
  expect(new Set(found)).toEqual(new Set(checks));
});

test('there is a page for each kind of finding, and no other but the index', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...findingKinds.map(({ id }) => `${id}.md`), 'README.md'].toSorted());
});

test('the index lists each kind with its title and severities, in order', () => {
  const rows = read('README.md')
    .split('\n')
    .filter((line) => line.startsWith('| [`'))
    .map((line) => line.replace(/ {2,}/g, ' '));
  expect(rows).toEqual(
    findingKinds.map(({ id, title, severities }) => `| [\`${id}\`](${id}.md) | ${title} | ${severities.join(', ')} |`),
  );
});

describe.each(findingKinds)('$id.md', ({ id, title, severities, why, hint }) => {
  const text = read(`${id}.md`);

  test('states title and severities', () => {
    const [first, ...others] = severities;
    const said = others.length === 0 ? first : `usually ${first}, sometimes ${others.join(' or ')}`;
    expect(text.startsWith(`# \`${id}\`\n\n**${title}.**\n\nSeverity: ${said}.`)).toBe(true);
    expect(new Set(severities).size).toBe(severities.length);
    expect(SEVERITIES).toEqual(expect.arrayContaining([...severities]));
  });

  test('says what is found', () => expect(section(text, 'What').length).toBeGreaterThan(40));

  test('says why and how to fix as the finding does', () => {
    expect(section(text, 'Why')).toContain(why);
    expect(section(text, 'How to fix')).toContain(hint);
  });

  test('shows an example', () => expect(section(text, 'Example')).toMatch(/^\n```(diff|yaml|console)\n[^`]+\n```\n$/));
});

test('why and fix are one sentence each, or two', () => {
  for (const { why, hint } of findingKinds) {
    for (const text of [why, hint]) expect(text).toMatch(/^[A-Z][^\n]+\.$/);
  }
});

function section(text: string, heading: string): string {
  return text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}
