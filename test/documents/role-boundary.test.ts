/** What the boundary of a role lets through when somebody attaches `AdministratorAccess` to it. */
import { hasOwnBoundary, permissions, roleBoundary, rolePolicy } from '@leasehold/documents';
import { checkSize, evaluate, type PolicyDocument, prepare } from '@leasehold/policy';
import type { ExternalRole, Role } from '../../lib/definitions/model';
import { anEnvironment, aRole } from '../support/environment';

const ENVIRONMENT = anEnvironment();
const TASK = external('task');
const OTHER = external('other');
const CDK = external('cdk');
const ADMINISTRATOR: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** Of a role that trusts the whole account. */
const TRUST: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    },
  ],
};

const PASSING = aRole({
  allow: [{ actions: ['ecs:RegisterTaskDefinition'], resources: ['*'], conditions: {} }],
  passes: [
    { role: TASK, to: 'ecs-tasks.amazonaws.com', because: 'One.' },
    { role: OTHER, to: 'lambda.amazonaws.com', because: 'Two.' },
  ],
});
const ASSUMING = aRole({ assumes: [{ role: CDK, because: 'One.' }] });
const READING = aRole({
  access: 'read',
  allow: [{ actions: ['iam:GetRole', 'ec2:DescribeInstances'], resources: ['*'], conditions: {} }],
});
const PLAIN = aRole();

interface Row {
  readonly title: string;
  readonly role: Role;
  readonly action: string;
  readonly resource: string;
  readonly to?: string;
  readonly allowed: boolean;
}

const TO_ECS = 'ecs-tasks.amazonaws.com';
const TO_LAMBDA = 'lambda.amazonaws.com';

const ROWS: readonly Row[] = [
  {
    title: 'the role to its service',
    role: PASSING,
    action: 'iam:PassRole',
    resource: TASK.arn,
    to: TO_ECS,
    allowed: true,
  },
  {
    title: 'the other to its own',
    role: PASSING,
    action: 'iam:PassRole',
    resource: OTHER.arn,
    to: TO_LAMBDA,
    allowed: true,
  },
  {
    title: 'the role to another service',
    role: PASSING,
    action: 'iam:PassRole',
    resource: TASK.arn,
    to: 'ec2.amazonaws.com',
    allowed: false,
  },
  {
    title: "the role to the other's service",
    role: PASSING,
    action: 'iam:PassRole',
    resource: TASK.arn,
    to: TO_LAMBDA,
    allowed: false,
  },
  {
    title: 'the role to nobody in particular',
    role: PASSING,
    action: 'iam:PassRole',
    resource: TASK.arn,
    allowed: false,
  },
  {
    title: 'a role that is not declared',
    role: PASSING,
    action: 'iam:PassRole',
    resource: CDK.arn,
    to: TO_ECS,
    allowed: false,
  },
  {
    title: 'changing the role that is passed',
    role: PASSING,
    action: 'iam:PutRolePolicy',
    resource: TASK.arn,
    allowed: false,
  },
  {
    title: 'changing who may pass it',
    role: PASSING,
    action: 'iam:UpdateAssumeRolePolicy',
    resource: TASK.arn,
    to: TO_ECS,
    allowed: false,
  },
  {
    title: 'turning into the role that is passed',
    role: PASSING,
    action: 'sts:AssumeRole',
    resource: TASK.arn,
    allowed: false,
  },
  { title: 'reading IAM', role: PASSING, action: 'iam:GetRole', resource: TASK.arn, allowed: false },
  { title: 'its own service', role: PASSING, action: 'ecs:RunTask', resource: '*', allowed: true },
  { title: 'another service', role: PASSING, action: 's3:GetObject', resource: 'arn:aws:s3:::a/b', allowed: false },
  { title: 'holding less', role: PASSING, action: 'sts:GetScopedCredentials', resource: '*', allowed: true },
  { title: 'the role that is assumed', role: ASSUMING, action: 'sts:AssumeRole', resource: CDK.arn, allowed: true },
  { title: 'its source identity', role: ASSUMING, action: 'sts:SetSourceIdentity', resource: CDK.arn, allowed: true },
  { title: 'another role', role: ASSUMING, action: 'sts:AssumeRole', resource: TASK.arn, allowed: false },
  { title: 'tags of its own', role: ASSUMING, action: 'sts:TagSession', resource: CDK.arn, allowed: false },
  {
    title: 'passing the role that is assumed',
    role: ASSUMING,
    action: 'iam:PassRole',
    resource: CDK.arn,
    to: TO_ECS,
    allowed: false,
  },
  { title: 'the read that is named', role: READING, action: 'iam:GetRole', resource: TASK.arn, allowed: true },
  { title: 'a read that is not', role: READING, action: 'iam:ListRoles', resource: '*', allowed: false },
  {
    title: 'a change',
    role: READING,
    action: 'iam:CreateUser',
    resource: 'arn:aws:iam::123456789012:user/a',
    allowed: false,
  },
  { title: 'credentials', role: READING, action: 'sts:GetFederationToken', resource: '*', allowed: false },
  { title: 'a read, where none is declared', role: PLAIN, action: 'iam:GetRole', resource: TASK.arn, allowed: false },
  {
    title: 'passing, where nothing is declared',
    role: PLAIN,
    action: 'iam:PassRole',
    resource: TASK.arn,
    to: TO_ECS,
    allowed: false,
  },
];

