/** What the README shows is what happens: its console blocks and its example role. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leasehold } from './cli/support';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const consoles = [...readme.matchAll(/^```console\n\$ npx leasehold (.*)\n([\s\S]*?)^```$/gm)].map(
  ([, command, output]) => ({
    command: command ?? '',
    output: output ?? '',
  }),
);

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'leasehold-readme-'));
  cpSync(join(root, 'roles'), join(project, 'roles'), { recursive: true });
});
afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

it('shows commands with their output', () => {
  expect(consoles.length).toBeGreaterThan(0);
});

it.each(consoles)('leasehold $command', async ({ command, output }) => {
  const { out, err } = await leasehold(command, { cwd: project });
  expect(out + err).toBe(output);
});

it('has at most 150 lines, and its two commands', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(151);
  expect(readme).toContain('npm ci && npm start ');
  expect(readme).toContain('npm test ');
});

it('the role that it shows passes every guardrail', async () => {
  const [, yaml = ''] = /```yaml\n(kind: Role\n[\s\S]*?)```/.exec(readme) ?? [];
  const [, name] = /^name: (.*)$/m.exec(yaml) ?? [];
  writeFileSync(join(project, 'roles', `${name}.yaml`), yaml);
  const { code, err, out } = await leasehold('validate', { cwd: project });
  expect({ code, report: out + err }).toEqual({ code: 0, report: '4 roles, 2 environments, 5 files: no errors\n' });
});

it('the role of "Add a role" passes every guardrail', async () => {
  const start = readFileSync(join(root, 'docs', 'getting-started.md'), 'utf8');
  const [, file, yaml] = /Write `(roles\/[a-z-]+\.yaml)`:\n\n```yaml\n([\s\S]*?)```/.exec(start) ?? [];
  writeFileSync(join(project, file ?? ''), yaml ?? '');
  const { code, err, out } = await leasehold('validate', { cwd: project });
  expect({ code, report: out + err }).toEqual({ code: 0, report: '5 roles, 2 environments, 6 files: no errors\n' });
});

it('a typo in that role is caught with the line and the hint', async () => {
  const file = join(project, 'roles', 's3-deploy.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('s3:PutObject]', 's3:PutObjet]'));
  const { code, out, err } = await leasehold('validate', { cwd: project });
  expect(code).toBe(1);
  expect(out + err).toMatch(/roles\/s3-deploy\.yaml:\d+:\d+[\s\S]*s3:PutObjet[\s\S]*\^+[\s\S]*s3:PutObject/);
});
