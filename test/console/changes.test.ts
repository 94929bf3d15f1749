/** What is told as a change: on the start page, and beside a grant. */
import type { LeaseList, LeaseView } from '@leasehold/contract';
import type { Grant } from '@leasehold/contract/event';
import type { Operation } from '@leasehold/contract/routes';
import type { Broker } from '../../console/app/api/client';
import { BrokerRefusal } from '../../console/app/api/errors';
import { differenceOf, isSame } from '../../console/app/lease/grant-difference';
import { earlierLease, lastGrant } from '../../console/app/lease/last-grant';
import { changesIn } from '../../console/app/leases/changes';
import { visitsIn, windowSince } from '../../console/app/leases/last-visit';
import { fold } from '../../lib/broker/core';
import { aHouse } from '../broker/consent/people';
import { personArn } from '../broker/http/support';

function view(id: string, overrides: Partial<LeaseView> = {}): LeaseView {
  return {
    id,
    state: 'expired',
    environment: 'dev',
    requester: 'agent',
    requestedAt: 100,
    changedAt: 100,
    sequence: 1,
    collected: true,
    expiresAt: 200,
    grant: { role: 's3-deploy' } as LeaseView['grant'],
    ...overrides,
  } as LeaseView;
}

const LEASE = {
  id: 'lh-now',
  requestedAt: 1000,
  requester: { name: 'agent', kind: 'agent', key: '', groups: [] },
} as const;

it.each<[string, readonly LeaseView[], string | undefined]>([
  ['nothing, if there is none', [], undefined],
  ['not itself', [view('lh-now')], undefined],
  ['not a later one', [view('lh-1', { requestedAt: 1001 })], undefined],
  ['not one that was denied', [{ ...view('lh-1', { state: 'denied' }), expiresAt: undefined }], undefined],
  [
    'the last one',
    [view('lh-1', { requestedAt: 5 }), view('lh-2', { requestedAt: 9 }), view('lh-3', { requestedAt: 7 })],
    'lh-2',
  ],
  [
    'of the same requester first',
    [view('lh-1', { requestedAt: 9, requester: 'other' }), view('lh-2', { requestedAt: 5 })],
    'lh-2',
  ],
  ['of another one, if there is no other', [view('lh-1', { requestedAt: 9, requester: 'other' })], 'lh-1'],
])('compares with %s', (_, leases, id) => {
  expect(earlierLease(leases, LEASE)?.id).toBe(id);
});

describe('the last grant is compared only if its record confirms it', () => {
  type Change = (list: LeaseList) => LeaseList;
  const changed =
    (part: Partial<LeaseView>): Change =>
    (list) => ({ ...list, leases: list.leases.map((each) => ({ ...each, ...part })) });

  /** A lease that was issued or not, and how a later one that waits is compared with it. */
  async function twoLeases(isIssued = true) {
    const house = aHouse(false);
    const first = await house.pending();
    for (const name of isIssued ? ['lead', 'oncall'] : []) {
      const body = { hash: first.grant.hash };
      await house.call('approve', { as: personArn('approver', name), path: { lease: first.id }, body });
    }
    if (isIssued) await house.call('collect', { path: { lease: first.id } });
    house.world.now += 60;
    const second = await house.pending('Upload the next release of the shop');
    const lease = fold(house.world.events.get(second.id) ?? []);
    /** @param change What the broker lists instead of its leases. */
    const compare = (change: Change, other: Partial<Grant> = {}) => {
      const broker = (async (operation: Operation, { path }: { path?: Record<string, string> }) => {
        const asked = operation === 'leases' ? { query: 'role=s3-deploy' } : { ...(path ? { path } : {}) };
        const { status, body } = await house.call(operation, { as: personArn('approver', 'lead'), ...asked });
        if (status !== 200) throw new BrokerRefusal(body);
        return operation === 'leases' ? change(body) : body;
      }) as unknown as Broker;
      return lastGrant(broker, 'approver', lease, { ...(lease.proposal?.grant as Grant), ...other });
    };
    return { compare, first: first.id };
  }

  const OTHER_PLACE = { kind: 'unconfirmed', because: expect.stringContaining('another role or environment') };
  const OTHER_REQUEST = { kind: 'unconfirmed', because: expect.stringContaining('another request') };
  it.each<[string, Change, Partial<Grant>, object]>([
    ['another role', (list) => list, { role: 'logs-read' }, OTHER_PLACE],
    ['another environment', (list) => list, { environment: 'prod' }, OTHER_PLACE],
    ['another requester than the broker lists', changed({ requester: 'mallory' }), {}, OTHER_REQUEST],
    ['another time than the broker lists', changed({ requestedAt: 1 }), {}, OTHER_REQUEST],
    ['no lease', (list) => ({ ...list, leases: [] }), {}, { kind: 'none', newest: undefined }],
    ['no lease, and more pages', (list) => ({ ...list, leases: [], next: 'x' }), {}, { kind: 'none', newest: 0 }],
    ['a broken record', () => ({ leases: [], broken: ['lh-x'] }), {}, { kind: 'unconfirmed', id: 'lh-x' }],
  ])('finds %s', async (_, change, other, expected) => {
    const { compare } = await twoLeases();
    expect(await compare(change, other)).toMatchObject(expected);
  });

  it('compares what was issued, and nothing that was not, whatever the broker lists', async () => {
    const issued = await twoLeases();
    expect(await issued.compare((list) => list)).toMatchObject({ kind: 'compared', id: issued.first });
    const waiting = await twoLeases(false);
    expect(await waiting.compare(changed({ expiresAt: 1 }))).toEqual({
      kind: 'unconfirmed',
      id: waiting.first,
      because: 'According to its record, it was never issued.',
    });
  });
});

