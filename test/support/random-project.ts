/** Random definitions, as YAML that a hurried person might write: mostly fine, now and then not. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';

/** File name → its documents. JSON is YAML. */
export type RandomProject = Readonly<Record<string, unknown>>;

/** Writes a project's files under a folder, and returns that folder. */
export function writeRandomProject(folder: string, project: RandomProject): string {
  mkdirSync(folder, { recursive: true });
  for (const [file, document] of Object.entries(project)) writeFileSync(join(folder, file), JSON.stringify(document));
  return folder;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6}){0,2}$/);
const longWord = fc.stringMatching(/^[a-z][a-z0-9]{20,29}$/);
const name = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: longWord });
const sentence = fc.stringMatching(/^[A-Z][a-zäé,' ]{0,60}[a-z]\.$/);
const ODD = ['', '*', '${param.nobody}', 'arn:aws:s3:::', 'arn:aws:s3:::日本', "it's"];

const user = fc.constant({ type: 'iam-user' });

const workload = fc.constantFrom(
  { type: 'ec2' },
  { type: 'ecs-task' },
  { type: 'lambda' },
  {
    type: 'eks-irsa',
    issuer: 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF',
    namespace: 'agents',
    serviceAccount: 'hermes',
  },
  { type: 'eks-pod-identity', cluster: 'tools', namespace: 'agents', serviceAccount: 'hermes' },
  { type: 'github-oidc', repository: 'acme@123/shop@456', subject: 'ref:refs/heads/main' },
  {
    type: 'roles-anywhere',
    trustAnchorArn:
      'arn:${env.partition}:rolesanywhere:${env.region}:${env.account}:trust-anchor/11111111-2222-3333-4444-555555555555',
    commonName: 'hermes.example.com',
  },
  { type: 'existing-role', roleArn: 'arn:${env.partition}:iam::${env.account}:role/tools/worker' },
);

const place = fc.constantFrom(
  { account: '123456789012', region: 'ap-northeast-2' },
  { account: '210987654321', region: 'us-east-1' },
  { account: '333333333333', region: 'eu-west-1' },
  { account: '444444444444', region: 'cn-north-1' },
  { account: '555555555555', region: 'us-gov-east-1' },
);

const alerts = fc.record(
  {
    trail: fc.constantFrom('create', 'arn:${env.partition}:cloudtrail:${env.region}:${env.account}:trail/audit'),
    emails: fc.constant(['security@example.com']),
    hours: fc.constantFrom({ from: 0, to: 9 }, { from: 22, to: 6 }),
  },
  { requiredKeys: ['trail'] },
);

const backend = fc.constantFrom({ type: 'local' }, { type: 's3', bucket: 'acme-state' });

/** A statement of one kind of task, and what a role needs beside it. */
const task = fc.oneof(
  fc
    .record({ bucket: name, parameter: name, pattern: pattern(), list: fc.boolean() })
    .map(({ bucket, parameter, pattern: values, list }) => ({
      access: 'write',
      parameters: { [parameter]: { description: 'Which part of the bucket.', ...values } },
      allow: [
        {
          actions: ['s3:PutObject'],
          resources: [`arn:\${env.partition}:s3:::${bucket}-bucket/\${param.${parameter}}/*`],
        },
        ...(list
          ? [
              {
                actions: ['s3:ListBucket'],
                resources: [`arn:\${env.partition}:s3:::${bucket}-bucket`],
                conditions: { StringLike: { 's3:prefix': `\${param.${parameter}}/*` } },
              },
            ]
          : []),
      ],
    })),
  fc.array(name, { minLength: 1, maxLength: 120 }).map((groups) => ({
    access: 'read',
    allow: [
      {
        actions: ['logs:DescribeLogStreams'],
        resources: [...new Set(groups)].map(
          (group) => `arn:\${env.partition}:logs:\${env.region}:\${env.account}:log-group:/hermes/${group}:*`,
        ),
      },
    ],
  })),
  fc
    .subarray(['ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets'], {
      minLength: 1,
    })
    .map((actions) => ({
      access: 'read',
      allow: [{ actions, resources: ['*'], conditions: { StringEquals: { 'aws:RequestedRegion': '${env.region}' } } }],
    })),
  fc
    .record({
      queue: name,
      actions: mostly([['sqs:SendMessage']], [['sqs:*'], ['sqs:SendMessage', 'sqs:PurgeQueue'], []]),
    })
    .map(({ queue, actions }) => ({
      access: 'write',
      allow: [{ actions, resources: [`arn:\${env.partition}:sqs:\${env.region}:\${env.account}:${queue}`] }],
    })),
  mostly(['arn:${env.partition}:s3:::a-bucket'], ODD).map((resource) => ({
    access: 'read',
    allow: [{ actions: ['s3:GetBucketLocation'], resources: [resource] }],
  })),
);

function pattern() {
  return fc.oneof(
    fc
      .constantFrom('[a-z0-9][a-z0-9.-]{0,62}', '[0-9]{1,12}', '[a-z]+', '.*', '[a-z/]+')
      .map((text) => ({ pattern: text })),
    fc.uniqueArray(word, { minLength: 1, maxLength: 60 }).map((values) => ({ values })),
  );
}

/** A role with one of these gates. */
const roleWith = (gates: readonly unknown[]) =>
  fc
    .record(
      {
        name,
        purpose: sentence,
        gate: fc.constantFrom(...gates),
        lease: mostly(
          [
            { default: '15m', max: '15m' },
            { default: '15m', max: '1h' },
          ],
          [{ max: '12h' }, { max: '20s' }],
        ),
        task,
      },
      { requiredKeys: ['name', 'purpose', 'gate', 'task'] },
    )
    .map(({ task: kind, ...rest }) => ({ kind: 'Role', ...rest, ...kind }));

const environment = fc.tuple(place, fc.option(backend), fc.option(alerts)).map(([where, state, alarm]) => ({
  ...where,
  ...(state ? { backend: state } : {}),
  ...(alarm ? { alerts: alarm } : {}),
}));

/** A project whose agents have such identities and whose roles such gates. */
const projectOf = (identity: fc.Arbitrary<object>, gates: readonly unknown[]) =>
  fc
    .record({
      project: fc.record({
        kind: fc.constant('Project'),
        name,
        environments: fc.dictionary(word, environment, { minKeys: 1, maxKeys: 2 }),
        agents: fc.dictionary(
          word,
          identity.map((base) => ({ identity: base })),
          { minKeys: 1, maxKeys: 3 },
        ),
        approvers: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
      }),
      roles: fc.uniqueArray(roleWith(gates), { minLength: 1, maxLength: 6, selector: (role) => role.name }),
    })
    .map(({ project, roles }) => ({
      'project.yaml': project,
      ...Object.fromEntries(roles.map((role) => [`${role.name}.yaml`, role])),
    }));

/** A project with one or two environments, some agents and some roles. */
export const randomProject: fc.Arbitrary<RandomProject> = fc.oneof(
  { weight: 5, arbitrary: projectOf(user, ['mfa', 'broker', ['mfa', 'broker']]) },
  { weight: 3, arbitrary: projectOf(fc.oneof(user, workload), ['broker']) },
  { weight: 1, arbitrary: projectOf(workload, ['mfa', 'broker']) },
);

/** One of the good ones, and now and then of the bad ones. */
function mostly<T>(good: readonly T[], bad: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}
