/** Roles that real teams need: they validate, and a lease of each may do what its task is and nothing beside it. */
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { parameterTag, roleArn, roleBoundary, rolePolicy } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { evaluate, prepare } from '@leasehold/policy';

const today = '2026-11-30';
const { definitions, findings } = loadDefinitions('roles', { cwd: join(__dirname, '../cases') });
const [environment] = definitions?.environments ?? [];

/** Role, action, resource, what the request carries, whether it is allowed. */
type Row = readonly [string, string, string, Readonly<Record<string, string | readonly string[]>>, boolean];

const ACCOUNT = '111122223333';
const TASK = `arn:aws:iam::${ACCOUNT}:role/shop-task`;
const ZONE = 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ';
const NODE = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0123456789abcdef0`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/app-dev`;
const LEASE = 'lh-7';
const CHANGES = 'route53:ChangeResourceRecordSetsActions';

const ROWS: readonly Row[] = [
  ['ecs-look', 'iam:GetRole', TASK, {}, true],
  ['ecs-look', 'iam:ListRoles', '*', {}, false],
  ['ecs-look', 'iam:PassRole', TASK, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, false],
  ['ecs-deploy', 'iam:PassRole', TASK, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, true],
  ['ecs-deploy', 'iam:PassRole', TASK, { 'iam:PassedToService': 'ec2.amazonaws.com' }, false],
  ['ecs-deploy', 'iam:PassRole', `${TASK}-admin`, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, false],
  ['ecs-deploy', 'ecs:DeleteService', `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/web`, {}, false],
  ['cloudwatch-read', 'logs:StartQuery', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/app/web`, {}, true],
  ['cloudwatch-read', 'logs:StartQuery', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/payroll`, {}, false],
  ['lambda-deploy', 'lambda:CreateFunction', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:shop`, {}, true],
  ['lambda-deploy', 'iam:PassRole', TASK, { 'iam:PassedToService': 'lambda.amazonaws.com' }, false],
  ['site-deploy', 's3:DeleteObject', 'arn:aws:s3:::acme-site/old.js', {}, true],
  ['site-deploy', 's3:DeleteObject', 'arn:aws:s3:::acme-site/legal/terms.html', {}, false],
  ['dns-upsert', 'route53:ChangeResourceRecordSets', ZONE, { [CHANGES]: ['UPSERT'] }, true],
  ['dns-upsert', 'route53:ChangeResourceRecordSets', ZONE, { [CHANGES]: ['UPSERT', 'DELETE'] }, false],
  ['dns-upsert', 'route53:ChangeResourceRecordSets', ZONE, {}, false],
  ['nodes', 'ec2:RunInstances', NODE, { 'aws:RequestTag/kubernetes.io/cluster/shop': 'owned' }, true],
  ['nodes', 'ec2:RunInstances', NODE, { 'aws:RequestTag/kubernetes.io/cluster/other': 'owned' }, false],
  ['nodes', 'ec2:TerminateInstances', NODE, {}, false],
  ['tenant-rows', 'dynamodb:Query', TABLE, { 'dynamodb:LeadingKeys': ['TENANT#acme#1'] }, true],
  ['tenant-rows', 'dynamodb:Query', TABLE, { 'dynamodb:LeadingKeys': ['TENANT#other'] }, false],
  ['tenant-rows', 'dynamodb:Query', TABLE, {}, false],
  ['analyst', 's3:GetObject', 'arn:aws:s3:::acme-lake/sales/2026.parquet', {}, true],
  ['analyst', 's3:GetObject', 'arn:aws:s3:::acme-lake/people/2026.parquet', {}, false],
  ['shell', 'ssm:TerminateSession', `arn:aws:ssm:us-east-1:${ACCOUNT}:session/${LEASE}-0a1b`, {}, true],
  ['shell', 'ssm:TerminateSession', `arn:aws:ssm:us-east-1:${ACCOUNT}:session/lh-8-0a1b`, {}, false],
  ['shell', 'ssm:StartSession', 'arn:aws:ssm:us-east-1::document/AWS-StartSSHSession', {}, true],
  ['shell', 'ssm:StartSession', 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript', {}, false],
  ['cdk-assets', 'iam:PassRole', TASK, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, false],
];

test('they validate, with no finding but what the project sets aside by name', async () => {
  expect(findings).toEqual([]);
  if (definitions === undefined) throw new Error('the roles load');
  const checked = await checkDefinitions(definitions, { today });
  expect(checked.findings).toEqual([]);
  expect([...new Set(checked.waived.map(({ guardrail, role }) => `${role}: ${guardrail}`))].sort()).toEqual([
    'nodes: mixed-access',
    'shell: no-role-hijack',
    'site-deploy: mixed-access',
  ]);
});

test.each(ROWS)('%s, %s on %s with %j: %s', (name, action, resource, carried, allowed) => {
  const role = environment?.roles.find((each) => each.name === name);
  if (environment === undefined || role === undefined) throw new Error(`a role ${name}`);
  const values = { tenant: 'acme', instance: 'i-0123456789abcdef0' };
  const tags = Object.entries(values).map(([tag, value]) => [`aws:PrincipalTag/${parameterTag(tag)}`, value]);
  const { outcome } = evaluate(
    {
      action,
      resource,
      principal: { kind: 'session', roleArn: roleArn(role, environment), sessionName: LEASE },
      context: { ...Object.fromEntries(tags), 'aws:PrincipalTag/lease-id': LEASE, ...carried },
    },
    prepare({ identity: [rolePolicy(role)], boundary: roleBoundary(role, environment) }),
  );
  expect(outcome === 'allowed').toBe(allowed);
});

test('each role is in the table', () => {
  expect([...new Set(ROWS.map(([name]) => name))].sort()).toEqual(environment?.roles.map(({ name }) => name));
});
