/** Something that exists is given another role: what the plan shows of it, and how bad that is. */
import { plannedAccess } from '../../../lib/review/estate';
import { readPlan } from '../../../lib/review/plan';
import { reviewPlan } from '../../../lib/review/review-plan';

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const statement = (action: string, resource: string) => ({ Effect: 'Allow', Action: action, Resource: resource });

/** Roles that stay as they are, each with one statement. */
const ROLES = {
  reader: statement('s3:GetObject', 'arn:aws:s3:::data/*'),
  lister: statement('s3:GetObject', 'arn:aws:s3:::data/public/*'),
  writer: statement('s3:PutObject', 'arn:aws:s3:::data/*'),
  admin: statement('*', '*'),
  deployer: statement('iam:PutRolePolicy', '*'),
};

interface Case {
  readonly name: string;
  readonly type: string;
  readonly before: object;
  readonly after: object;
  readonly unknown?: object;
  readonly expect: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a function as administrator',
    type: 'aws_lambda_function',
    before: { role: arn('reader') },
    after: { role: arn('admin') },
    expect: ['critical role-swapped'],
  },
  {
    name: 'a function with a role that may do less',
    type: 'aws_lambda_function',
    before: { role: arn('reader') },
    after: { role: arn('lister') },
    expect: [],
  },
  {
    name: 'a function with a role that may do something else',
    type: 'aws_lambda_function',
    before: { role: arn('reader') },
    after: { role: arn('writer') },
    expect: ['medium role-swapped'],
  },
  {
    name: 'a function with the same role',
    type: 'aws_lambda_function',
    before: { role: arn('admin') },
    after: { role: arn('admin') },
    expect: [],
  },
  {
    name: 'a job as administrator, in the text of its containers',
    type: 'aws_batch_job_definition',
    before: { container_properties: JSON.stringify({ image: 'x', jobRoleArn: arn('reader') }) },
    after: { container_properties: JSON.stringify({ image: 'x', jobRoleArn: arn('admin') }) },
    expect: ['critical role-swapped'],
  },
  {
    name: 'the text of a job with the same role',
    type: 'aws_batch_job_definition',
    before: { container_properties: JSON.stringify({ image: 'x', jobRoleArn: arn('admin') }) },
    after: { container_properties: JSON.stringify({ image: 'y', jobRoleArn: arn('admin') }) },
    expect: [],
  },
  {
    name: 'instances with another profile, in a block of a template',
    type: 'aws_launch_template',
    before: { iam_instance_profile: [{ name: 'reader', arn: '' }] },
    after: { iam_instance_profile: [{ name: 'other', arn: '' }] },
    expect: ['high role-swapped'],
  },
  {
    name: 'tasks that can gain more, in a list of roles',
    type: 'aws_redshift_cluster',
    before: { iam_roles: [arn('reader')] },
    after: { iam_roles: [arn('reader'), arn('deployer')] },
    expect: ['high role-swapped'],
  },
  {
    name: 'the same role in two attributes, once',
    type: 'aws_redshift_cluster',
    before: { iam_roles: [arn('reader')], default_iam_role_arn: arn('reader') },
    after: { iam_roles: [arn('admin')], default_iam_role_arn: arn('admin') },
    expect: ['critical role-swapped'],
  },
  {
    name: 'two roles that change to the same one, of which only the second is less',
    type: 'aws_ecs_task_definition',
    before: { execution_role_arn: arn('admin'), task_role_arn: arn('lister') },
    after: { execution_role_arn: arn('writer'), task_role_arn: arn('writer') },
    expect: ['medium role-swapped'],
  },
  {
    name: 'the same the other way round',
    type: 'aws_ecs_task_definition',
    before: { execution_role_arn: arn('lister'), task_role_arn: arn('admin') },
    after: { execution_role_arn: arn('writer'), task_role_arn: arn('writer') },
    expect: ['medium role-swapped'],
  },
  {
    name: 'a role in an attribute that was empty, beside one that changes to it',
    type: 'aws_redshift_cluster',
    before: { iam_roles: [arn('reader')] },
    after: { iam_roles: [arn('admin')], default_iam_role_arn: arn('admin') },
    expect: ['critical role-swapped'],
  },
  {
    name: 'a role in an attribute that was empty, beside one that loses permissions',
    type: 'aws_ecs_task_definition',
    before: { execution_role_arn: arn('admin') },
    after: { execution_role_arn: arn('writer'), task_role_arn: arn('writer') },
    expect: ['medium role-swapped'],
  },
  {
    name: 'two roles that change to two others',
    type: 'aws_ecs_task_definition',
    before: { task_role_arn: arn('reader'), execution_role_arn: arn('reader') },
    after: { task_role_arn: arn('admin'), execution_role_arn: arn('deployer') },
    expect: ['critical role-swapped', 'high role-swapped'],
  },
  {
    name: 'a role that is not in the plan',
    type: 'aws_ecs_task_definition',
    before: { task_role_arn: arn('reader') },
    after: { task_role_arn: arn('elsewhere') },
    expect: ['high role-swapped'],
  },
  {
    name: 'a role where there was none, by name, in a block',
    type: 'aws_batch_compute_environment',
    before: { compute_resources: [{ instance_role: null }] },
    after: { compute_resources: [{ instance_role: 'admin' }] },
    expect: ['critical role-swapped'],
  },
  {
    name: 'a type that is newer than the table, in a block',
    type: 'aws_quantum_job',
    before: { job: [{ execution_role_arn: arn('reader') }] },
    after: { job: [{ execution_role_arn: arn('admin') }] },
    expect: ['critical role-swapped', 'high unread'],
  },
  {
    name: 'a role that is known only after apply',
    type: 'aws_sfn_state_machine',
    before: { role_arn: arn('reader') },
    after: {},
    unknown: { role_arn: true },
    expect: ['high role-swapped'],
  },
  {
    name: 'a tag that is called role',
    type: 'aws_lambda_function',
    before: { role: arn('reader'), tags: { role: 'a' } },
    after: { role: arn('reader'), tags: { role: 'b' } },
    expect: [],
  },
  {
    name: 'a role of dashboards, which is none of IAM',
    type: 'aws_grafana_workspace_service_account',
    before: { grafana_role: 'VIEWER' },
    after: { grafana_role: 'ADMIN' },
    expect: ['high unread'],
  },
];

