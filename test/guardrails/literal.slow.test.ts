/**
 * IAM policies of agents and pipelines, copied word for word into roles: one run of `validate`, its hints followed
 * literally and all at once, and the second run is green; nothing became permitted on the way.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, renderFindings } from '@leasehold/definitions';
import { parameterTag, permissions, roleArn, roleBoundary, rolePolicy } from '@leasehold/documents';
import { compare, evaluate, type PolicyDocument, prepare } from '@leasehold/policy';
import { parseAllDocuments } from 'yaml';
import { checkProject } from '../../lib/cli/project';
import type { Doc } from './follow-hints';
import { type Followed, followed, LITERAL_CASES, LITERAL_FOLDER, MORE_LITERAL_CASES } from './literal';

const BROAD = join(__dirname, '../cases/literal-broad');
const TODAY = '2026-11-30';

/** Role, action, resource, what the request carries, whether a lease may do it. */
type Row = readonly [string, string, string, Readonly<Record<string, string | readonly string[]>>, boolean];

const ACCOUNT = '111122223333';
const HERE = `us-east-1:${ACCOUNT}`;
const PASSED = 'iam:PassedToService';
const TASK = `arn:aws:iam::${ACCOUNT}:role/shop-task`;
const TAG = 'kubernetes.io/cluster/shop';

