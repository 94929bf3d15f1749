/** For whom a service may act, where its name alone says nothing: accounts, organizations, buckets and log groups. */
import { defined } from '@leasehold/contract/defined';
import type { Statement } from '@leasehold/policy';
import type { PlannedAccess } from '../../../lib/review/model';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, aPlan, type EstateSpec, known } from '../diff/build';

const OTHER = '444455556666';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
const LOGS = 'logs.eu-west-1.amazonaws.com';
const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';
const TRAIL = 'kms:EncryptionContext:aws:cloudtrail:arn';

interface Case {
  readonly name: string;
  readonly service: string;
  readonly condition?: Statement['Condition'];
  /** Buckets that existed before the plan. */
  readonly buckets?: readonly string[];
  readonly expect: readonly string[];
}

const logGroups = (account: string) => `arn:aws:logs:eu-west-1:${account}:log-group:*`;

const NOBODYS = 'medium confused-deputy';
const FOREIGN = 'high resource-cross-account';

const keys: readonly Case[] = [
  { name: 'log groups of anybody', service: LOGS, expect: [NOBODYS] },
  {
    name: 'its own log groups',
    service: LOGS,
    condition: { ArnLike: { [CONTEXT]: logGroups(ACCOUNT) } },
    expect: [],
  },
  {
    name: 'its own log groups, where a key without context is accepted too',
    service: LOGS,
    condition: { ArnLikeIfExists: { [CONTEXT]: logGroups(ACCOUNT) } },
    expect: [NOBODYS],
  },
  {
    name: 'log groups of any account by a wildcard',
    service: LOGS,
    condition: { ArnLike: { [CONTEXT]: logGroups('*') } },
    expect: [NOBODYS],
  },
  {
    name: 'log groups of another account',
    service: LOGS,
    condition: { ArnLike: { [CONTEXT]: logGroups(OTHER) } },
    expect: [FOREIGN],
  },
  {
    name: 'log groups of its own and of another account',
    service: LOGS,
    condition: { ArnLike: { [CONTEXT]: [logGroups(ACCOUNT), logGroups(OTHER)] } },
    expect: [FOREIGN],
  },
  {
    name: 'its own trails',
    service: 'cloudtrail.amazonaws.com',
    condition: { StringLike: { [TRAIL]: `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } },
    expect: [],
  },
  {
    name: 'trails of another account',
    service: 'cloudtrail.amazonaws.com',
    condition: { StringLike: { [TRAIL]: `arn:aws:cloudtrail:*:${OTHER}:trail/*` } },
    expect: [FOREIGN],
  },
  {
    name: 'whoever says that they act for its own log groups',
    service: '*',
    condition: { ArnLike: { [CONTEXT]: logGroups(ACCOUNT) } },
    expect: ['critical resource-public'],
  },
  {
    name: 'a rule of another account',
    service: 'events.amazonaws.com',
    condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:eu-west-1:${OTHER}:rule/x` } },
    expect: [FOREIGN],
  },
  {
    name: 'an organization',
    service: 'events.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
    expect: [NOBODYS],
  },
  {
    name: 'an organization, in its own account',
    service: 'events.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5', 'aws:SourceAccount': ACCOUNT } },
    expect: [],
  },
  {
    name: 'a bucket that the plan does not show',
    service: 's3.amazonaws.com',
    condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::theirs' } },
    buckets: ['mine'],
    expect: [NOBODYS],
  },
  {
    name: 'a bucket of the plan',
    service: 's3.amazonaws.com',
    condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::mine' } },
    buckets: ['mine'],
    expect: [],
  },
  {
    name: 'a bucket of the plan and another',
    service: 's3.amazonaws.com',
    condition: { ArnEquals: { 'aws:SourceArn': ['arn:aws:s3:::mine', 'arn:aws:s3:::theirs'] } },
    buckets: ['mine'],
    expect: [NOBODYS],
  },
  {
    name: 'a bucket that the plan does not show, in its own account',
    service: 's3.amazonaws.com',
    condition: {
      ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::theirs' },
      StringEquals: { 'aws:SourceAccount': ACCOUNT },
    },
    expect: [],
  },
];

test.each(keys)('a new key for $name', async ({ service, condition, buckets = [], expect: expected }) => {
  const statement: Statement = {
    Effect: 'Allow',
    Principal: service === '*' ? '*' : { Service: service },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    ...defined({ Condition: condition }),
  };
  const policies = { 'aws_kms_key.k': { statements: [statement], resource: known(KEY), together: true as const } };
  const own = { buckets: buckets.map((each) => `arn:aws:s3:::${each}`) };
  expect(await found({}, { resourcePolicies: policies }, own)).toEqual(expected);
});

const trusts: readonly Case[] = [
  {
    name: 'its own account',
    service: 'pipes.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    expect: [],
  },
  {
    name: 'another account',
    service: 'pipes.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceAccount': OTHER } },
    expect: ['high external-account'],
  },
  {
    name: 'its own and a schedule of another account',
    service: 'scheduler.amazonaws.com',
    condition: {
      ArnLike: {
        'aws:SourceArn': [
          `arn:aws:scheduler:eu-west-1:${ACCOUNT}:schedule/*`,
          `arn:aws:scheduler:eu-west-1:${OTHER}:schedule/*`,
        ],
      },
    },
    expect: ['high external-account'],
  },
  {
    name: 'an organization',
    service: 'pipes.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
    expect: [NOBODYS],
  },
];

test.each(trusts)('a new role for $name', async ({ service, condition, expect: expected }) => {
  const trust: Statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...defined({ Condition: condition }),
  };
  expect(await found({}, { identities: { app: { trust: [trust] } } })).toEqual(expected);
});

async function found(
  before: EstateSpec,
  after: EstateSpec,
  more: Partial<PlannedAccess> = {},
): Promise<readonly string[]> {
  const { findings } = await reviewPlan(aPlan(before, after, more), { accounts: [ACCOUNT], today: '2026-11-22' });
  return findings.map(({ severity, id }) => `${severity} ${id}`);
}