test.each(cases)('$name', async ({ type, before, after, unknown = {}, expect: expected }) => {
  const provider = 'registry.terraform.io/hashicorp/aws';
  const same = (address: string, kind: string, values: object) => ({
    address,
    mode: 'managed',
    type: kind,
    name: address.split('.')[1],
    provider_name: provider,
    change: { actions: ['no-op'], before: values, after: values, after_unknown: {} },
  });
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const document = (inner: object) => JSON.stringify({ Version: '2012-10-17', Statement: [inner] });
  const changes = [
    ...Object.entries(ROLES).flatMap(([name, inner]) => [
      same(`aws_iam_role.${name}`, 'aws_iam_role', {
        name,
        arn: arn(name),
        path: '/',
        assume_role_policy: document(trust),
      }),
      same(`aws_iam_role_policy.${name}`, 'aws_iam_role_policy', { name: 'own', role: name, policy: document(inner) }),
    ]),
    {
      ...same(`${type}.x`, type, {}),
      change: { actions: ['update'], before, after, after_unknown: unknown },
    },
  ];
  const plan = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: changes, configuration: {} };
  const { findings } = await reviewPlan(plannedAccess(readPlan(Buffer.from(JSON.stringify(plan)))));
  expect(findings.map(({ severity, id }) => `${severity} ${id}`).toSorted()).toEqual(expected);
});
