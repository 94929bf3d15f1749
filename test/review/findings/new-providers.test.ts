/** Providers whose resources would be evidence of an own account for the next plan. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, change, configuration, type Json, planned } from '../planned';

const OTHER = '444455556666';
const AWS = 'registry.terraform.io/hashicorp/aws';
const written = (value: unknown): Json => ({ constant_value: value });
const permits = (account: string): Json => ({ allowed_account_ids: written([account]) });
const assumes = (account: string): Json => ({ assume_role: [{ role_arn: written(`arn:aws:iam::${account}:role/r`) }] });
const endpoint = (address: string): Json => ({ endpoints: [{ sns: written(address) }] });
const topic = (name: string, account: string): Json => ({ name, arn: `arn:aws:sns:eu-west-1:${account}:${name}` });

const OURS = change('aws_sqs_queue.ours', {
  same: { name: 'ours', arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:ours` },
});
const NEW = change('aws_sns_topic.new', { after: { name: 'new' }, unknown: { arn: true } });
const CHANGED = change('aws_sns_topic.new', {
  same: topic('new', OTHER),
  before: { tags: {} },
  after: { tags: { a: 'b' } },
});

interface Row {
  readonly name: string;
  /** The settings of the provider `aws.second`. */
  readonly settings?: Json;
  /** The settings of the default provider. */
  readonly usual?: Json;
  readonly changes?: readonly Json[];
  readonly prior?: readonly Json[];
  readonly drift?: readonly Json[];
  /** The resources that use another provider than the default provider. */
  readonly second?: readonly string[];
  readonly accounts?: readonly string[];
  readonly reported: boolean;
}

const SECOND = ['aws_sns_topic.new', 'aws_sns_topic.old'];
const old = (account: string) => change('aws_sns_topic.old', { same: topic('old', account) });
const OLD_CHANGED = change('aws_sns_topic.old', {
  same: topic('old', OTHER),
  before: { tags: {} },
  after: { tags: { a: 'b' } },
});
const KEYS: Json = { access_key: written('AKIAIOSFODNN7EXAMPLE') };
/** A resource in the state that the plan does not list. */
const IN_STATE: Json = {
  address: 'aws_sns_topic.old',
  mode: 'managed',
  type: 'aws_sns_topic',
  name: 'old',
  provider_name: AWS,
  values: topic('old', OTHER),
};

