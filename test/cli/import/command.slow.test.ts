/** `leasehold import`: what it reads, where it writes, how it ends. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leasehold, newFolder, newProject, removeFolders } from '../support';

afterAll(removeFolders);

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:ListBucket'],
      Resource: ['arn:aws:s3:::site', 'arn:aws:s3:::site/*'],
    },
  ],
};

function folderWith(name: string, content: unknown): string {
  const cwd = newFolder();
  writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  return cwd;
}

describe('reads', () => {
  it.each([
    ['a policy', 'site.json', POLICY],
    [
      'a policy in YAML',
      'site.yaml',
      'Version: "2012-10-17"\nStatement:\n  - { Effect: Allow, Action: [s3:PutObject, s3:ListBucket], Resource: ["arn:aws:s3:::site", "arn:aws:s3:::site/*"] }\n',
    ],
    ['what `aws iam get-policy-version` prints', 'site.json', { PolicyVersion: { Document: POLICY, VersionId: 'v1' } }],
    ['what `aws iam get-role-policy` prints', 'site.json', { RoleName: 'r', PolicyDocument: POLICY }],
    ['what the API answers', 'site.json', { PolicyDocument: encodeURIComponent(JSON.stringify(POLICY)) }],
    ['statements alone', 'site.json', POLICY.Statement],
    ['a statement alone', 'site.json', POLICY.Statement[0]],
    ['a file with a byte order mark', 'site.json', `\ufeff${JSON.stringify(POLICY)}`],
  ])('%s', async (_, name, content) => {
    const { code, out, err } = await leasehold(`import ${name}`, { cwd: folderWith(name, content) });
    expect(err).toContain('1 role from');
    expect(code).toBe(0);
    expect(out).toContain('name: site-write\n');
  });

  it.each([
    ['nothing', '', /no IAM policy/],
    ['a text', 'hello', /no IAM policy/],
    ['broken JSON', '{ "Statement": [', /neither JSON nor YAML/],
    [
      'a policy that AWS would refuse',
      { Statement: [{ Effect: 'Maybe', Action: 's3:*', Resource: '*' }] },
      /AWS would refuse/,
    ],
    [
      'a trust policy',
      { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }] },
      /AWS would refuse/,
    ],
    [
      'a bomb of aliases',
      `a: &a [${'x,'.repeat(50)}]\n${'b'.repeat(3)}: [${'*a,'.repeat(500)}]\n`,
      /neither JSON nor YAML/,
    ],
  ])('not %s', async (_, content, says) => {
    const { code, out, err } = await leasehold('import p.json', { cwd: folderWith('p.json', content) });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
    expect(err).toContain('hint:');
  });

  it('not a file that is not there, nor two sources, nor none', async () => {
    const cwd = newFolder();
    expect((await leasehold('import nowhere.json', { cwd })).err).toContain('no such file');
    for (const line of ['import', 'import p.json --role-arn arn:aws:iam::123456789012:role/r']) {
      const { code, err } = await leasehold(line, { cwd });
      expect(code).toBe(2);
      expect(err).toContain('expected: a file, or --role-arn');
    }
  });

  it.each(['role', 'arn:aws:iam::123456789012:user/u', 'arn:aws:iam::1:role/r', 'arn:aws:iam::123456789012:role/'])(
    'not the role %s',
    async (arn) => {
      const { code, err } = await leasehold(['import', '--role-arn', arn], { cwd: newFolder() });
      expect(code).toBe(2);
      expect(err).toContain('no ARN of an IAM role');
    },
  );

  it.each(['--account 12', '--region mars-1', '--region eu-isoe-west-1'])('not %s', async (flag) => {
    const { code } = await leasehold(`import site.json ${flag}`, { cwd: folderWith('site.json', POLICY) });
    expect(code).toBe(2);
  });
});

describe('in a project', () => {
  const project = (account: string) => `kind: Project
name: shop
environments: { dev: { account: "${account}", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
---
kind: Role
name: site-write
purpose: Another role.
access: read
gate: mfa
allow: [{ actions: [s3:ListAllMyBuckets], resources: ["*"] }]
`;

  it('names are free, the roles validate, and nothing is overwritten', async () => {
    const cwd = newProject({ 'project.yaml': project('123456789012') });
    writeFileSync(join(cwd, 'site.json'), JSON.stringify(POLICY));
    expect(await leasehold('import site.json --out roles/site.yaml', { cwd })).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(cwd, 'roles/site.yaml'), 'utf8')).toContain('name: site-write-2\n');
    expect((await leasehold('validate', { cwd })).code).toBe(0);
    const again = await leasehold('import site.json --out roles/site.yaml', { cwd });
    expect(again.code).toBe(2);
    expect(again.err).toContain('exists already');
  });

  it('account and region are the environment’s', async () => {
    const cwd = newProject({ 'project.yaml': project('210987654321') });
    const Statement = [
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:210987654321:a' },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:210987654321:b' },
    ];
    writeFileSync(join(cwd, 'q.json'), JSON.stringify({ ...POLICY, Statement }));
    const { code, out, err } = await leasehold('import q.json', { cwd });
    expect(code).toBe(1);
    expect(out).toContain('arn:${env.partition}:sqs:${env.region}:${env.account}:a');
    expect(out).not.toContain(':b"');
    expect(err).toContain('arn:aws:sqs:us-east-1:210987654321:b');
    expect((await leasehold('import q.json --region us-east-1', { cwd })).out).toContain('${env.account}:b');
  });

  it('what a policy in roles/ is told to do works, though the project cannot be read then', async () => {
    const cwd = newProject({ 'project.yaml': project('123456789012'), 'deploy.yaml': JSON.stringify(POLICY) });
    expect((await leasehold('validate', { cwd })).out).toContain('leasehold import roles/deploy.yaml');
    const { code, out, err } = await leasehold('import roles/deploy.yaml', { cwd });
    expect(code).toBe(0);
    expect(err).toContain('note: the definitions in roles cannot be read');
    expect(out).toContain('kind: Role');
  });

  it('workloads get the gate that they can open', async () => {
    const cwd = newProject({
      'project.yaml': project('123456789012').replace('iam-user', 'ecs-task').replaceAll('mfa', 'broker'),
    });
    writeFileSync(join(cwd, 'site.json'), JSON.stringify(POLICY));
    expect((await leasehold('import site.json', { cwd })).out).toContain('gate: broker\n');
  });
});

describe('tells', () => {
  const mixed = {
    ...POLICY,
    Statement: [...POLICY.Statement, { Effect: 'Allow', Action: ['iam:PassRole', 's3:GetObject'], Resource: '*' }],
  };

  it('what cannot be had, why and what instead, and ends with 1', async () => {
    const { code, err } = await leasehold('import p.json', { cwd: folderWith('p.json', mixed) });
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be had\n {2}- iam:PassRole\n {4}why: .+\n {4}instead: .+\n/);
    expect(err).toMatch(/variables:\n\s+s3_bucket_name: "…"/);
    expect(err).toContain('Write 1 text that begins with TODO.');
  });

  it('everything as JSON', async () => {
    const { out } = await leasehold('import p.json --json', { cwd: folderWith('p.json', mixed) });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      yaml: expect.stringContaining('kind: Role'),
      roles: [{ name: 'p-write', access: 'write', source: 'p' }],
      variables: ['s3_bucket_name'],
      lost: [{ what: 'iam:PassRole' }],
      left: [],
    });
  });

  it('nothing that steers the terminal or ends a comment', async () => {
    const name = 'a\u001b[2K\nb: c.json';
    const { out, err } = await leasehold(['import', name], { cwd: folderWith(name, POLICY) });
    expect(out + err).not.toContain('\u001b');
    expect(out.split('\n')[0]).toMatch(/^# Imported from a.*b: c\.json/);
  });
});
