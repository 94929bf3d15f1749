/** When the results of CloudTrail Lake let an action be reported as unused: a decision table. */
import { gather, type NamedText, readRecorders, usageOf } from '@leasehold/usage';
import { type LakeQuery, readQuery } from '../../../lib/usage/lake/query';
import { SQL, STORE, storeFile } from '../support/lake';
import { aProject, HEAD, usageAfter } from '../support/project';
import { aCall, anIssue, aRecord, aUnit, evidence, trailFile } from '../support/records';

const HERE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
const day = (number: number) => Date.UTC(2026, 10, number) / 1000;

interface Case {
  readonly action?: string;
  readonly resource?: string;
  readonly sql?: string;
  readonly query?: LakeQuery | undefined;
  readonly stores?: readonly NamedText[];
  readonly window?: { readonly since?: number; readonly until?: number };
  readonly onlyTheseRegions?: boolean;
}

const aRoleWith = (action: string, resource: string) =>
  aProject(`${HEAD}allow:
  - actions: ["${action}"]
    resources: ["${resource}"]
  - actions: [sns:ListTopics]
    resources: ["*"]
`);

/** A query that was started after its time. */
function aQuery(sql: string): LakeQuery | undefined {
  const selected = readQuery(sql);
  return selected && { ...selected, created: day(31) };
}

async function statusOf(given: Case): Promise<string> {
  const { action = 'dynamodb:DeleteTable', resource = HERE, sql = SQL, stores = [storeFile()], window } = given;
  const query = 'query' in given ? given.query : aQuery(sql);
  const [usage] = await usageAfter(aRoleWith(action, resource), [['sns.ListTopics']], {
    kind: 'lake',
    ...(query && { query }),
    ...(window && { window }),
    claims: { recorders: readRecorders(stores), onlyTheseRegions: given.onlyTheseRegions ?? false },
  });
  const entry = usage?.entries.find(({ list }) => list === 'actions');
  return entry?.why === undefined ? (entry?.status ?? '') : `${entry.status}: ${entry.why}`;
}

const NO_QUERY = 'unknown: no known query of CloudTrail Lake selects all events of the role';
const NOT_WHOLE = 'unknown: the queries of CloudTrail Lake do not cover the whole time';
const NO_STORE = `unknown: what the event data store ${STORE} records is not known`;
const NOT_THEN = `unknown: the event data store ${STORE} is not known to have recorded the whole time`;
const NOT_KEPT = 'unknown: a part of the time was no longer in the event data stores when the queries ran';
const NO_PERIOD = `unknown: how long the event data store ${STORE} keeps events is not known`;
const SINCE_19 = { window: { since: day(19) } };
const roles = (pattern: string) =>
  `${SQL} AND (eventName = 'AssumeRole' OR userIdentity.sessionContext.sessionIssuer.arn LIKE '${pattern}')`;