const rows: readonly Row[] = [
  { name: 'the default provider', changes: [OURS, NEW], second: [], reported: false },
  { name: 'the same credentials in another region', settings: { region: written('us-east-1') }, reported: false },
  { name: 'another account, which the settings show', settings: permits(OTHER), reported: true },
  { name: 'another account, which the role shows', settings: assumes(OTHER), reported: true },
  { name: 'an account that the plan does not show', settings: { profile: written('theirs') }, reported: true },
  { name: 'another role in the same account', settings: assumes(ACCOUNT), reported: false },
  { name: 'an account that the user names', settings: assumes(OTHER), accounts: [OTHER], reported: false },
  { name: 'access keys', settings: KEYS, reported: true },
  {
    name: 'a claim of the same account, and an endpoint outside AWS',
    settings: { ...permits(ACCOUNT), ...endpoint('https://hook.example.net') },
    reported: true,
  },
  {
    name: 'a named account, and an endpoint outside AWS',
    settings: { ...assumes(OTHER), ...endpoint('https://hook.example.net') },
    accounts: [OTHER],
    reported: true,
  },
  {
    name: 'another account, in which a resource exists',
    settings: assumes(OTHER),
    changes: [OURS, NEW, old(OTHER)],
    reported: false,
  },
  {
    name: 'another account, in which a resource is in the state alone',
    settings: assumes(OTHER),
    prior: [IN_STATE],
    reported: false,
  },
  {
    name: 'another account, in which a data source is read',
    settings: assumes(OTHER),
    prior: [
      {
        address: 'data.aws_sns_topic.old',
        mode: 'data',
        type: 'aws_sns_topic',
        name: 'old',
        provider_name: AWS,
        values: topic('old', OTHER),
      },
    ],
    reported: true,
  },
  {
    name: 'another account, whose only resource drifted there',
    settings: assumes(OTHER),
    changes: [OURS, NEW, old(OTHER)],
    drift: [change('aws_sns_topic.old', { before: topic('old', ACCOUNT), after: topic('old', OTHER) })],
    reported: true,
  },
  {
    name: 'another account, into whose state a resource is imported',
    settings: assumes(OTHER),
    changes: [OURS, change('aws_sns_topic.new', { same: topic('new', OTHER), importing: { id: 'x' } })],
    reported: true,
  },
  {
    name: 'another account, whose only other resource is imported too',
    settings: assumes(OTHER),
    changes: [OURS, NEW, change('aws_sns_topic.old', { same: topic('old', OTHER), importing: { id: 'x' } })],
    reported: true,
  },
  { name: 'another account, and creates nothing', settings: assumes(OTHER), changes: [OURS], reported: false },
  {
    name: 'another account, and changes a resource',
    settings: assumes(OTHER),
    changes: [OURS, CHANGED],
    reported: false,
  },
  { name: 'another account, in a plan of a new project', settings: assumes(OTHER), changes: [NEW], reported: false },
  {
    name: 'another account, in a plan of a new project whose account the user names',
    settings: assumes(OTHER),
    changes: [NEW],
    accounts: [ACCOUNT],
    reported: true,
  },
  {
    name: 'an endpoint outside AWS, and changes a resource',
    settings: endpoint('https://hook.example.net'),
    changes: [OURS, CHANGED],
    reported: true,
  },
  {
    name: 'an endpoint of AWS, and changes a resource',
    settings: endpoint('https://sns.eu-west-1.amazonaws.com'),
    changes: [OURS, CHANGED],
    reported: false,
  },
  {
    name: 'an endpoint that a variable names',
    settings: { endpoints: [{ sns: { references: ['var.sns'] } }] },
    changes: [OURS, CHANGED],
    reported: true,
  },
  {
    name: 'an endpoint on its own machine, and changes a resource',
    settings: endpoint('http://localhost:4566'),
    changes: [OURS, CHANGED],
    reported: false,
  },
  { name: 'an endpoint on its own machine', settings: endpoint('http://127.0.0.1:4566'), reported: true },
  {
    name: 'an endpoint that looks like its own machine',
    settings: endpoint('http://localhost.example.net'),
    changes: [OURS, CHANGED],
    reported: true,
  },
  {
    name: 'a proxy, and changes a resource',
    settings: { https_proxy: written('x') },
    changes: [OURS, CHANGED],
    reported: false,
  },
  { name: 'access keys, and a resource exists', settings: KEYS, changes: [OURS, NEW, old(OTHER)], reported: false },
  {
    name: 'access keys, and a resource is in the state alone',
    settings: KEYS,
    prior: [IN_STATE],
    reported: false,
  },
  {
    name: 'access keys, and the only other resource changes, as one does that is re-assigned',
    settings: KEYS,
    changes: [OURS, NEW, OLD_CHANGED],
    reported: true,
  },
  {
    name: 'access keys, and the only other resource is replaced',
    settings: KEYS,
    changes: [
      OURS,
      NEW,
      change('aws_sns_topic.old', {
        before: topic('old', ACCOUNT),
        after: { name: 'older' },
        actions: ['delete', 'create'],
      }),
    ],
    reported: true,
  },
  {
    name: 'access keys, and the only other resource drifted',
    settings: KEYS,
    changes: [OURS, NEW, old(OTHER)],
    drift: [change('aws_sns_topic.old', { before: topic('old', ACCOUNT), after: topic('old', OTHER) })],
    reported: true,
  },
  {
    name: 'access keys, and one of two other resources changes',
    settings: KEYS,
    changes: [OURS, NEW, OLD_CHANGED, change('aws_sns_topic.kept', { same: topic('kept', OTHER) })],
    second: [...SECOND, 'aws_sns_topic.kept'],
    reported: false,
  },
  {
    name: 'the default provider, which has access keys, and the other resources change',
    usual: KEYS,
    changes: [NEW, OLD_CHANGED],
    second: [],
    reported: false,
  },
  {
    name: 'the default provider, which has an endpoint outside AWS',
    usual: endpoint('https://hook.example.net'),
    changes: [OURS, NEW],
    second: [],
    reported: true,
  },
  {
    name: 'the default provider, which has an endpoint on its own machine',
    usual: endpoint('http://localhost:4566'),
    changes: [OURS, NEW],
    second: [],
    reported: false,
  },
  { name: 'the default provider, in a new project', changes: [NEW], second: [], accounts: [OTHER], reported: false },
];

test.each(rows)('$name', async ({ reported, ...row }) => {
  expect((await found(row)).length > 0).toBe(reported);
});

test('one finding for each provider names the resources and the account', async () => {
  const another = change('aws_sns_topic.old', { after: { name: 'old' }, unknown: { arn: true } });
  expect(await found({ settings: assumes(OTHER), changes: [OURS, NEW, another] })).toEqual([
    `medium The plan adds or changes aws_sns_topic.new, aws_sns_topic.old through the provider aws.second, of account ${OTHER}, which only a provider of this plan shows to be yours, and no existing resource.`,
  ]);
  expect(await found({ settings: endpoint('https://hook.example.net'), changes: [OURS, NEW] })).toEqual([
    'medium The plan adds or changes aws_sns_topic.new through the provider aws.second, which calls https://hook.example.net instead of AWS.',
  ]);
});

async function found(row: Omit<Row, 'name' | 'reported'>): Promise<readonly string[]> {
  const {
    settings = {},
    usual = {},
    changes = [OURS, NEW],
    prior = [],
    drift = [],
    second = SECOND,
    accounts = [],
  } = row;
  const expressions = ['aws_sqs_queue.ours', 'aws_sns_topic.new', 'aws_sns_topic.old', 'aws_sns_topic.kept'].map(
    (address) => [address, { provider: second.includes(address) ? 'aws.second' : 'aws' }] as const,
  );
  const access = planned(changes, {
    configuration: configuration(Object.fromEntries(expressions), { aws: usual, 'aws.second': settings }),
    prior_state: { format_version: '1.0', values: { root_module: { resources: prior } } },
    resource_drift: drift,
  });
  const { findings } = await reviewPlan(access, { today: '2026-11-22', accounts });
  return findings.flatMap(({ id, severity, message }) =>
    id === 'outside-resource' && message.startsWith('The plan adds') ? [`${severity} ${message}`] : [],
  );
}
