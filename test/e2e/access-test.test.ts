/** examples/access-test fails when somebody widens or breaks a role, and only then. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(__dirname, '..', '..');
const EXAMPLE = readFileSync(join(root, 'examples/access-test/access.test.mjs'), 'utf8');

// Each test starts Node and compiles the sources.
jest.setTimeout(120_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-example-'));
  cpSync(join(root, 'roles'), join(folder, 'roles'), { recursive: true });
  // The package's own name leads to its sources here, as it leads to its compiled files where it is installed.
  const entry = join(root, 'lib/sandbox/index.ts');
  writeFileSync(join(folder, 'access.test.mts'), EXAMPLE.replace("'@leasehold/sandbox'", JSON.stringify(entry)));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The tests that failed, by their names; the whole file, when it fails before its tests. */
function failures(): readonly string[] {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const { stdout } = spawnSync(process.execPath, [tsx, '--test', '--test-reporter=tap', 'access.test.mts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  expect(stdout).toMatch(/^# tests \d+$/m);
  return [...stdout.matchAll(/^ *not ok \d+ - (.+)$/gm)].map(([, name = '']) => basename(name));
}

function edit(from: string, to: string): void {
  const file = join(folder, 'roles/s3-deploy.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

it('is ten lines', () => {
  expect(EXAMPLE.split('\n').filter((line) => line.trim() !== '')).toHaveLength(10);
});

it('passes on the reference project', () => {
  expect(failures()).toEqual([]);
});

const OWN = 's3-deploy reads and writes its release';
const OTHERS = 'and touches no other';
/** The sandbox does not start with definitions that break a guardrail. */
const BY_GUARDRAIL = 'access.test.mts';
const PUT = '[s3:GetObject, s3:PutObject]';

it.each([
  ['reaches into another release', '${param.release}/*"]', '${param.release}*"]', [BY_GUARDRAIL]],
  ['reaches into every release', '${var.deploy_bucket}/${param.release}/*"]', '${var.deploy_bucket}/*"]', [OTHERS]],
  ['may delete', PUT, '[s3:GetObject, s3:PutObject, s3:DeleteObject]', [BY_GUARDRAIL]],
  ['may do something that no test names', PUT, '[s3:GetObject, s3:PutObject, s3:AbortMultipartUpload]', [OWN]],
])('fails when the role %s', (_, from, to, failed) => {
  edit(from, to);
  expect(failures()).toEqual(failed);
});

it.each([
  ['uploads', PUT, '[s3:GetObject]', [OWN]],
  ['reads', PUT, '[s3:PutObject]', [OWN]],
  ['opens by MFA', 'gate: mfa', 'gate: broker', ['access.test.mts']],
])('fails when the role no longer %s', (_, from, to, failed) => {
  edit(from, to);
  expect(failures()).toEqual(failed);
});
