/** The documentation site has every page of docs/, and names none that is not there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const DOCS = join(ROOT, 'docs');
const config = readFileSync(join(ROOT, 'site', '.vitepress', 'config.mts'), 'utf8');
const named = [...config.matchAll(/\bpages\(([^)]*)\)/g)]
  .flatMap(([, names = '']) => [...names.matchAll(/'([^']+)'/g)])
  .map(([, name]) => name ?? '');

it('names every page once', () => {
  const pages = readdirSync(DOCS)
    .filter((file) => file.endsWith('.md') && file !== 'index.md')
    .map((file) => file.replace(/\.md$/, ''));
  expect(named.toSorted()).toEqual(pages.toSorted());
});

it.each(['guardrails', 'findings', 'recipes'])('links to the first page of %s', (folder) => {
  expect(config).toContain(`link: '/${folder}/README'`);
  expect(existsSync(join(DOCS, folder, 'README.md'))).toBe(true);
});

it('has Start, Guides, Reference, Internals and a search that sends nothing anywhere', () => {
  for (const section of ['Start', 'Guides', 'Reference', 'Internals']) expect(config).toContain(`text: '${section}'`);
  expect(config).toContain("search: { provider: 'local' }");
});

it('documents the API of packages that are there', () => {
  const { entryPoints } = JSON.parse(readFileSync(join(ROOT, 'site', 'typedoc.json'), 'utf8'));
  for (const entry of entryPoints) expect(existsSync(join(ROOT, 'site', entry, 'package.json'))).toBe(true);
});
