/** Which resources of the state show an account, and which only repeat what somebody else decides. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allows, aRole, change, configuration, type Json, planned, policy } from '../planned';

const OTHER = '444455556666';
const arnOf = (service: string, resource: string, account = OTHER) =>
  `arn:aws:${service}:eu-west-1:${account}:${resource}`;
const QUEUE = arnOf('sqs', 'q');
const UNKNOWN = { aws: {} };

const accountsOf = (changes: readonly Json[], parts: Json = {}) =>
  planned(changes, { configuration: configuration({}, UNKNOWN), ...parts }).accounts;

interface Drift {
  readonly name: string;
  readonly address?: string;
  readonly before: Json | null;
  readonly after: Json | null;
  readonly previous_address?: string;
  readonly accounts: readonly string[];
}

const kept = { name: 'q', arn: QUEUE };
const drifts: readonly Drift[] = [
  { name: 'its ARN', before: { ...kept, arn: arnOf('sqs', 'q', ACCOUNT) }, after: kept, accounts: [] },
  { name: 'its ARN, which was unknown', before: { name: 'q' }, after: kept, accounts: [] },
  { name: 'its ARN, which was null', before: { name: 'q', arn: null }, after: kept, accounts: [] },
  { name: 'its id', before: { ...kept, id: 'a' }, after: { ...kept, id: 'b' }, accounts: [] },
  { name: 'its owner', before: { ...kept, owner_id: ACCOUNT }, after: { ...kept, owner_id: OTHER }, accounts: [] },
  { name: 'a tag', before: { ...kept, tags: {} }, after: { ...kept, tags: { a: 'b' } }, accounts: [OTHER] },
  { name: 'a policy', before: { ...kept, policy: '' }, after: { ...kept, policy: '{}' }, accounts: [OTHER] },
  {
    name: 'the ARN of another resource',
    address: 'aws_sqs_queue.another',
    before: { ...kept, arn: arnOf('sqs', 'q', ACCOUNT) },
    after: kept,
    accounts: [OTHER],
  },
  {
    name: 'its ARN before it was moved',
    address: 'aws_sqs_queue.moved',
    previous_address: 'aws_sqs_queue.q',
    before: { ...kept, arn: arnOf('sqs', 'q', ACCOUNT) },
    after: kept,
    accounts: [],
  },
  { name: 'everything: it is gone', before: kept, after: null, accounts: [] },
];

describe.each(drifts)('a queue of which the refresh changed $name', (row) => {
  const { address = 'aws_sqs_queue.q', before, after, previous_address, accounts } = row;
  const drift = change(address, {
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
    ...(previous_address === undefined ? {} : { previous_address }),
  });

  test.each([
    { where: 'in the changes', changes: [change('aws_sqs_queue.q', { same: kept })], prior: [] },
    {
      where: 'in the state alone',
      changes: [],
      prior: [
        {
          address: 'aws_sqs_queue.q',
          mode: 'managed',
          type: 'aws_sqs_queue',
          name: 'q',
          provider_name: 'registry.terraform.io/hashicorp/aws',
          values: kept,
        },
      ],
    },
  ])('$where', ({ changes, prior }) => {
    const prior_state = { format_version: '1.0', values: { root_module: { resources: prior } } };
    expect(accountsOf(changes, { resource_drift: [drift], prior_state })).toEqual(accounts);
  });
});

test.each([
  {
    name: 'an organization whose accounts changed',
    type: 'aws_organizations_organization',
    before: { id: 'o-a1b2c3', accounts: [{ id: ACCOUNT }] },
    after: { id: 'o-a1b2c3', accounts: [{ id: ACCOUNT }, { id: OTHER }] },
  },
  {
    name: 'a user whose boundary changed',
    type: 'aws_iam_user',
    before: { name: 'u', permissions_boundary: null },
    after: { name: 'u', permissions_boundary: `arn:aws:iam::${OTHER}:policy/p` },
  },
])('$name is no evidence', ({ type, before, after }) => {
  const parts = { resource_drift: [change(`${type}.x`, { before, after })] };
  const changes = [change(`${type}.x`, { same: after })];
  expect(accountsOf(changes)).toContain(OTHER);
  expect(accountsOf(changes, parts)).toEqual([]);
});

test('a bucket whose name changed in the refresh is no own bucket', () => {
  const changes = [change('aws_s3_bucket.b', { same: { bucket: 'theirs' } })];
  const resource_drift = [change('aws_s3_bucket.b', { before: { bucket: 'ours' }, after: { bucket: 'theirs' } })];
  const buckets = (parts: Json) => planned(changes, parts).buckets;
  expect(buckets({})).toContain('arn:aws:s3:::theirs');
  expect(buckets({ resource_drift })).toEqual([]);
});

test('an account that only a drifted resource shows is reported', async () => {
  const trust = { ...allows('sts:AssumeRole'), Resource: undefined, Principal: { AWS: `arn:aws:iam::${OTHER}:root` } };
  const app = { ...aRole('app'), arn: `arn:aws:iam::${OTHER}:role/app` };
  const changes = [
    change('aws_sqs_queue.ours', { same: { name: 'ours', arn: arnOf('sqs', 'ours', ACCOUNT) } }),
    change('aws_iam_role.app', { same: app }),
    change('aws_iam_role.opened', {
      after: { name: 'opened', path: '/', assume_role_policy: policy(trust as never) },
    }),
  ];
  const resource_drift = [change('aws_iam_role.app', { before: aRole('app'), after: app })];
  const reported = async (parts: Json) => {
    const { findings } = await reviewPlan(planned(changes, parts), { today: '2026-11-22' });
    return findings.some(({ id }) => id === 'external-account');
  };
  expect(await reported({})).toBe(false);
  expect(await reported({ resource_drift })).toBe(true);
});

interface Written {
  readonly type: string;
  readonly name: string;
  readonly values: Json;
  /** The attributes that the configuration sets. */
  readonly set: readonly string[];
  readonly shows: boolean;
}