it.each(ROWS)('$title: $allowed', ({ role, action, resource, to, allowed }) => {
  const request = {
    action,
    resource,
    principal: { kind: 'session' as const, roleArn: 'arn:aws:iam::123456789012:role/leasehold/a', sessionName: 'lh-1' },
    context: to === undefined ? {} : { 'iam:PassedToService': to },
  };
  expect(
    evaluate(
      request,
      prepare({
        identity: [ADMINISTRATOR],
        boundary: roleBoundary(role, ENVIRONMENT),
        ...(action.startsWith('sts:') ? { trust: TRUST } : {}),
      }),
    ).outcome,
  ).toBe(allowed ? 'allowed' : 'explicitly denied');
});

it('is the shared one for a role that declares nothing of the kind', () => {
  expect(hasOwnBoundary(PLAIN)).toBe(false);
  expect(roleBoundary(PLAIN, ENVIRONMENT)).toBe(roleBoundary());
});

it('lets nothing through of a wildcard over services, which no guardrail would let by', () => {
  const odd = aRole({
    ...READING,
    allow: [{ actions: ['*', '*:Get*', 'iam:*', 'iam:GetRole'], resources: ['*'], conditions: {} }],
  });
  expect(JSON.stringify(roleBoundary(odd, ENVIRONMENT))).not.toMatch(/"(\*|iam:\*|\*:Get\*)"[,\]]/);
});

it('fits with fifty reads and ten roles', () => {
  const reads = Array.from({ length: 50 }, (_, index) => `iam:GetSomethingOfTheKind${index}`);
  const role = aRole({
    allow: [{ actions: reads, resources: ['*'], conditions: {} }],
    passes: Array.from({ length: 10 }, (_, index) => ({
      role: external(`task-${index}`),
      to: TO_ECS,
      because: 'One.',
    })),
  });
  expect(checkSize('permissions-boundary', roleBoundary(role, ENVIRONMENT)).over).toBe(false);
});

it('is matched by the policy: what a role declares, it has', () => {
  expect(permissions(PASSING).Statement).toEqual(
    expect.arrayContaining([
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: TASK.arn,
        Condition: { StringEquals: { 'iam:PassedToService': TO_ECS } },
      },
    ]),
  );
  expect(JSON.stringify(rolePolicy(ASSUMING))).toContain(JSON.stringify(['sts:AssumeRole', 'sts:SetSourceIdentity']));
});

function external(name: string): ExternalRole {
  const at = { file: 'roles/project.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { name, arn: `arn:aws:iam::123456789012:role/${name}`, may: 'administrator', locate: () => at };
}
