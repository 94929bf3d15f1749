/** The guardrails over definitions as the loader makes them: the reference project, and what its roles must never hold. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';

const roles = join(__dirname, '../../roles');
const today = '2026-11-22';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
  cpSync(roles, join(folder, 'roles'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What loader and guardrails say of the reference project with one text replaced in one file. */
async function check(file?: string, from?: string, to?: string): Promise<readonly string[]> {
  if (file !== undefined && from !== undefined && to !== undefined) {
    const path = join(folder, 'roles', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  const { definitions, findings } = loadDefinitions('roles', { cwd: folder });
  if (definitions === undefined) return findings.map(({ id, at }) => `${at.file}: ${id}`);
  const checked = await checkDefinitions(definitions, { today });
  return [...findings, ...checked.findings].map(({ id, at }) => `${at.file}: ${id}`);
}

test('the reference project is clean, without a waiver', async () => {
  expect(await check()).toEqual([]);
  const { definitions } = loadDefinitions('roles', { cwd: folder });
  if (definitions === undefined) throw new Error('the reference project loads');
  expect((await checkDefinitions(definitions, { today })).waived).toEqual([]);
});

describe('a reference role is refused', () => {
  test.each([
    ['Windows passwords', 'ec2-read.yaml', 'ec2:DescribeVpcs', 'ec2:GetPasswordData', 'no-sensitive-read'],
    ['user data', 'ec2-read.yaml', 'ec2:DescribeVpcs', 'ec2:DescribeInstanceAttribute', 'no-sensitive-read'],
    [
      'launch template data',
      'ec2-read.yaml',
      'ec2:DescribeVpcs',
      'ec2:DescribeLaunchTemplateVersions',
      'no-sensitive-read',
    ],
    ['console output', 'ec2-read.yaml', 'ec2:DescribeVpcs', 'ec2:GetConsoleOutput', 'no-sensitive-read'],
    ['every description at once', 'ec2-read.yaml', 'ec2:DescribeVpcs', '"ec2:Describe*"', 'no-sensitive-read'],
    ['deleting', 's3-deploy.yaml', 's3:PutObject]', 's3:PutObject, s3:DeleteObject]', 'one-access-level'],
    ['other releases', 's3-deploy.yaml', '${param.release}/*"]', '${param.release}*"]', 'parameter-scope'],
    ['a release with a slash', 's3-deploy.yaml', '[a-z0-9.-]', '[a-z0-9./-]', 'parameter-scope'],
    ['SQL without a word on its limits', 'rds-query.yaml', /^sql:.*/ms, '', 'sql-limit'],
    ['every cluster', 'rds-query.yaml', 'cluster:${var.shop_cluster}', 'cluster:*', 'scoped-resources'],
    ['every secret', 'rds-query.yaml', 'secret:${var.shop_reader_secret}', 'secret:*', 'scoped-resources'],
    ['every log group', 'cloudwatch-read.yaml', 'log-group:${var.app_log_group}:*', 'log-group:*', 'scoped-resources'],
  ] as const)('%s', async (_, file, from, to, id) => {
    const text = readFileSync(join(roles, file), 'utf8');
    const found = typeof from === 'string' ? from : (from.exec(text)?.[0] ?? '');
    expect(await check(file, found, to)).toContain(`roles/${file}: ${id}`);
  });
});

test.each([
  'managedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]',
  'policies: [ReadOnlyAccess]',
  'notActions: [s3:GetObject]',
])('a role has no key to attach a policy with, or to permit all but something: `%s`', async (line) => {
  expect(await check('ec2-read.yaml', 'gate: mfa', `gate: mfa\n${line}`)).toEqual(['roles/ec2-read.yaml: unknown-key']);
});

test('a finding stands at its line of the file', async () => {
  const path = join(folder, 'roles', 's3-deploy.yaml');
  const text = readFileSync(path, 'utf8').replace('s3:PutObject]', 's3:PutObjct]');
  writeFileSync(path, text);
  const { definitions } = loadDefinitions('roles', { cwd: folder });
  if (definitions === undefined) throw new Error('a misspelt action loads');
  const [finding] = (await checkDefinitions(definitions, { today })).findings;
  expect(finding).toMatchObject({
    id: 'known-action',
    message: '`s3:PutObjct` is not an action of `s3`.',
    hint: 'Did you mean `s3:PutObject`?',
    at: { file: 'roles/s3-deploy.yaml', line: text.split('\n').findIndex((line) => line.includes('PutObjct')) + 1 },
  });
});
