/** The log of all leases, in a real table and over a network that fails. */
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { GetItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { eventsTableName } from '@leasehold/documents';
import { grantHash } from '../../../lib/broker/grant/grant';
import { type EventBody, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { LeaseFault } from '../../../lib/broker/lease/fault';
import { append, type FoldedLease, fold } from '../../../lib/broker/lease/fold';
import { Unavailable } from '../../../lib/broker/port-errors';
import type { LeaseStore } from '../../../lib/broker/ports';
import { AGENT, aGrant, proposed, REQUESTED } from '../support';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, KEY, Network, portsAt, type Running, THROTTLED } from './support';

const TABLE = eventsTableName(ENVIRONMENT);

let dynamodb: Running;
let network: Network;
let leases: LeaseStore;
let number = 0;

beforeAll(async () => {
  dynamodb = await aDynamoDb();
});
afterAll(() => dynamodb.stop());
beforeEach(async () => {
  network = await Network.before(dynamodb.url);
  leases = portsAt({ dynamodb: network.url }).leases;
});
afterEach(() => network.stop());

/** An id that no other test uses. */
const newId = () => `lh-${String(++number).padStart(4, '0')}`;

/** The events of these bodies, and the lease with them. */
function extended(before: FoldedLease | undefined, id: string, ...bodies: readonly EventBody[]) {
  const events: LeaseEvent[] = [];
  for (const body of bodies) events.push(nextEvent(id, events.at(-1) ?? before?.last, 1, body));
  return { events, lease: before === undefined ? fold(events) : events.reduce(append, before) };
}

async function begun(...bodies: readonly EventBody[]): Promise<FoldedLease> {
  const { events, lease } = extended(undefined, newId(), REQUESTED, ...bodies);
  expect(await leases.append(events, lease)).toBe('appended');
  return lease;
}

const yes = (name: string): EventBody => ({ type: 'approved', by: { name }, hash: grantHash(aGrant()) });

describe('appending', () => {
  it('gives back what was put, batch after batch, to the letter', async () => {
    const lease = await begun(proposed(2));
    const more = extended(lease, lease.id, yes('lead'), yes('oncall'));
    expect(await leases.append(more.events, more.lease)).toBe('appended');
    expect(fold(await leases.read(lease.id))).toEqual(more.lease);
  });

  it('knows nothing of a lease that is not there', async () => {
    expect(await leases.read('lh-nobody')).toEqual([]);
  });

  it('takes the first of two that saw the same, and nothing of the other', async () => {
    const lease = await begun(proposed(2));
    const [one, other] = ['lead', 'oncall'].map((name) => extended(lease, lease.id, yes(name)));
    if (!one || !other) throw new Error('two');
    expect(await leases.append(one.events, one.lease)).toBe('appended');
    expect(await leases.append(other.events, other.lease)).toBe('conflict');
    expect(fold(await leases.read(lease.id)).approvals).toEqual(['lead']);
  });

  it('takes one of two who append the very same, so that nothing is issued twice', async () => {
    const lease = await begun(proposed(0));
    const issued = extended(lease, lease.id, { type: 'issued', hash: grantHash(aGrant()), until: 600 });
    const answers = await Promise.all([1, 2, 3].map(() => leases.append(issued.events, issued.lease)));
    expect(answers.sort()).toEqual(['appended', 'conflict', 'conflict']);
  });

  it('never calls for more than one item', async () => {
    await begun(proposed(1));
    expect(network.operations).toEqual(['PutItem']);
  });

  it('refuses what no item holds, before anything is sent', async () => {
    const { events, lease } = extended(undefined, newId(), {
      ...REQUESTED,
      asked: { reason: 'x'.repeat(400_000) },
    } as EventBody);
    await expect(leases.append(events, lease)).rejects.toThrow(RangeError);
    expect(network.seen).toEqual([]);
  });
});

describe('many at once', () => {
  beforeEach(() => {
    leases = portsAt({ dynamodb: dynamodb.url }).leases;
  });

  /** Appends as the broker does: reads, decides, appends, and again when somebody else was first. */
  async function approve(id: string, name: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const lease = fold(await leases.read(id));
      const more = extended(lease, id, yes(name));
      if ((await leases.append(more.events, more.lease)) === 'appended') return;
      await pause(Math.random() * 250 * 2 ** Math.min(tries, 5));
    }
  }

  /** The events of all leases of a requester, as they lie in the table. */
  async function everything(key: string): Promise<Map<string, unknown>> {
    const client = aDynamoDbClient(dynamodb.url);
    const found = new Map<string, unknown>();
    for await (const { Items: items = [] } of paginateScan({ client }, { TableName: TABLE })) {
      for (const { lease, requester, events } of items) {
        if (requester?.S === key) found.set(lease?.S ?? '', JSON.parse(events?.S ?? ''));
      }
    }
    client.destroy();
    return found;
  }

  it('counts each of a hundred approvers once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `approver-${index}`);
    const lease = await begun({ ...proposed(100), approvers: names } as EventBody);
    await Promise.all(names.map((name) => approve(lease.id, name)));
    const end = fold(await leases.read(lease.id));
    expect([...end.approvals].sort()).toEqual([...names].sort());
    expect(end.state).toBe('approved');
  });

  it('loses none of a thousand leases', async () => {
    const key = '123456789012 user/agents/busy';
    const made = Array.from({ length: 1000 }, () =>
      extended(undefined, newId(), { ...REQUESTED, requester: { ...AGENT, key } } as EventBody),
    );
    const answers = await Promise.all(made.map(({ events, lease }) => leases.append(events, lease)));
    expect(new Set(answers)).toEqual(new Set(['appended']));
    const found = await everything(key);
    expect(made.map(({ lease }) => found.get(lease.id))).toEqual(made.map(({ events }) => events));
    const listed: string[] = [];
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const page = await leases.list({ by: { requester: key }, since: 0, limit: 100, ...(next && { next }) });
      listed.push(...page.leases);
      next = page.next;
    }
    expect(listed.sort()).toEqual(made.map(({ lease }) => lease.id).sort());
  });
});