const GRANT = {
  version: 1,
  project: 'hermes',
  environment: 'dev',
  account: '123456789012',
  role: 's3-deploy',
  roleArn: 'arn:aws:iam::123456789012:role/hermes-dev-s3-deploy',
  policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::shop/1.4.2/*' },
      { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop/1.4.2/legal/*' },
    ],
  },
  parameters: { release: '1.4.2' },
  tags: {},
  sourceIdentity: 'agent',
  seconds: 900,
  reason: 'Upload release 1.4.2',
} as unknown as Grant;
const withStatements = (...statements: readonly object[]) =>
  ({ ...GRANT, policy: { Version: '2012-10-17', Statement: statements } }) as unknown as Grant;

it('finds no difference between two grants that permit the same in other words', async () => {
  const split = withStatements(
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/1.4.2/*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop/1.4.2/legal/*' },
    { Effect: 'Allow', Action: 's3:PutObject', Resource: ['arn:aws:s3:::shop/1.4.2/*'] },
  );
  const other = { ...split, reason: 'Upload it again', tags: { 'lease-id': 'lh-2' } } as Grant;
  expect(isSame(await differenceOf(GRANT, other))).toBe(true);
});

it('tells what is added and removed, and which values changed', async () => {
  const later = {
    ...withStatements({
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:DeleteObject'],
      Resource: 'arn:aws:s3:::shop/1.4.2/*',
    }),
    parameters: { release: '1.4.3', stage: 'live' },
    seconds: 1800,
    managedPolicies: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', sha256: 'ab' }],
  } as Grant;
  expect(await differenceOf(GRANT, later)).toEqual({
    added: [{ action: 's3:DeleteObject', resources: ['arn:aws:s3:::shop/1.4.2/*'] }],
    removed: [{ action: 's3:PutObject', resources: ['arn:aws:s3:::shop/1.4.2/*'] }],
    otherwise: [],
    undecided: [],
    values: [
      { name: 'release', before: '1.4.2', after: '1.4.3' },
      { name: 'stage', before: undefined, after: 'live' },
      { name: 'Length', before: '15 minutes', after: '30 minutes' },
      { name: 'arn:aws:iam::aws:policy/ReadOnlyAccess', before: undefined, after: 'ab' },
    ],
  });
});

it('counts a denial that is gone as an addition', async () => {
  const later = withStatements({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: 'arn:aws:s3:::shop/1.4.2/*',
  });
  const { added, removed } = await differenceOf(GRANT, later);
  expect([added.map(({ action }) => action), removed]).toEqual([['s3:PutObject'], []]);
});

it('tells which actions have other conditions', async () => {
  const list = (prefix: string) =>
    withStatements({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::shop',
      Condition: { StringLike: { 's3:prefix': prefix } },
    });
  const { added, removed, otherwise } = await differenceOf(list('1.4.2/*'), list('1.4.3/*'));
  expect([added, removed, otherwise]).toEqual([
    [],
    [],
    [{ action: 's3:ListBucket', resources: ['arn:aws:s3:::shop'] }],
  ]);
  expect((await differenceOf(list('*'), list('1.4.3/*'))).removed).toHaveLength(1);
});

it('refuses to compare what cannot be read', async () => {
  await expect(
    differenceOf(GRANT, withStatements({ Effect: 'Maybe', Action: 's3:*', Resource: '*' })),
  ).rejects.toThrow();
});

describe('changes', () => {
  const NOW = 1_800_000_000;

  it('are answers to one’s own requests, and everybody’s revocations, the last one first', () => {
    const leases = [
      view('lh-1', { state: 'denied', requester: 'lead', because: 'The release is frozen' }),
      view('lh-2', { state: 'denied', requester: 'agent' }),
      view('lh-3', { state: 'revoked', requester: 'agent', because: 'Wrong bucket', changedAt: 300 }),
      view('lh-4', { state: 'issued', requester: 'lead' }),
      view('lh-5', { state: 'lapsed', requester: 'Lead' }),
      view('lh-6', { state: 'denied', requester: 'lead', code: 'not-eligible', grant: undefined }),
      view('lh-7', { state: 'denied', requester: 'agent', subject: 'lead' }),
    ];
    expect(changesIn(leases, 'lead', 0).map(({ id, role, because }) => [id, role, because])).toEqual([
      ['lh-3', 's3-deploy of agent', 'Wrong bucket'],
      ['lh-1', 's3-deploy', 'The release is frozen'],
      ['lh-5', 's3-deploy', undefined],
      ['lh-6', 'A request without a role', 'not-eligible'],
      ['lh-7', 's3-deploy', undefined],
    ]);
    expect(changesIn(leases, undefined, 0)).toHaveLength(6);
  });

  it('are counted by the time of the answer, not of the request', () => {
    const denied = (id: string, requestedAt: number, changedAt: number) =>
      view(id, { state: 'denied', requester: 'lead', requestedAt, changedAt });
    const leases = [denied('lh-1', 10, 100), denied('lh-2', 10, 99), denied('lh-3', 100, 120)];
    expect(changesIn(leases, 'lead', 100).map(({ id }) => id)).toEqual(['lh-3', 'lh-1']);
  });

  it.each<[string, number | undefined, number, number]>([
    ['of the last day on the first visit', undefined, NOW - 86_400, 3],
    ['since a visit an hour ago, with the requests of a day before it', NOW - 3600, NOW - 3900, 2],
    ['since a visit a week ago', NOW - 7 * 86_400, NOW - 7 * 86_400 - 300, 9],
    ['of at most 31 days', 0, NOW - 31 * 86_400, 31],
  ])('are those %s', (_, before, since, days) => {
    expect(windowSince(before, NOW)).toEqual({ since, days });
  });
});

describe('the last visit', () => {
  const aStore = (items: Record<string, string> = {}) => ({
    items,
    getItem: (key: string) => items[key] ?? null,
    setItem: (key: string, value: string) => {
      items[key] = value;
    },
  });

  it('is remembered for each person and broker, and stays the same while the page is open', () => {
    const store = aStore();
    const first = visitsIn(store);
    expect(first.before('https://a', 'lead', 100)).toBeUndefined();
    first.look('https://a', 'lead', 100);
    expect(first.before('https://a', 'lead', 150)).toBeUndefined();
    const later = visitsIn(store);
    expect(later.before('https://a', 'lead', 200)).toBe(100);
    later.look('https://a', 'lead', 200);
    expect(later.before('https://a', 'lead', 250)).toBe(100);
    expect(later.before('https://a', 'alice', 250)).toBeUndefined();
    expect(later.before('https://b', 'lead', 250)).toBeUndefined();
    expect(Object.values(store.items)).toEqual(['200']);
  });

  it.each(['', 'x', '-5', '1e3', '201'])('is not %j', (text) => {
    expect(visitsIn(aStore({ 'leasehold.last-visit https://a lead': text })).before('https://a', 'lead', 200)).toBe(
      undefined,
    );
  });

  it('is not known in a browser that stores nothing', () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    for (const store of [undefined, { getItem: refuse, setItem: refuse }]) {
      const visits = visitsIn(store);
      visits.look('https://a', 'lead', 100);
      expect(visits.before('https://a', 'lead', 200)).toBeUndefined();
    }
  });
});
