/** The event history and a bucket: AWS's clients with answers of a stand-in. */
import { Readable } from 'node:stream';
import {
  bucketUnits,
  earliestLookup,
  type Gathered,
  gather,
  type LookupOptions,
  lookupUnits,
  TrailError,
  usageOf,
} from '@leasehold/usage';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, anIssue, type Fields, trailFile } from '../support/records';

const role = aRole({
  allow: [
    {
      actions: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:GetObject'],
      resources: ['arn:aws:s3:::hermes-dev-deploy'],
      conditions: {},
    },
  ],
});
const environment = anEnvironment({ roles: [role] });

interface Asked {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: Uint8Array;
}

/** The configuration of a client whose requests a function answers. */
const answering = (answer: (request: Asked) => { readonly status?: number; readonly body: string | Buffer }) => () => ({
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
  requestHandler: {
    handle: (request: Asked) => {
      const { status = 200, body } = answer(request);
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return Promise.resolve({ response: { statusCode: status, headers, body: Readable.from([Buffer.from(body)]) } });
    },
  },
});

const now = Math.floor(Date.now() / 1000);
const at = new Date((now - 3600) * 1000).toISOString().replace(/\.\d+Z/, 'Z');
const options = { environments: [environment], regions: ['us-east-1'], since: now - 86_400, until: now, pause: 0 };
const events = (records: readonly Fields[]) =>
  records.map((record) => ({ CloudTrailEvent: JSON.stringify({ ...record, eventTime: at }) }));

it('looks up the requests of roles, and then the calls of each lease in each region, by pages', async () => {
  const calls: unknown[] = [];
  const configure = answering(({ body = new Uint8Array() }) => {
    const { LookupAttributes, NextToken } = JSON.parse(
      Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(),
    ) as {
      readonly LookupAttributes: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
      readonly NextToken?: string;
    };
    const [attribute] = LookupAttributes;
    calls.push([attribute?.AttributeValue, NextToken]);
    const call = aCall(role, 's3.GetBucketPolicy', { requestParameters: { bucketName: 'hermes-dev-deploy' } });
    if (attribute?.AttributeKey !== 'EventName') return { body: JSON.stringify({ Events: events([call]) }) };
    return {
      body: JSON.stringify(
        NextToken === undefined
          ? { Events: events([anIssue(aRole({ name: 'other' }), 'lh-9')]), NextToken: 'more' }
          : { Events: events([anIssue(role, 'lh-1')]) },
      ),
    };
  });
  const found = await gather([environment], { units: await lookupUnits({ ...options, configure }) });
  expect(calls).toEqual([
    ['AssumeRole', undefined],
    ['AssumeRole', 'more'],
    ['AssumeRole', undefined],
    ['AssumeRole', 'more'],
    ['lh-1', undefined],
    ['lh-1', undefined],
  ]);
  const [usage] = usageOf(found, { onlyTheseRegions: true });
  expect(usage?.tally).toMatchObject({ granted: 2, calls: 2 });
  expect(usage?.entries.map(({ text, status }) => [text, status])).toEqual([
    ['s3:GetBucketPolicy', 'used'],
    ['s3:PutBucketPolicy', 'unused'],
    ['s3:GetObject', 'unknown'],
    ['arn:aws:s3:::hermes-dev-deploy', 'used'],
  ]);
});

interface Query {
  readonly LookupAttributes: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  readonly NextToken?: string;
  readonly StartTime: number;
}

/** Looks up with answers that depend on the query. */
async function lookedUp(answer: (query: Query) => object, more: Partial<LookupOptions> = {}): Promise<Gathered> {
  const configure = answering(({ body = new Uint8Array() }) => {
    const query = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()) as Query;
    return { body: JSON.stringify(answer(query)) };
  });
  return gather([environment], { units: await lookupUnits({ ...options, regions: [], configure, ...more }) });
}
const isRequest = ({ LookupAttributes: [attribute] }: Query) => attribute?.AttributeValue === 'AssumeRole';
const bucket = { requestParameters: { bucketName: 'hermes-dev-deploy' } };
const oneLease = (query: Query) => ({
  Events: events(isRequest(query) ? [anIssue(role, 'lh-1')] : [aCall(role, 's3.GetBucketPolicy', bucket)]),
});
/** An event that is longer than any of CloudTrail. */
const long = { CloudTrailEvent: `{"a":"${'x'.repeat(1 << 20)}"}` };

it.each<[what: string, isThere: (query: Query) => boolean, missing: object, kind: string]>([
  ['more pages of requests than are read', isRequest, { NextToken: 'more' }, 'cut-off'],
  ['more pages of calls than are read', (query) => !isRequest(query), { NextToken: 'more' }, 'cut-off'],
  ['a request without its record', isRequest, { Events: [{}] }, 'unreadable-record'],
  ['a call without its record', (query) => !isRequest(query), { Events: [{}] }, 'unreadable-record'],
  ['an oversized request', isRequest, { Events: [long] }, 'oversized-record'],
  ['an oversized call', (query) => !isRequest(query), { Events: [long] }, 'oversized-record'],
])('claims nothing after %s', async (_, isThere, missing, kind) => {
  const answer = (query: Query) => {
    const { Events } = oneLease(query);
    const { Events: more = [], ...rest } = (isThere(query) ? missing : {}) as { readonly Events?: readonly object[] };
    return { Events: [...Events, ...more], ...rest };
  };
  const found = await lookedUp(answer, { pages: 2 });
  expect(new Set(found.problems.map((problem) => problem.kind))).toEqual(new Set([kind]));
  expect(usageOf(found, { onlyTheseRegions: true })[0]?.nothing).toBe('some events could not be read');
  const whole = await lookedUp(oneLease, { pages: 2 });
  expect(usageOf(whole, { onlyTheseRegions: true })[0]?.nothing).toBeUndefined();
});