describe('a network that fails', () => {
  const append1 = () => {
    const { events, lease } = extended(undefined, newId(), REQUESTED);
    return { id: lease.id, done: leases.append(events, lease) };
  };

  it.each([
    ['an answer is lost', 'lose'],
    ['a connection breaks', 'break'],
    ['AWS asks to slow down', THROTTLED],
    ['AWS has a fault', { status: 500, body: '{}' }],
  ] as const)('appends once though %s', async (_, fate) => {
    network.first(fate);
    const { id, done } = append1();
    expect(await done).toBe('appended');
    expect(await leases.read(id)).toHaveLength(1);
  });

  it('sees its own item where the server says what is there, without asking again', async () => {
    network.fate = ({ operation }, index) => {
      if (index === 0) return 'lose';
      if (operation !== 'PutItem') return 'pass';
      const { Item: item } = JSON.parse(network.seen[0]?.body ?? '{}');
      return {
        status: 400,
        type: 'application/x-amz-json-1.0',
        body: JSON.stringify({
          __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
          message: 'The conditional request failed',
          Item: item,
        }),
      };
    };
    const { done } = append1();
    expect(await done).toBe('appended');
    expect(network.operations).toEqual(['PutItem', 'PutItem']);
  });

  it('says that it does not know when every answer is lost; the item is there, and the next reader goes on from it', async () => {
    network.fate = ({ operation }) => (operation === 'PutItem' ? 'lose' : 'pass');
    const { id, done } = append1();
    await expect(done).rejects.toMatchObject({ name: 'Unavailable', call: 'dynamodb:PutItem' });
    network.fate = () => 'pass';
    const lease = fold(await leases.read(id));
    const more = extended(lease, id, proposed(1));
    expect(await leases.append(more.events, more.lease)).toBe('appended');
  });

  it.each([
    ['breaks every connection', 'break'],
    ['always asks to slow down', THROTTLED],
    [
      'refuses who asks',
      { status: 400, type: 'application/x-amz-json-1.0', body: '{"__type":"x#AccessDeniedException"}' },
    ],
  ] as const)('appends nothing where it %s', async (_, fate) => {
    network.fate = () => fate;
    const { id, done } = append1();
    await expect(done).rejects.toThrow(Unavailable);
    network.fate = () => 'pass';
    expect(await leases.read(id)).toEqual([]);
  });

  it('does not wait for who never answers', async () => {
    leases = portsAt({ dynamodb: network.url }, { timeouts: { connect: 2000, request: 100 } }).leases;
    network.fate = () => 'hang';
    await expect(append1().done).rejects.toThrow(Unavailable);
    await expect(leases.read('lh-1')).rejects.toMatchObject({ call: 'dynamodb:Query' });
    await expect(leases.list({ by: { open: true }, since: 0, limit: 1 })).rejects.toThrow(Unavailable);
  });

  it('tells nothing of what was sent', async () => {
    network.fate = () => ({
      status: 400,
      type: 'application/x-amz-json-1.0',
      body: JSON.stringify({ __type: 'x#ValidationException', message: 'the value Upload release 1.4.2 is not taken' }),
    });
    const { events, lease } = extended(undefined, newId(), REQUESTED, proposed(1));
    const error = await leases.append(events, lease).catch((thrown: unknown) => thrown);
    const shown = inspect(error, { depth: 20, showHidden: true });
    expect(shown).toContain('ValidationException');
    expect(shown).not.toContain('Upload');
    expect(shown).not.toContain(KEY.accessKeyId);
  });
});

describe('reading', () => {
  it('reads a lease that is longer than one answer, in its order', async () => {
    const review = (index: number): EventBody => ({
      type: 'reviewed',
      model: `model-${index}`,
      review: { decision: 'allow', sentence: 'x'.repeat(300_000) },
    });
    let lease = await begun();
    for (let index = 0; index < 6; index += 1) {
      const more = extended(lease, lease.id, review(index));
      expect(await leases.append(more.events, more.lease)).toBe('appended');
      lease = more.lease;
    }
    network.seen.length = 0;
    expect(fold(await leases.read(lease.id))).toEqual(lease);
    expect(network.operations.length).toBeGreaterThan(1);
    expect(network.seen.every(({ body }) => JSON.parse(body).ConsistentRead === true)).toBe(true);
  });

  it.each([
    ['is no list', '{"lease":"x"}'],
    ['is no JSON', 'x'],
    ['is of another lease', (events: string) => events.replaceAll(/"lease":"lh-\d+"/g, '"lease":"lh-other"')],
    ['begins with another number', (events: string) => events.replace('"sequence":1', '"sequence":7')],
    ['was edited', (events: string) => events.replace('hermes', 'mallory')],
  ] as const)('believes no record that %s', async (_, edit) => {
    const lease = await begun(proposed(2));
    const client = aDynamoDbClient(dynamodb.url);
    const key = { lease: { S: lease.id }, sequence: { N: '1' } };
    const { Item: item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: key }));
    const events = typeof edit === 'string' ? edit : edit(item?.events?.S ?? '');
    expect(events).not.toBe(item?.events?.S);
    await client.send(new PutItemCommand({ TableName: TABLE, Item: { ...item, events: { S: events } } }));
    client.destroy();
    await expect(leases.read(lease.id).then(fold)).rejects.toThrow(LeaseFault);
  });
});
