/** Lists of leases: sharded, paged, and closed to whoever makes up a page. */
import { defined } from '@leasehold/contract/defined';
import fc from 'fast-check';
import { mergeShards, pageToken, type ShardRead } from '../../../lib/broker/adapters/lease-page';
import { type EventBody, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { fold } from '../../../lib/broker/lease/fold';
import type { LeaseQuery, LeaseStore } from '../../../lib/broker/ports';
import { AGENT, aGrant, proposed } from '../support';
import { aDynamoDb, Network, portsAt, type Running } from './support';

let dynamodb: Running;
let network: Network;
let leases: LeaseStore;

beforeAll(async () => {
  dynamodb = await aDynamoDb();
  network = await Network.before(dynamodb.url);
  leases = portsAt({ dynamodb: network.url }).leases;
  // 60 leases, one a second: every third by another agent, every second waits for approvers, every fifth of another role.
  for (let second = 1; second <= 60; second += 1) {
    const key = second % 3 === 0 ? 'other' : AGENT.key;
    const grant = aGrant({ requester: key, role: second % 5 === 0 ? 'logs-read' : 's3-deploy' });
    await put(lease(second), second, [
      { type: 'requested', requester: { ...AGENT, key }, asked: {} },
      proposed(second % 2, grant, 5000),
    ]);
  }
});
afterAll(async () => {
  await network.stop();
  await dynamodb.stop();
});

const lease = (second: number) => `lh-${String(second).padStart(3, '0')}`;
const seconds = (which: (second: number) => boolean) =>
  Array.from({ length: 60 }, (_, index) => 60 - index)
    .filter(which)
    .map(lease);

async function put(id: string, at: number, bodies: readonly EventBody[]): Promise<void> {
  const events: LeaseEvent[] = [];
  for (const body of bodies) events.push(nextEvent(id, events.at(-1), at, body));
  expect(await leases.append(events, fold(events))).toBe('appended');
}

async function pages(query: Omit<LeaseQuery, 'next'>): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = [];
  let next: string | undefined;
  do {
    const page = await leases.list({ ...query, ...defined({ next }) });
    all.push(page.leases);
    next = page.next;
  } while (next !== undefined);
  return all;
}

const LISTS: readonly (readonly [string, LeaseQuery['by'], (second: number) => boolean])[] = [
  ['those that wait for approvers', { open: true }, (second) => second % 2 === 1],
  ['those of a requester', { requester: AGENT.key }, (second) => second % 3 !== 0],
  ['those of a role', { role: 's3-deploy' }, (second) => second % 5 !== 0],
  ['those of a role that nobody asked for', { role: 'nobody' }, () => false],
];

describe.each(LISTS)('%s', (_, by, which) => {
  it('come newest first, each once, in pages of any size', async () => {
    for (const limit of [1, 7, 100]) {
      const found = await pages({ by, since: 0, limit });
      expect(found.flat()).toEqual(seconds(which));
      for (const page of found.slice(0, -1)) expect(page).toHaveLength(limit);
    }
  });

  it('begin where they are asked to', async () => {
    const found = await pages({ by, since: 41, limit: 4 });
    expect(found.flat()).toEqual(seconds((second) => second >= 41 && which(second)));
  });
});

it('goes on with a page though the list begins later now', async () => {
  const by = { role: 's3-deploy' };
  const { next = '' } = await leases.list({ by, since: 0, limit: 10 });
  const rest = await leases.list({ by, since: 60, limit: 10, next });
  expect(rest.leases.filter((id) => id < lease(48))).toEqual([]);
});

it('asks each shard once a page, and one partition of a requester', async () => {
  const calls = async (by: LeaseQuery['by']) => {
    network.seen.length = 0;
    await leases.list({ by, since: 0, limit: 5 });
    return network.seen.length;
  };
  expect(await calls({ requester: AGENT.key })).toBe(1);
  expect(await calls({ role: 's3-deploy' })).toBe(8);
});

