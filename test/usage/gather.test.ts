/** Hostile and odd sources: what counts, what is named, and that nothing else is lost. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { folderUnits, gather, type TrailUnit, usageOf } from '@leasehold/usage';
import { anEnvironment, aRole } from '../support/environment';
import { aCall, anIssue, aUnit, evidence, type Fields, gatheredFrom, trailFile, withFolder } from './support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const KEY = 'dev/s3-deploy';
const put = (overrides: Fields = {}, session = 'lh-1') =>
  aCall(
    role,
    's3.PutObject',
    { requestParameters: { bucketName: 'hermes-dev-deploy', key: 'a' }, ...overrides },
    session,
  );

it('counts a use of the definition, with its first and last time', async () => {
  const found = await gatheredFrom(
    [anIssue(role), put({ eventTime: '2026-11-21T00:00:00Z' }), put({ eventTime: '2026-11-19T00:00:00Z' })],
    [environment],
  );
  const tally = found.roles.get(KEY);
  expect(tally?.entries.get('0.resources.0')).toEqual({
    calls: 2,
    first: Date.UTC(2026, 10, 19) / 1000,
    last: Date.UTC(2026, 10, 21) / 1000,
  });
  expect([...(tally?.samples.get('0.resources.0') ?? [])]).toEqual(['arn:aws:s3:::hermes-dev-deploy/a']);
  expect(tally?.leases.get('lh-1')).toMatchObject({ granted: true, reason: 'Upload build 1.4.2', calls: 2 });
});

it('does not count events before or after the window', async () => {
  const units = [aUnit(trailFile([anIssue(role), put(), put({ eventTime: '2026-11-22T00:00:00Z' })]))];
  const window = { since: Date.UTC(2026, 10, 20) / 1000, until: Date.UTC(2026, 10, 21) / 1000 };
  expect((await gather([environment], { units, ...window })).roles.get(KEY)?.calls).toBe(1);
});

it('does not let the file of one account speak for another', async () => {
  const units = [aUnit(trailFile([anIssue(role), put()]), { account: '123456789012' })];
  expect((await gather([environment], { units })).roles.get(KEY)?.calls).toBe(1);
  const other = anEnvironment({ name: 'prod', account: '210987654321', roles: [] });
  const forged = [aUnit(trailFile([anIssue(role), put()]), { account: '210987654321' })];
  const found = await gather([environment, other], { units: forged });
  expect([found.roles.get(KEY)?.calls, found.coverage.get('123456789012')?.foreign]).toEqual([0, 2]);
});

it('claims nothing for a role if an event may be a call of its lease', async () => {
  const others = Array.from({ length: 20 }, () => evidence()).flat();
  const unclear = put({ userIdentity: { ...(put().userIdentity as Fields), sessionContext: undefined } });
  const second = aRole({ name: 's3-other' });
  const both = anEnvironment({ roles: [role, second] });
  const lease = [anIssue(role), put(), anIssue(second, 'lh-2'), aCall(second, 's3.PutObject', {}, 'lh-2')];
  const found = await gatheredFrom([...others, ...lease, unclear], [both]);
  expect([found.roles.get(KEY)?.calls, found.coverage.get('123456789012')?.foreign]).toEqual([1, 1]);
  expect(usageOf(found).map(({ nothing }) => nothing)).toEqual([
    'some events that name the role lack a field that shows whose calls they are',
    undefined,
  ]);
});

it('keeps keys of prototypes and long texts out of what it counts', async () => {
  const hostile = [
    put({ eventName: '__proto__' }),
    put({ eventName: 'constructor', eventSource: '__proto__.amazonaws.com' }),
    put({ eventName: 'toString', eventSource: 'hasOwnProperty' }),
    anIssue(role, 'lh-2', {
      requestParameters: JSON.parse(
        JSON.stringify(anIssue(role, 'lh-2').requestParameters).replace(
          '"key":"reason"',
          '"__proto__":{"key":"reason"},"key":"__proto__"',
        ),
      ) as Fields,
    }),
    put(
      { requestParameters: JSON.parse('{"__proto__":{"bucketName":"hermes-dev-deploy","key":"a"}}') as Fields },
      'lh-2',
    ),
    put({
      errorCode: 'AccessDenied',
      errorMessage: `is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/${'x'.repeat(9000)}`,
    }),
  ];
  const found = await gatheredFrom([anIssue(role), ...hostile], [environment]);
  expect(found.problems).toEqual([]);
  const tally = found.roles.get(KEY);
  expect([...(tally?.unmapped.keys() ?? [])]).toEqual([
    's3.amazonaws.com __proto__',
    '__proto__.amazonaws.com constructor',
    'hasOwnProperty toString',
  ]);
  expect([...(tally?.leases.get('lh-2')?.tags.keys() ?? [])]).toEqual(['lease-id', '__proto__']);
  expect(tally?.denials.size).toBe(1);
  expect(JSON.stringify([...(tally?.denials.values() ?? [])]).length).toBeLessThan(3000);
  expect(({} as Fields).key).toBeUndefined();
  expect(usageOf(found)[0]?.entries.some(({ status }) => status === 'unused')).toBe(false);
});

const twin = put({ eventID: 'e-twin' });
const otherBucket = { bucketName: 'hermes-dev-deploy', key: 'b' };
it.each<[what: string, second: Fields, calls: number]>([
  ['the same record', twin, 1],
  ['the same record with its keys in another order', Object.fromEntries(Object.entries(twin).reverse()), 1],
  ['a record with the same id of another operation', { ...twin, eventName: 'DeleteObject' }, 2],
  ['a record with the same id of another service', { ...twin, eventSource: 'sqs.amazonaws.com' }, 2],
  ['a record with the same id on another object', { ...twin, requestParameters: otherBucket }, 2],
  ['a record with the same id at another time', { ...twin, eventTime: '2026-11-20T10:00:01Z' }, 2],
  ['a record with the same id and another result', { ...twin, errorCode: 'NoSuchBucket' }, 2],
  ['a record with the same id in another region', { ...twin, awsRegion: 'eu-west-1' }, 2],
  ['a record without an id', { ...twin, eventID: '' }, 2],
  ['a record with half a character', { ...twin, errorMessage: '\ud800' }, 2],
])('recognizes an event that was delivered twice: %s', async (_, second, calls) => {
  const found = await gatheredFrom([anIssue(role), twin, second, second], [environment]);
  expect(found.roles.get(KEY)?.calls).toBe(second.eventID === '' ? calls + 1 : calls);
});

it('names what it cannot read, reads the rest, and claims nothing', () =>
  withFolder(
    { 'a.json': '<html>', 'b.json': JSON.stringify({ Records: [anIssue(role), { eventName: 1 }, put()] }) },
    async (folder) => {
      mkdirSync(join(folder, 'deeper'));
      writeFileSync(join(folder, 'deeper', 'c.json.gz'), trailFile([put()]).subarray(0, -4));
      writeFileSync(join(folder, 'deeper', 'note.txt'), 'not a trail');
      symlinkSync(join(folder, 'nowhere'), join(folder, 'gone.json'));
      symlinkSync(folder, join(folder, 'deeper', 'loop'));
      execFileSync('mkfifo', [join(folder, 'deeper', 'pipe.json')]);
      symlinkSync(join(folder, 'b.json'), join(folder, 'deeper', 'linked.json'));
      writeFileSync(join(folder, 'trail.json.bz2'), 'BZh');
      writeFileSync(join(folder, '.DS_Store'), '');
      mkdirSync(join(folder, 'CloudTrail-Digest'));
      writeFileSync(join(folder, 'CloudTrail-Digest', 'd.json.gz'), 'a signature');
      const found = await gather([environment], { units: await folderUnits(folder, 'trail') });
      const problems = found.problems.map(({ kind, place }) => [kind, place.slice(folder.length + 1)]);
      expect(problems).toEqual([
        ['not-a-trail', 'a.json'],
        ['unreadable-record', 'b.json'],
        ['broken-gzip', 'deeper/c.json.gz'],
        ['unreadable-record', 'deeper/linked.json'],
        ['not-read', 'deeper/loop'],
        ['not-read', 'deeper/note.txt'],
        ['not-read', 'deeper/pipe.json'],
        ['unopened', 'gone.json'],
        ['not-read', 'trail.json.bz2'],
      ]);
      expect(found.roles.get(KEY)?.calls).toBe(2);
      expect(usageOf(found)[0]?.nothing).toBe('some events could not be read');
    },
  ));

it('rejects a folder that does not exist', async () => {
  await expect(folderUnits('/nowhere/at/all', 'trail')).rejects.toMatchObject({ code: 'unreadable-source' });
});

it('does not hide a defect of its own behind a problem', async () => {
  const unit = { ...aUnit(Buffer.alloc(0)), read: () => Promise.reject(new TypeError('a defect')) };
  await expect(gather([environment], { units: [unit] })).rejects.toThrow('a defect');
});

describe('the output of `aws cloudtrail lookup-events` among the files of a trail', () => {
  const resources = ['arn:aws:s3:::hermes-dev-deploy', 'arn:aws:s3:::hermes-dev-deploy/*'];
  const actions = ['s3:PutObject', 's3:GetBucketPolicy'];
  const wider = anEnvironment({ roles: [aRole({ allow: [{ actions, resources, conditions: {} }] })] });
  const events = (records: readonly Fields[]) => records.map((each) => ({ CloudTrailEvent: JSON.stringify(each) }));
  const lease = [...evidence(), anIssue(role), put()];
  const older = evidence().map((record) => ({ ...record, eventTime: '2026-11-01T00:00:00Z' }));
  const texts: readonly [what: string, content: unknown][] = [
    ['as the AWS CLI writes it', { Events: events(lease) }],
    ['with records instead of events', { Events: lease }],
    ['as a list of events', events(lease)],
    ['before the window, except for a lease', { Events: events([...older, ...older, ...older, anIssue(role), put()]) }],
  ];
  const statusAfter = async (content: unknown, first: readonly TrailUnit[] = []) => {
    const units = [...first, aUnit(gzipSync(JSON.stringify(content)), { place: 'listing' })];
    const since = Date.UTC(2026, 10, 10) / 1000;
    const found = await gather([wider], { units, since });
    const [usage] = usageOf(found, { onlyTheseRegions: true });
    const entry = usage?.entries.find(({ text }) => text === 's3:GetBucketPolicy');
    return {
      calls: found.roles.get(KEY)?.calls,
      kinds: [...(found.coverage.get('123456789012')?.kinds ?? [])].sort(),
      status: entry?.why ?? entry?.status,
    };
  };
  const WHY = 'which events `lookup-events` was asked for is not known';
  it.each(texts)('is no trail file, %s', async (_, content) => {
    expect(await statusAfter(content)).toEqual({ calls: 1, kinds: ['lookup'], status: WHY });
    const trail = [aUnit(trailFile(lease))];
    expect(await statusAfter(content, trail)).toEqual({
      calls: expect.any(Number),
      kinds: ['lookup', 'trail'],
      status: WHY,
    });
  });

  it('does not concern other accounts, nor the records of a trail file', async () => {
    expect(await statusAfter({ Records: lease })).toEqual({ calls: 1, kinds: ['trail'], status: 'unused' });
    const others = evidence('210987654321');
    const trail = [aUnit(trailFile(lease))];
    expect(await statusAfter({ Events: events(others) }, trail)).toEqual({
      calls: 1,
      kinds: ['trail'],
      status: 'unused',
    });
  });
});

it.each<[what: string, verdict: Fields, calls: number, problems: readonly string[]]>([
  ['that it allowed', { verdict: 'allowed' }, 1, []],
  ['that it refused', { verdict: 'refused', errorCode: 'InvalidClientTokenId' }, 1, []],
  ['without a verdict', {}, 0, ['unreadable-record']],
  ['without a verdict, but with decisions', { decisions: [] }, 0, ['unreadable-record']],
  ['with an unknown verdict', { verdict: 'Allowed' }, 0, ['unreadable-record']],
  ['with a verdict of another type', { verdict: true }, 0, ['unreadable-record']],
])('reads from the log of the sandbox a call %s', async (_, verdict, calls, problems) => {
  const records = [anIssue(role, 'lh-1', { verdict: 'allowed' }), put(verdict)];
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const found = await gather([environment], { units: [aUnit(Buffer.from(text), { kind: 'sandbox' })] });
  expect([found.roles.get(KEY)?.calls, found.problems.map(({ kind }) => kind)]).toEqual([calls, problems]);
});