const ROWS: readonly Row[] = [
  ['ecs-look', 'ecs:DescribeClusters', `arn:aws:ecs:${HERE}:cluster/any`, {}, true],
  ['ecs-look', 'ecs:DescribeTasks', `arn:aws:ecs:${HERE}:task/my-cluster/1`, {}, true],
  ['ecs-look', 'ecs:DescribeTasks', `arn:aws:ecs:${HERE}:task/payroll/1`, {}, false],
  ['ecs-look', 'iam:ListRoles', '*', {}, true],
  ['ecs-look', 'iam:PassRole', TASK, { [PASSED]: 'ecs-tasks.amazonaws.com' }, false],
  ['ecs-operate', 'ecs:DeleteService', `arn:aws:ecs:${HERE}:service/my-cluster/web`, {}, true],
  ['ecs-operate', 'ecs:DeleteService', `arn:aws:ecs:${HERE}:service/payroll/web`, {}, false],
  ['ecs-operate', 'iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/new`, {}, false],
  ['ecs-operate', 'kms:PutKeyPolicy', `arn:aws:kms:${HERE}:key/1`, {}, false],
  ['ecs-operate', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/image-pusher`, {}, true],
  ['ecs-operate', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, {}, false],
  ['cloudwatch-read', 'cloudwatch:GetMetricData', '*', {}, true],
  ['cloudwatch-read', 'logs:StartQuery', `arn:aws:logs:${HERE}:log-group:my-log-group`, {}, true],
  ['cloudwatch-read', 'logs:StartQuery', `arn:aws:logs:${HERE}:log-group:/payroll`, {}, false],
  ['cloudwatch-read', 'logs:DeleteLogGroup', `arn:aws:logs:${HERE}:log-group:my-log-group`, {}, false],
  ['ecs-deploy', 'ecr:PutImage', `arn:aws:ecr:${HERE}:repository/shop`, {}, true],
  ['ecs-deploy', 'iam:PassRole', TASK, { [PASSED]: 'ecs-tasks.amazonaws.com' }, true],
  ['ecs-deploy', 'iam:PassRole', TASK, { [PASSED]: 'ec2.amazonaws.com' }, false],
  ['ecs-deploy', 'iam:PassRole', `${TASK}-other`, { [PASSED]: 'ecs-tasks.amazonaws.com' }, false],
  ['lambda-deploy', 'lambda:CreateFunction', `arn:aws:lambda:${HERE}:function:checkout`, {}, true],
  ['lambda-deploy', 'lambda:CreateFunction', `arn:aws:lambda:${HERE}:function:payroll`, {}, false],
  [
    'lambda-deploy',
    'iam:PassRole',
    `arn:aws:iam::${ACCOUNT}:role/checkout-function`,
    { [PASSED]: 'lambda.amazonaws.com' },
    true,
  ],
  ['lambda-deploy', 'iam:PassRole', TASK, { [PASSED]: 'lambda.amazonaws.com' }, false],
  ['site-deploy', 's3:DeleteObject', 'arn:aws:s3:::acme-site/old.js', {}, true],
  ['site-deploy', 's3:DeleteObject', 'arn:aws:s3:::acme-data/old.js', {}, false],
  ['site-deploy', 's3:DeleteBucket', 'arn:aws:s3:::acme-site', {}, false],
  ['external-dns', 'route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/my-id', {}, true],
  ['external-dns', 'route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/other', {}, false],
  [
    'cert-manager',
    'route53:ChangeResourceRecordSets',
    'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
    true,
  ],
  [
    'cert-manager',
    'route53:ChangeResourceRecordSets',
    'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT', 'NS'] },
    false,
  ],
  [
    'nodes',
    'ec2:TerminateInstances',
    `arn:aws:ec2:${HERE}:instance/i-1`,
    { [`aws:ResourceTag/${TAG}`]: 'owned' },
    true,
  ],
  ['nodes', 'ec2:TerminateInstances', `arn:aws:ec2:${HERE}:instance/i-1`, {}, false],
  ['nodes', 'ssm:GetParameter', 'arn:aws:ssm:us-east-1::parameter/aws/service/eks/ami', {}, true],
  ['nodes', 'ssm:GetParameter', `arn:aws:ssm:${HERE}:parameter/password`, {}, false],
  ['tenant-rows', 'dynamodb:Query', `arn:aws:dynamodb:${HERE}:table/app`, { 'dynamodb:LeadingKeys': ['a-1/x'] }, true],
  [
    'tenant-rows',
    'dynamodb:Query',
    `arn:aws:dynamodb:${HERE}:table/app`,
    { 'dynamodb:LeadingKeys': ['a-12/x'] },
    false,
  ],
  ['tenant-rows', 'dynamodb:Query', `arn:aws:dynamodb:${HERE}:table/app`, {}, false],
  ['analyst', 'athena:StartQueryExecution', `arn:aws:athena:${HERE}:workgroup/analysts`, {}, true],
  ['analyst', 's3:GetObject', 'arn:aws:s3:::acme-lake/people/1', {}, false],
  ['analyst', 'glue:DeleteTable', `arn:aws:glue:${HERE}:table/sales/x`, {}, false],
  ['shell', 'ssm:StartSession', `arn:aws:ec2:${HERE}:instance/i-0123456789abcdef0`, {}, true],
  ['shell', 'ssm:TerminateSession', `arn:aws:ssm:${HERE}:session/lh-7-0a1b`, {}, true],
  ['shell', 'ssm:TerminateSession', `arn:aws:ssm:${HERE}:session/lh-8-0a1b`, {}, false],
];

/** The trust policy of every role outside: it lets the account decide. */
const TRUSTING = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] },
};

const errorsIn = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === 'error');
const documentsIn = (text: string): readonly Doc[] => parseAllDocuments(text).map((each) => each.toJS() as Doc);

/** What IAM would permit by the statements as they were copied. */
function copied(text: string, name: string): PolicyDocument {
  const role = documentsIn(text).find((doc) => doc.name === name) as { allow: Record<string, unknown>[] };
  const iam = role.allow.flatMap(({ actions, resources, conditions }) =>
    [actions].flat().map((action) => ({
      Effect: 'Allow',
      Action: action,
      Resource: resources,
      // No request of this read carries the key of its condition, and `ForAllValues` is true without it.
      ...(conditions === undefined || action === 'route53:ListResourceRecordSets' ? {} : { Condition: conditions }),
    })),
  );
  // The variables under the names under which a lease sets them.
  const renamed = JSON.stringify(iam)
    .replaceAll('${aws:PrincipalTag/tenant}', '${aws:PrincipalTag/param.tenant}')
    .replaceAll(/\$\{aws:user(name|id)\}/g, '${aws:PrincipalTag/lease-id}');
  return { Version: '2012-10-17', Statement: JSON.parse(renamed) };
}

describe.each([...LITERAL_CASES, ...MORE_LITERAL_CASES])('%s', (name) => {
  let done: Followed;
  beforeAll(async () => {
    done = await followed(name);
  });
  const roles = () => done.definitions?.environments[0]?.roles ?? [];

  test('is not green at first, and is after following the hints of one run', () => {
    expect(errorsIn(done.first)).not.toEqual([]);
    expect(renderFindings(errorsIn(done.second), { color: false })).toBe('');
    expect(roles().length).toBeGreaterThan(0);
  });

  test('every hint of the first run is on the screen', () => {
    expect(renderFindings(done.first, { color: false })).not.toMatch(
      /and \d+ more$|list all with|^ {2}(?:hint|expected):.*…$/m,
    );
  });

  test('needs at most five keys that the policy did not have, beside those of every role', () => {
    const fixed = new Set(['kind', 'name', 'purpose', 'access', 'gate', 'allow']);
    for (const doc of documentsIn(done.after['role.yaml'] ?? '')) {
      expect(Object.keys(doc).filter((key) => !fixed.has(key)).length).toBeLessThanOrEqual(5);
    }
  });

  test('permits nothing that the policy did not', () => {
    for (const role of roles()) {
      const before = copied(done.before['role.yaml'] ?? '', role.name);
      // A role that assumes another one also tells it the lease.
      const told: PolicyDocument['Statement'] = role.assumes.map(({ role: { arn } }) => ({
        Effect: 'Allow',
        Action: 'sts:SetSourceIdentity',
        Resource: arn,
      }));
      const both = { ...before, Statement: [before.Statement, told].flat() } as PolicyDocument;
      expect(compare(both, permissions(role), { resourcePolicies: 'ignore' })).toEqual({ kind: 'not-widened' });
    }
  });

  test('does what its table says', () => {
    const environment = done.definitions?.environments[0];
    const names = roles().map((role) => role.name);
    const rows = ROWS.filter(([role]) => names.includes(role));
    if (LITERAL_CASES.includes(name)) {
      expect(names.filter((role) => !rows.some((row) => row[0] === role))).toEqual([]);
    }
    for (const [role, action, resource, carried, allowed] of rows) {
      const found = roles().find((each) => each.name === role);
      if (found === undefined || environment === undefined) throw new Error(role);
      const { outcome } = evaluate(
        {
          action,
          resource,
          principal: { kind: 'session', roleArn: roleArn(found, environment), sessionName: 'lh-7' },
          context: {
            [`aws:PrincipalTag/${parameterTag('tenant')}`]: 'a-1',
            'aws:PrincipalTag/lease-id': 'lh-7',
            ...carried,
          },
        },
        prepare({
          identity: [rolePolicy(found)],
          boundary: roleBoundary(found, environment),
          ...(action === 'sts:AssumeRole' ? { trust: TRUSTING } : {}),
        }),
      );
      expect([role, action, resource, outcome === 'allowed']).toEqual([role, action, resource, allowed]);
    }
  });
});

test('each row of the tables belongs to a role', () => {
  const names = LITERAL_CASES.flatMap((name) =>
    documentsIn(readFileSync(join(LITERAL_FOLDER, `${name}.yaml`), 'utf8')),
  ).map((doc) => doc.name);
  expect([...new Set(ROWS.map(([role]) => role))].toSorted()).toEqual(names.toSorted());
});

test('a broad policy of twenty services fills no more than a screen', async () => {
  const { findings } = await checkProject(['.'], { cwd: BROAD, today: TODAY });
  expect(findings.length).toBeGreaterThan(40);
  const text = renderFindings(findings, { color: false });
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
  expect(lines).toBeLessThanOrEqual(50);
  // What is not shown is counted.
  expect(text).toContain('list all with `leasehold validate --json`');
  expect(text).toContain('leasehold import');
});
