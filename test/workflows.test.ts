/** Workflows, forms and their likes: they are read by machines, and nobody runs them before they matter. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const ROOT = join(__dirname, '..');
const GITHUB = join(ROOT, '.github');
const yamls = readdirSync(GITHUB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yml'));
const workflows = yamls.filter((file) => file.startsWith('workflows'));
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Readonly<Record<string, string>>;
        readonly 'timeout-minutes': number;
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >
  >;
}

function read(file: string): unknown {
  const document = parseDocument(readFileSync(join(GITHUB, file), 'utf8'), { strict: true });
  expect([file, document.errors, document.warnings]).toEqual([file, [], []]);
  return document.toJS();
}

it.each(yamls)('%s is YAML', (file) => {
  expect(read(file)).toEqual(expect.any(Object));
});

it('has the workflows of CI, release, code scanning, dependencies and pages', () => {
  expect(workflows.map((file) => file.replace('workflows/', '')).sort()).toEqual(
    ['ci.yml', 'codeql.yml', 'dependency-review.yml', 'pages.yml', 'release.yml'].sort(),
  );
});

it.each(workflows)('%s gives no job more than it names, and pins every action', (file) => {
  const { on, permissions, jobs } = read(file) as Workflow;
  expect(permissions).toEqual({});
  // It would run a stranger's code with tokens that can write.
  expect(Object.keys(on)).not.toContain('pull_request_target');
  for (const job of Object.values(jobs)) {
    expect(job.permissions).toEqual(expect.any(Object));
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const { uses, run = '' } of job.steps) {
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      // What an attacker can name (a branch, a title) is no text of a script.
      expect(run).not.toMatch(/\$\{\{\s*github\.(?:event|head_ref)/);
    }
  }
});

it('runs scripts that are there', () => {
  const texts = workflows.map((file) => readFileSync(join(GITHUB, file), 'utf8')).join('\n');
  const called = [...texts.matchAll(/npm run ([\w:]+)(?! --prefix| ?[\w:]* --prefix)/g)].map(([, name]) => name ?? '');
  for (const name of called.filter((each) => each !== 'build')) expect(Object.keys(scripts)).toContain(name);
  expect(existsSync(join(ROOT, '.ci', 'run'))).toBe(true);
  expect(texts).toContain('bash .ci/run');
});

it.each([
  'SECURITY.md',
  'CHANGELOG.md',
  'AGENTS.md',
  '.editorconfig',
  '.nvmrc',
  'lefthook.yml',
  '.github/CODEOWNERS',
  '.github/pull_request_template.md',
])('has %s', (file) => {
  expect(readFileSync(join(ROOT, file), 'utf8').trim()).not.toBe('');
});

it('AGENTS.md maps every package', () => {
  const map = readFileSync(join(ROOT, 'AGENTS.md'), 'utf8');
  for (const folder of [...readdirSync(join(ROOT, 'lib')).map((name) => `lib/${name}`), 'runtime']) {
    if (existsSync(join(ROOT, folder, 'package.json'))) expect(map).toContain(`| \`${folder}\` |`);
  }
});
