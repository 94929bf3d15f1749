/** What CONTRIBUTING.md lists for a change is there, and the README leads to it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const page = read('CONTRIBUTING.md');
const lists = page
  .split('\n### ')
  .slice(1)
  .map((part) => part.split('\n## ')[0] ?? '');
const titles = lists.map((part) => part.split('\n')[0] ?? '');
const anchorOf = (title: string) => `#${title.toLowerCase().replaceAll(' ', '-')}`;

it('lists the files of each change, and both tables lead there', () => {
  expect(titles).toEqual([
    'A guardrail',
    'A finding',
    'An approval channel',
    'A service of the sandbox',
    'A field of an event',
    'A tag character',
  ]);
  for (const title of titles) {
    expect(page).toContain(`](${anchorOf(title)})`);
    expect(read('README.md')).toContain(`](CONTRIBUTING.md${anchorOf(title)})`);
  }
});

describe.each(lists.map((text, index) => [titles[index], text] as const))('%s', (_, text) => {
  const paths = [...text.matchAll(/`((?:lib|runtime|test|docs)\/[\w./-]*|package\.json)`/g)].map(
    ([, path = '']) => path,
  );

  it('names files that exist, or the folder for a new one', () => {
    expect(paths.length).toBeGreaterThan(3);
    const missing = paths.filter(
      (path) => !existsSync(join(ROOT, path.includes('NAME') ? dirname(`${path.split('NAME')[0]}x`) : path)),
    );
    expect(missing).toEqual([]);
  });

  it('ends with a command that runs tests which exist', () => {
    const [, patterns = ''] = /^`[^`]*--testPathPatterns ([^`]+)`\s*$/m.exec(text) ?? [];
    expect(patterns).not.toBe('');
    for (const pattern of patterns.split(' ')) {
      const folder = existsSync(join(ROOT, pattern)) ? pattern : dirname(pattern);
      const tests = readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, String(file)));
      expect(tests.some((file) => file.startsWith(pattern) && file.endsWith('.test.ts'))).toBe(true);
    }
  });
});