const selectors = (...fields: readonly object[]) => ({
  AdvancedEventSelectors: [{ FieldSelectors: [...fields] }],
});
const MANAGEMENT = { Field: 'eventCategory', Equals: ['Management'] };
const TABLES = selectors(
  { Field: 'eventCategory', Equals: ['Data'] },
  { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
);

it.each<[what: string, given: Case, status: string]>([
  ['a query of all events', {}, 'unused'],
  ['a query of all events of the account', { sql: `${SQL} AND recipientAccountId = '123456789012'` }, 'unused'],
  [
    'a query of the roles of the environment',
    { sql: roles('arn:aws:iam::123456789012:role/leasehold/hermes-dev/%') },
    'unused',
  ],
  [
    'a query of the roles of another environment',
    { sql: roles('arn:aws:iam::123456789012:role/leasehold/hermes-prod/%') },
    NO_QUERY,
  ],
  ['a query of another account', { sql: `${SQL} AND recipientAccountId = '210987654321'` }, NO_QUERY],
  ['a result without a known query', { query: undefined }, NO_QUERY],
  ['a time within that of the query', { window: { since: day(2), until: day(30) } }, 'unused'],
  ['a time that begins before that of the query', { window: { since: day(0) } }, NOT_WHOLE],
  ['a time that ends after that of the query', { window: { until: day(32) } }, NOT_WHOLE],
  ['a query that ends before an event', { sql: SQL.replace('2026-12-01', '2026-11-10') }, NOT_WHOLE],
  ['no output about the store', { stores: [] }, NO_STORE],
  [
    'the output about a store with another id',
    {
      stores: [
        storeFile({
          EventDataStoreArn: `arn:aws:cloudtrail:ap-northeast-2:123456789012:eventdatastore/${STORE.replace('0a', '0b')}`,
        }),
      ],
    },
    NO_STORE,
  ],
  [
    'a store of another account',
    {
      stores: [
        storeFile({ EventDataStoreArn: `arn:aws:cloudtrail:ap-northeast-2:210987654321:eventdatastore/${STORE}` }),
      ],
    },
    NO_STORE,
  ],
  [
    'a store of the organization, in another account',
    {
      stores: [
        storeFile({
          EventDataStoreArn: `arn:aws:cloudtrail:ap-northeast-2:210987654321:eventdatastore/${STORE}`,
          OrganizationEnabled: true,
        }),
      ],
    },
    'unused',
  ],
  [
    'a store that is newer than the time',
    { stores: [storeFile({ CreatedTimestamp: '2026-11-25T00:00:00Z' })] },
    NOT_THEN,
  ],
  ['a store that is newer, in seconds', { stores: [storeFile({ CreatedTimestamp: day(25) })] }, NOT_THEN],
  ['a store that is older, in seconds', { stores: [storeFile({ CreatedTimestamp: day(-5) })] }, 'unused'],
  ['a store of an unknown age', { stores: [storeFile({ CreatedTimestamp: 'once' })] }, NOT_THEN],
  ['a store that was updated', { stores: [storeFile({ UpdatedTimestamp: '2026-11-25T00:00:00Z' })] }, NOT_THEN],
  ['a store that was never updated', { stores: [storeFile({ UpdatedTimestamp: undefined })] }, 'unused'],
  ['a store with an unreadable time of its update', { stores: [storeFile({ UpdatedTimestamp: '' })] }, NOT_THEN],
  ['a store that was created after its update', { stores: [storeFile({ CreatedTimestamp: day(25) })] }, NOT_THEN],
  ['a store that had kept all days', { stores: [storeFile({ RetentionPeriod: 11 })] }, 'unused'],
  ['a store that had kept too few days', { stores: [storeFile({ RetentionPeriod: 10 })] }, NOT_KEPT],
  ['a store that had kept the requested time', { stores: [storeFile({ RetentionPeriod: 12 })], ...SINCE_19 }, 'unused'],
  [
    'a store that had kept the events, but not the requested time',
    { stores: [storeFile({ RetentionPeriod: 11 })], ...SINCE_19 },
    NOT_KEPT,
  ],
  ['a store whose retention period is not known', { stores: [storeFile({ RetentionPeriod: undefined })] }, NO_PERIOD],
  ['a store whose retention period is a text', { stores: [storeFile({ RetentionPeriod: '366' })] }, NO_PERIOD],
  ['a store that keeps nothing', { stores: [storeFile({ RetentionPeriod: 0 })] }, NO_PERIOD],
  [
    'two outputs about a store that was updated in between',
    { stores: [storeFile(), storeFile({ UpdatedTimestamp: '2026-11-25T00:00:00Z' })] },
    NOT_THEN,
  ],
  [
    'two outputs about a store, of which one shows a shorter retention period',
    { stores: [storeFile(), storeFile({ RetentionPeriod: 10 })] },
    NOT_KEPT,
  ],
  [
    'two outputs about a store, of which one shows no time',
    { stores: [storeFile(), storeFile({ CreatedTimestamp: undefined })] },
    NOT_THEN,
  ],
  ['a store that was stopped', { stores: [storeFile({ Status: 'STOPPED_INGESTION' })] }, NOT_THEN],
  [
    'a store without data events',
    { action: 'dynamodb:GetItem' },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  ['a store with data events', { action: 'dynamodb:GetItem', stores: [storeFile(TABLES)] }, 'unused'],
  [
    'a store without management events',
    { stores: [storeFile(TABLES)] },
    'unknown: management events of dynamodb are not known to be recorded',
  ],
  [
    'a store that leaves out some events',
    { stores: [storeFile(selectors(MANAGEMENT, { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }))] },
    'unknown: management events of dynamodb are not known to be recorded',
  ],
  [
    'a store that only records changes, and an action that reads',
    {
      action: 'dynamodb:DescribeTable',
      stores: [storeFile(selectors(MANAGEMENT, { Field: 'readOnly', Equals: ['false'] }))],
    },
    'unknown: management events of dynamodb are not known to be recorded',
  ],
  [
    'two outputs about a store that differ',
    { stores: [storeFile(), storeFile(TABLES)] },
    'unknown: management events of dynamodb are not known to be recorded',
  ],
  ['resources of any region', { action: 'ec2:DescribeVpcs', resource: '*' }, 'unused'],
  ['a resource in the region of the store', { stores: [storeFile({ MultiRegionEnabled: false })] }, 'unused'],
  [
    'a resource in another region than that of the store',
    {
      resource: HERE.replace('ap-northeast-2', 'eu-west-1'),
      stores: [storeFile({ MultiRegionEnabled: false })],
    },
    `unknown: the event data store ${STORE} records only the region ap-northeast-2`,
  ],
  [
    'resources of any region, and a store of one',
    { action: 'ec2:DescribeVpcs', resource: '*', stores: [storeFile({ MultiRegionEnabled: false })] },
    `unknown: the event data store ${STORE} records only the region ap-northeast-2`,
  ],
  [
    'resources of any region, and a store of one, where leases act only there',
    {
      action: 'ec2:DescribeVpcs',
      resource: '*',
      stores: [storeFile({ MultiRegionEnabled: false })],
      onlyTheseRegions: true,
    },
    'unused',
  ],
  [
    'a service that is not listed',
    { action: 'ecs:RunTask', resource: '*' },
    'unknown: which events ecs records is not known',
  ],
])('%s', async (_, given, status) => expect(await statusOf(given)).toBe(status));

describe('several sources', () => {
  const { definitions } = aRoleWith('dynamodb:DescribeTable', HERE);
  const [environment] = definitions.environments;
  const [role] = environment?.roles ?? [];
  if (environment === undefined || role === undefined) throw new Error('no role');
  const lease = [anIssue(role), aCall(role, 'sns.ListTopics')];
  const lake = (from: number, to: number, records = lease) =>
    aUnit(trailFile(records), {
      kind: 'lake',
      place: `${from}`,
      query: { store: STORE, since: day(from), until: day(to), created: day(31) },
    });
  const writes = aUnit(trailFile([aRecord({ recipientAccountId: '123456789012' })]), { place: 'writes' });
  const trail = aUnit(trailFile([...evidence()]), { place: 'trail' });
  const lookup = aUnit(trailFile([...lease, ...evidence()]), { kind: 'lookup', place: 'lookup' });
  const partial = aUnit(trailFile(lease), { kind: 'lake', place: 'partial' });
  const window = { since: day(1), until: day(30) };

  it.each<[what: string, units: readonly ReturnType<typeof lake>[], status: string]>([
    ['queries without a gap', [lake(15, 30, []), lake(1, 15)], 'unused'],
    ['queries that overlap', [lake(1, 20), lake(10, 30, [])], 'unused'],
    ['queries with a gap', [lake(1, 14, []), lake(15, 30)], NOT_WHOLE],
    ['a query of all events, and a result of an unknown query', [lake(1, 30, []), partial], 'unused'],
    ['a query of a part, and a result of an unknown query', [lake(1, 20), partial], NOT_WHOLE],
    ['a query and a trail', [lake(1, 30), trail], 'unused'],
    [
      'a query of reads, and a trail of which only changes were seen',
      [lake(1, 30), writes],
      'unknown: no event of a reading call was seen, so that the trail may record none',
    ],
    [
      'an event history of reads, and a trail of which only changes were seen',
      [lookup, writes],
      'unknown: no event of a reading call was seen, so that the trail may record none',
    ],
  ])('%s', async (_, units, status) => {
    const found = await gather([environment], { units, ...window });
    const onlyTheseRegions = units.includes(lookup);
    const [usage] = usageOf(found, { recorders: readRecorders([storeFile()]), onlyTheseRegions });
    const entry = usage?.entries[0];
    expect(entry?.why === undefined ? entry?.status : `${entry.status}: ${entry.why}`).toBe(status);
  });
});
