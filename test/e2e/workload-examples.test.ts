/** The workloads of `examples/workloads`, each by its one command: with the broker and AWS on this machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';

const WORKLOADS = join(__dirname, '..', '..', 'examples', 'workloads');
const UPLOAD = ['allowed AssumeRole shop-dev-report-upload', 'allowed GetScopedCredentials'];

/** What each command prints of AWS's answers and of the programs. */
const STORIES = [
  {
    name: 'github-actions',
    calls: [
      'allowed AssumeRoleWithWebIdentity shop-dev-pipeline',
      'allowed AssumeRole shop-dev-approver',
      'allowed AssumeRole shop-dev-release-upload',
      'allowed PutObject 1.4.2/app.js',
      'denied AssumeRoleWithWebIdentity shop-dev-pipeline',
    ],
    printed: ['lead approved release-upload {"release":"1.4.2"}', 'no session: AccessDenied'],
  },
  {
    name: 'ecs-task',
    calls: [
      ...UPLOAD,
      'allowed PutObject 2026-11-30/app.js',
      'allowed PutObject 2026-11-30/index.html',
      'denied PutObject 2026-11-29/app.js',
    ],
    printed: ['2026-11-30/app.js: uploaded', '2026-11-29/app.js: AccessDenied'],
  },
  {
    name: 'lambda',
    calls: [...UPLOAD, 'allowed PutObject 2026-11-30/orders.json'],
    printed: ['"uploaded":"2026-11-30/orders.json"', 'error: LeaseError: invalid-request: the parameter day'],
  },
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-workloads-e2e-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeWithRealTools('the workloads', () => {
  it.each(STORIES)('$name gets what its lease permits, and no more', async ({ name, calls, printed }) => {
    const { stdout } = await run(process.execPath, [join(WORKLOADS, name, 'run.mjs')], {
      cwd: folder,
      env: { HOME: folder },
    });
    expect([...stdout.matchAll(/^AWS: (.*)$/gm)].map(([, call]) => call)).toEqual(calls);
    for (const each of printed) expect(stdout).toContain(each);
    expect(stdout).not.toMatch(/A[KS]IA[A-Z0-9]{12,}/);
    expect(readFileSync(join(WORKLOADS, name, 'README.md'), 'utf8')).toContain(
      `node examples/workloads/${name}/run.mjs`,
    );
  });
});

it('the workflow can write nothing in its repository, pins its actions, and puts no input into a script', () => {
  const document = parseDocument(readFileSync(join(WORKLOADS, 'github-actions', 'release.yml'), 'utf8'), {
    strict: true,
  });
  expect([document.errors, document.warnings]).toEqual([[], []]);
  const { permissions, jobs } = document.toJS();
  expect([permissions, jobs.upload.permissions]).toEqual([{}, { contents: 'read', 'id-token': 'write' }]);
  for (const { uses, run: script = '' } of jobs.upload.steps) {
    if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(script).not.toContain('${{');
  }
});

it('no container of the task has a credential in its environment', () => {
  const { containerDefinitions } = JSON.parse(
    readFileSync(join(WORKLOADS, 'ecs-task', 'task-definition.json'), 'utf8'),
  );
  const names = containerDefinitions.flatMap(({ environment }: { environment: { name: string }[] }) =>
    environment.map(({ name }) => name),
  );
  expect(names).toEqual(['LEASEHOLD_MANIFEST', 'LEASEHOLD_AGENT', 'DAY', 'DAY']);
});