describe('a page that was made up', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const OWN = `requester ${AGENT.key}`;
  const [name] = JSON.parse(Buffer.from(pageToken(OWN, []), 'base64url').toString());

  it.each([
    ['is empty', ''],
    ['is no base64', '%%%'],
    ['is no JSON', 'AAAA'],
    ['is no list', encoded({})],
    ['is of another list', pageToken('requester other', ['begin'])],
    ['is of another index', pageToken('role s3-deploy', ['begin'])],
    ['has too many places', encoded([name, 'begin', 'begin'])],
    ['has too few', encoded([name])],
    ['names a place that is none', encoded([name, 'middle'])],
    ['names an index', encoded([name, { requester: { S: 'other' } }])],
    ['has a time before time', encoded([name, [-1, 'lh-1', 1]])],
    ['has a time that is no number', encoded([name, ['9', 'lh-1', 1]])],
    ['has a lease that is none', encoded([name, [9, { S: 'lh-1' }, 1]])],
    ['has more to say', encoded([name, [9, 'lh-1', 1, 'other']])],
    ['is endless', 'A'.repeat(5000)],
  ])('is none that %s', async (_, next) => {
    network.seen.length = 0;
    const query = { by: { requester: AGENT.key }, since: 0, limit: 5, next };
    await expect(leases.list(query)).rejects.toMatchObject({ name: 'NoSuchPage' });
    expect(network.seen).toEqual([]);
  });

  it('shows nothing of anybody else, wherever it begins', async () => {
    const own = new Set(seconds((second) => second % 3 !== 0));
    // A lease of the other agent, with its own time; and what does not exist.
    for (const place of [
      { at: 30, lease: lease(30), sequence: 1 },
      { at: 99, lease: 'lh-zzz', sequence: 9 },
    ]) {
      const next = pageToken(OWN, [place]);
      const { leases: found } = await leases.list({ by: { requester: AGENT.key }, since: 0, limit: 100, next });
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((id) => !own.has(id))).toEqual([]);
    }
  });
});

it('lists a lease once more when its grant was proposed anew, and once a page', async () => {
  const id = 'lh-anew';
  const grant = aGrant({ requester: AGENT.key, role: 'twice' });
  const first = nextEvent(id, undefined, 100, { type: 'requested', requester: AGENT, asked: {} });
  const second = nextEvent(id, first, 100, proposed(1, grant, 5000));
  const third = nextEvent(id, second, 200, proposed(1, { ...grant, seconds: 60 }, 5000));
  const before = fold([first, second]);
  expect(await leases.append([first, second], before)).toBe('appended');
  expect(await leases.append([third], fold([first, second, third]))).toBe('appended');
  const found = async (limit: number) => (await pages({ by: { role: 'twice' }, since: 0, limit })).flat();
  expect(await found(10)).toEqual([id]);
  expect(await found(1)).toEqual([id, id]);
});

it('merges any shards into pages that leave out nothing, repeat nothing and never go back in time', () => {
  const places = fc.array(fc.nat({ max: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(places, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (times, limit) => {
      const shards = times.map((list, shard) =>
        [...list].sort((a, b) => b - a).map((at, index) => ({ at, lease: `lh-${shard}-${index}`, sequence: 1 })),
      );
      const found: string[] = [];
      let reads: readonly ShardRead[] = shards.map(() => ({ from: 'begin', found: [], more: true }));
      for (let cursors = reads.map(({ from }) => from), going = true; going; ) {
        reads = shards.map((all, shard) => {
          const from = cursors[shard] ?? 'begin';
          const start = from === 'end' ? all.length : from === 'begin' ? 0 : all.indexOf(from) + 1;
          const rest = all.slice(start);
          return { from, found: rest.slice(0, limit), more: rest.length > limit };
        });
        const page = mergeShards(reads, limit);
        expect(page.leases.length).toBeLessThanOrEqual(limit);
        found.push(...page.leases);
        going = page.cursors !== undefined;
        cursors = [...(page.cursors ?? [])];
      }
      const timeOf = (id: string) => shards.flat().find((each) => each.lease === id)?.at ?? -1;
      expect([...found].sort()).toEqual(shards.flatMap((all) => all.map((each) => each.lease)).sort());
      expect(found.map(timeOf)).toEqual(found.map(timeOf).sort((a, b) => b - a));
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) },
  );
});
