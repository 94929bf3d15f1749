/** Every relative link and image of a page leads to a file that exists, and every anchor to a heading of it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = join(__dirname, '..');
/** Folders that are installed or generated, and golden files, which quote hostile text. */
const SKIPPED = new Set(['node_modules', 'dist', 'golden', '.git', 'cdktf.out']);

const pagesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });

const pages = pagesIn(ROOT).filter((page) => !/^(?:site\/api|lib\/cli\/(?:docs|examples))\//.test(page));

/** The text of a page without its code blocks. */
const prose = (file: string) => readFileSync(file, 'utf8').replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2$/gm, '');

/** The anchors that GitHub gives to headings: the second of two equal headings gets `-1`. */
function anchorsOf(file: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(file).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function linksOf(file: string): string[] {
  const text = prose(file).replace(/`[^`\n]*`/g, '`');
  const inline = [...text.matchAll(/\]\(<?([^()\s>]+)>?(?: "[^"]*")?\)/g)];
  const reference = [...text.matchAll(/^\[[^\]]+\]: (\S+)/gm)];
  // The buttons of the site's home page.
  const frontMatter = [...text.matchAll(/\blink: (\/[\w/-]*)/g)];
  return [...inline, ...reference, ...frontMatter].map(([, link = '']) => link);
}

/** What is wrong with a link of a page, if anything is. */
function problemOf(file: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  // An absolute address is one of the site, whose root is docs/ and whose files are in docs/public/.
  const target = path.startsWith('/')
    ? [join(ROOT, 'docs', `${path}.md`), join(ROOT, 'docs', 'public', path)].find(existsSync)
    : path === ''
      ? file
      : resolve(dirname(file), path);
  if (target === undefined || !existsSync(target)) return `${link}: no such file`;
  if (anchor === undefined) return undefined;
  const page = statSync(target).isDirectory() ? join(target, 'README.md') : target;
  return page.endsWith('.md') && !anchorsOf(page).includes(anchor) ? `${link}: no such heading` : undefined;
}

it('finds the pages and their links', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/index.md', 'runtime/README.md']));
  expect(pages.flatMap((page) => linksOf(join(ROOT, page))).length).toBeGreaterThan(500);
});

it.each(pages)('%s', (page) => {
  const file = join(ROOT, page);
  const problems = linksOf(file).flatMap((link) => problemOf(file, link) ?? []);
  expect(problems).toEqual([]);
});

it('finds a missing file and a missing heading', () => {
  const readme = join(ROOT, 'README.md');
  expect(problemOf(readme, 'docs/nowhere.md')).toMatch('no such file');
  expect(problemOf(readme, 'docs/testing.md#nowhere')).toMatch('no such heading');
  expect(problemOf(readme, 'docs/guardrails#actions')).toBeUndefined();
});