const written: readonly Written[] = [
  { type: 'sqs_queue', name: 'computed', values: { arn: QUEUE }, set: ['name'], shows: true },
  { type: 'sqs_queue', name: 'set', values: { arn: QUEUE }, set: ['arn'], shows: false },
  { type: 'ecs_cluster', name: 'computed', values: { arn: arnOf('ecs', 'cluster/c') }, set: [], shows: true },
  { type: 'kinesis_stream', name: 'computed', values: { arn: arnOf('kinesis', 'stream/s') }, set: [], shows: true },
  { type: 'kinesis_stream', name: 'set', values: { arn: arnOf('kinesis', 'stream/s') }, set: ['arn'], shows: false },
  { type: 'ssm_parameter', name: 'set', values: { arn: arnOf('ssm', 'parameter/p') }, set: ['arn'], shows: false },
  { type: 'cloudwatch_event_target', name: 'set', values: { arn: QUEUE }, set: ['arn'], shows: false },
  { type: 'cloudwatch_event_target', name: 'set, in a child module', values: { arn: QUEUE }, set: [], shows: false },
  { type: 'sns_topic_policy', name: 'set', values: { arn: arnOf('sns', 't') }, set: ['arn'], shows: false },
  { type: 'lakeformation_resource', name: 'set', values: { arn: QUEUE }, set: ['arn'], shows: false },
  {
    type: 'cloudwatch_event_rule',
    name: 'that of a rule on a bus of another account',
    values: { arn: arnOf('events', 'rule/b/r'), event_bus_name: arnOf('events', 'event-bus/b') },
    set: ['name', 'event_bus_name'],
    shows: false,
  },
  {
    type: 'cloudwatch_event_rule',
    name: 'that of a rule on a bus by its name',
    values: { arn: arnOf('events', 'rule/b/r'), event_bus_name: 'b' },
    set: ['name', 'event_bus_name'],
    shows: true,
  },
  {
    type: 'kinesis_stream_consumer',
    name: 'that of a consumer of a stream of another account',
    values: { arn: arnOf('kinesis', 'stream/s/consumer/c:1'), stream_arn: arnOf('kinesis', 'stream/s') },
    set: ['name', 'stream_arn'],
    shows: false,
  },
  {
    type: 'secretsmanager_secret_version',
    name: 'that of a secret of another account',
    values: { arn: arnOf('secretsmanager', 'secret:s'), secret_id: arnOf('secretsmanager', 'secret:s') },
    set: ['secret_id'],
    shows: false,
  },
  {
    type: 's3_access_point',
    name: 'one with the account that is set',
    values: { arn: arnOf('s3', 'accesspoint/a'), account_id: OTHER },
    set: ['account_id'],
    shows: false,
  },
  {
    type: 's3_access_point',
    name: 'one with the account that AWS returned',
    values: { arn: arnOf('s3', 'accesspoint/a'), account_id: OTHER },
    set: ['name'],
    shows: true,
  },
  {
    type: 'sfn_state_machine',
    name: 'that of a machine with a role',
    values: { arn: arnOf('states', 'stateMachine:m'), role_arn: `arn:aws:iam::${OTHER}:role/r` },
    set: ['role_arn'],
    shows: true,
  },
  {
    type: 'cloudwatch_log_group',
    name: 'that of a log group with a key',
    values: { arn: arnOf('logs', 'log-group:g'), kms_key_id: arnOf('kms', 'key/1') },
    set: ['kms_key_id'],
    shows: true,
  },
  {
    type: 'iam_user',
    name: 'that of a user with a boundary',
    values: { name: 'u', arn: `arn:aws:iam::${OTHER}:user/u`, permissions_boundary: `arn:aws:iam::${OTHER}:policy/p` },
    set: ['name', 'permissions_boundary'],
    shows: true,
  },
  {
    type: 'sns_topic',
    name: 'that of a topic with a role',
    values: { arn: arnOf('sns', 't'), lambda_success_feedback_role_arn: `arn:aws:iam::${OTHER}:role/r` },
    set: ['lambda_success_feedback_role_arn'],
    shows: true,
  },
  { type: 'macie2_member', name: 'that of a member', values: { arn: arnOf('macie2', '') }, set: [], shows: false },
];

test.each(written)('the ARN of an aws_$type shows the account: $name', ({ type, values, set, shows }) => {
  const address = `aws_${type}.x`;
  const expressions = Object.fromEntries(set.map((name) => [name, { references: ['local.x'] }]));
  const parts = { configuration: configuration({ [address]: expressions }, UNKNOWN) };
  expect(accountsOf([change(address, { same: values })], parts)).toEqual(shows ? [OTHER] : []);
});

test('a text of another provider shows no account', () => {
  const values = { input: QUEUE, output: QUEUE, arn: QUEUE };
  const other = { same: values, provider_name: 'terraform.io/builtin/terraform' };
  expect(accountsOf([change('terraform_data.x', other), change('aws_sqs_queue.x', other)])).toEqual([]);
});