it.each<[days: string, since: number, problems: readonly string[]]>([
  ['as many days as it can', earliestLookup(now), []],
  ['90 days, so that earlier leases are missing', now - 90 * 86_400 + 60, ['cut-off']],
  ['more than 90 days', now - 91 * 86_400, ['cut-off', 'cut-off']],
])('looks up %s', async (_, since, problems) => {
  const starts: number[] = [];
  const found = await lookedUp(
    (query) => {
      starts.push(query.StartTime);
      return oneLease(query);
    },
    { since },
  );
  expect(found.problems.map(({ kind }) => kind)).toEqual(problems);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(now - 90 * 86_400);
  const [usage] = usageOf(found, { onlyTheseRegions: true });
  expect(usage?.nothing).toBe(problems.length === 0 ? undefined : 'some events could not be read');
});

it('finds the calls of a lease that was issued before the window', async () => {
  const issued = new Date((options.since - 11 * 3600) * 1000).toISOString().replace(/\.\d+Z/, 'Z');
  const starts: number[] = [];
  const found = await lookedUp((query) => {
    starts.push(query.StartTime);
    const early = { CloudTrailEvent: JSON.stringify(anIssue(role, 'lh-1', { eventTime: issued })) };
    if (isRequest(query)) return { Events: Date.parse(issued) / 1000 >= query.StartTime ? [early] : [] };
    return oneLease(query);
  });
  expect(starts).toEqual([options.since - 12 * 3600, options.since]);
  expect(usageOf(found, { onlyTheseRegions: true })[0]?.tally).toMatchObject({ calls: 1 });
});

it('names a denied call, without the text of AWS', async () => {
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: '\u202e secret' });
  const error: unknown = await lookupUnits({ ...options, configure: answering(() => ({ status: 400, body })) }).catch(
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(TrailError);
  expect(String(error)).toContain('cloudtrail:LookupEvents was denied for ap-northeast-2');
  expect(String(error)).not.toContain('secret');
});

const key = (account: string, day = '20') =>
  `AWSLogs/${account}/CloudTrail/ap-northeast-2/2026/11/${day}/${account}_CloudTrail_ap-northeast-2_202611${day}T0000Z_AbCdEfGhIjKlMnOp.json.gz`;
const listing = (keys: readonly string[], next?: string) =>
  `<ListBucketResult>${keys.map((each) => `<Contents><Key>${each}</Key><ETag>"e"</ETag><Size>5</Size></Contents>`).join('')}${
    next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  }</ListBucketResult>`;

it('reads the objects of a bucket that belong to the accounts and the window', async () => {
  const file = trailFile([
    anIssue(role),
    aCall(role, 's3.GetBucketPolicy', { requestParameters: { bucketName: 'hermes-dev-deploy' } }),
  ]);
  const keys = [
    key('123456789012'),
    key('123456789012', '01'),
    key('210987654321'),
    'AWSLogs/123456789012/CloudTrail-Digest/x.json.gz',
    'note.txt',
  ];
  const configure = answering(({ path, query = {} }) => {
    if (path.endsWith('.gz')) return { body: file };
    return { body: query['continuation-token'] === 'n' ? listing(keys.slice(2)) : listing(keys.slice(0, 2), 'n') };
  });
  const units = await bucketUnits('s3://trail/AWSLogs', {
    region: 'ap-northeast-2',
    accounts: ['123456789012'],
    since: Date.UTC(2026, 10, 15) / 1000,
    configure,
  });
  expect(units.map(({ place }) => place)).toEqual([`s3://trail/${keys[0]}`, 's3://trail/note.txt']);
  const found = await gather([environment], { units });
  expect(found.problems.map(({ kind, place }) => [kind, place])).toEqual([['not-read', 's3://trail/note.txt']]);
  expect(found.roles.get('dev/s3-deploy')).toMatchObject({ granted: 1, calls: 1 });
});

it('names a bucket that cannot be listed, and an address that is none', async () => {
  const body = '<Error><Code>NoSuchBucket</Code><Message>x</Message></Error>';
  const missing = { region: 'ap-northeast-2', accounts: [], configure: answering(() => ({ status: 404, body })) };
  await expect(bucketUnits('s3://trail', missing)).rejects.toThrow(
    'AWS did not answer s3:ListBucket for the bucket trail (NoSuchBucket)',
  );
  for (const address of ['s3://', 's3://A_b', 'trail']) {
    await expect(bucketUnits(address, missing)).rejects.toBeInstanceOf(TrailError);
  }
});
