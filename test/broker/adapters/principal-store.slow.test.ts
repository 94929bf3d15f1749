/** Principals and their budgets, in a real table. */
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import { projectionsTableName } from '@leasehold/documents';
import fc from 'fast-check';
import { Unavailable } from '../../../lib/broker/port-errors';
import type { PrincipalStore, StoredPrincipal } from '../../../lib/broker/ports';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, Network, portsAt, type Running, THROTTLED } from './support';

const TABLE = projectionsTableName(ENVIRONMENT);

let dynamodb: Running;
let network: Network;
let principals: PrincipalStore;
let number = 0;

beforeAll(async () => {
  dynamodb = await aDynamoDb();
});
afterAll(() => dynamodb.stop());
beforeEach(async () => {
  network = await Network.before(dynamodb.url);
  principals = portsAt({ dynamodb: network.url }).principals;
});
afterEach(() => network.stop());

/** A name that no other test uses. */
const newName = () => `agent-${++number}`;
const POLICY: StoredPrincipal = {
  policy: 'May read its own customers’ rows.',
  groups: ['staff', 'support'],
  version: 1,
  changedBy: 'root',
  changedAt: 1000,
};

/** The attributes of a principal's item that are counts. */
async function counts(name: string): Promise<readonly string[]> {
  const client = aDynamoDbClient(dynamodb.url);
  const key = { pk: { S: `principal#${name}` }, sk: { S: 'account' } };
  const { Item: item = {} } = await client.send(new GetItemCommand({ TableName: TABLE, Key: key }));
  client.destroy();
  return Object.keys(item).filter((each) => each.includes('.'));
}

describe('spending', () => {
  it('counts in this window, and tells what the one before held', async () => {
    const name = newName();
    const at = async (now: number) => (await principals.spend(name, 'requests', now)).requests;
    expect(await at(60)).toEqual({ current: 1, previous: 0 });
    expect(await at(119)).toEqual({ current: 2, previous: 0 });
    expect(await at(120)).toEqual({ current: 1, previous: 2 });
    expect(await at(180)).toEqual({ current: 1, previous: 1 });
    expect(await at(100_000)).toEqual({ current: 1, previous: 0 });
  });

  it('counts requests and denials apart, each in windows of its own, and those of others elsewhere', async () => {
    const name = newName();
    await principals.spend(name, 'requests', 599);
    await principals.spend(newName(), 'requests', 599);
    await principals.spend(name, 'denials', 599);
    expect(await principals.spend(name, 'denials', 600)).toEqual({
      requests: { current: 0, previous: 1 },
      denials: { current: 1, previous: 1 },
    });
  });

  it('can be read without counting', async () => {
    const name = newName();
    expect(await principals.account(name, 60)).toEqual({
      requests: { current: 0, previous: 0 },
      denials: { current: 0, previous: 0 },
    });
    expect(await counts(name)).toEqual([]);
    await principals.spend(name, 'requests', 60);
    await principals.put(name, POLICY);
    network.seen.length = 0;
    expect(await principals.account(name, 120)).toEqual({
      requests: { current: 0, previous: 1 },
      denials: { current: 0, previous: 0 },
      stored: POLICY,
    });
    expect(network.operations).toEqual(['GetItem']);
  });

  it('is one call, which tells what is written of the principal too', async () => {
    const name = newName();
    await principals.put(name, POLICY);
    network.seen.length = 0;
    expect(await principals.spend(name, 'requests', 60)).toEqual({
      requests: { current: 1, previous: 0 },
      denials: { current: 0, previous: 0 },
      stored: POLICY,
    });
    expect(network.operations).toEqual(['UpdateItem']);
  });

  it('counts each of two hundred at once', async () => {
    const name = newName();
    const spent = await Promise.all(Array.from({ length: 200 }, () => principals.spend(name, 'requests', 60)));
    const seen = spent.map(({ requests }) => requests.current).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('agrees with a list of all that was ever spent, and keeps no more than a handful of counts', async () => {
    const gap = fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 2000 }), fc.nat({ max: 1_000_000 }));
    const spending = fc.record({ later: gap, what: fc.constantFrom('requests' as const, 'denials' as const) });
    await fc.assert(
      fc.asyncProperty(fc.array(spending, { maxLength: 20 }), async (list) => {
        const name = newName();
        const spent: { what: 'requests' | 'denials'; at: number }[] = [];
        let now = 0;
        for (const { later, what } of list) {
          now += later;
          spent.push({ what, at: now });
          const inWindow = (counted: string, seconds: number, ago: number) =>
            spent.filter(
              (each) => each.what === counted && Math.floor(each.at / seconds) === Math.floor(now / seconds) - ago,
            ).length;
          expect(await principals.spend(name, what, now)).toEqual({
            requests: { current: inWindow('requests', 60, 0), previous: inWindow('requests', 60, 1) },
            denials: { current: inWindow('denials', 600, 0), previous: inWindow('denials', 600, 1) },
          });
        }
      }),
      { numRuns: Math.min(Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) / 4), 500) },
    );
  });

  it.each([
    ['every minute', 60],
    ['every ten minutes', 600],
    ['now and then', 4321],
    ['once a day', 86_400],
  ])('does not grow for who asks %s', async (_, every) => {
    const name = newName();
    for (let index = 1; index <= 60; index += 1) {
      await principals.spend(name, index % 2 === 0 ? 'requests' : 'denials', index * every);
    }
    expect((await counts(name)).length).toBeLessThanOrEqual(20);
  });

  it('does not take the counts of a budget with another window for its own, and forgets them', async () => {
    const name = newName();
    const hourly = portsAt(
      { dynamodb: network.url },
      {
        environment: {
          ...ENVIRONMENT,
          broker: {
            budgets: { requests: { limit: 9, windowSeconds: 3600 }, denials: { limit: 9, windowSeconds: 3600 } },
            subjects: [],
            locate: ENVIRONMENT.locate,
          },
        },
      },
    ).principals;
    for (let minute = 0; minute < 30; minute += 1) await principals.spend(name, 'requests', 3600 + minute * 60);
    expect((await hourly.spend(name, 'requests', 7200)).requests).toEqual({ current: 1, previous: 0 });
    for (let hour = 0; hour < 30; hour += 1) await hourly.spend(name, 'requests', 7200 + hour * 3600);
    expect((await counts(name)).length).toBeLessThanOrEqual(20);
  });

  it('counts once too often when an answer was lost, never too seldom', async () => {
    const name = newName();
    network.first('lose');
    expect((await principals.spend(name, 'requests', 60)).requests.current).toBe(2);
  });

  it('spends though the counts left behind cannot be removed', async () => {
    const name = newName();
    network.fate = ({ body }) => (body.includes('ADD') ? 'pass' : THROTTLED);
    for (let index = 1; index <= 20; index += 1) await principals.spend(name, 'requests', index * 86_400);
    expect(network.operations.length).toBeGreaterThan(20);
  });

  it('fails where it cannot count', async () => {
    network.fate = () => THROTTLED;
    await expect(principals.spend(newName(), 'requests', 60)).rejects.toMatchObject({
      name: 'Unavailable',
      call: 'dynamodb:UpdateItem',
    });
  });

  it('fails for a principal whose item was edited, rather than to pass over what is written of them', async () => {
    const name = newName();
    await principals.put(name, POLICY);
    const client = aDynamoDbClient(dynamodb.url);
    const edit = (UpdateExpression: string, values?: Record<string, { S: string }>) =>
      client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { pk: { S: `principal#${name}` }, sk: { S: 'account' } },
          UpdateExpression,
          ...defined({ ExpressionAttributeValues: values }),
        }),
      );
    await edit('REMOVE policy');
    await expect(principals.spend(name, 'requests', 60)).rejects.toThrow('policy');
    await expect(principals.get(name)).rejects.toThrow('policy');
    await expect(principals.all()).rejects.toThrow('policy');
    await edit('SET policy = :policy', { ':policy': { S: POLICY.policy } });
    client.destroy();
    expect(await principals.get(name)).toEqual(POLICY);
  });
});

describe('what administrators write', () => {
  it('is read as it was written, by itself and among all', async () => {
    const [one, other] = [newName(), newName()];
    expect(await principals.get(one)).toBeUndefined();
    expect(await principals.put(one, POLICY)).toBe('stored');
    expect(await principals.put(other, { ...POLICY, policy: '', groups: [] })).toBe('stored');
    expect(await principals.get(one)).toEqual(POLICY);
    expect(await principals.all()).toMatchObject({ [one]: POLICY, [other]: { policy: '', groups: [] } });
  });

  it('replaces only the version that was read', async () => {
    const name = newName();
    expect(await principals.put(name, { ...POLICY, version: 2 })).toBe('conflict');
    expect(await principals.put(name, POLICY)).toBe('stored');
    expect(await principals.put(name, { ...POLICY, changedBy: 'other' })).toBe('conflict');
    expect(await principals.put(name, { ...POLICY, version: 2, policy: 'Newer.' })).toBe('stored');
    expect(await principals.put(name, { ...POLICY, version: 2, policy: 'Late.' })).toBe('conflict');
    expect(await principals.get(name)).toMatchObject({ version: 2, policy: 'Newer.' });
  });

  it('is of one of many who write at once', async () => {
    const name = newName();
    const writers = Array.from({ length: 20 }, (_, index) => `admin-${index}`);
    const answers = await Promise.all(writers.map((changedBy) => principals.put(name, { ...POLICY, changedBy })));
    expect(answers.filter((answer) => answer === 'stored')).toHaveLength(1);
    expect((await principals.get(name))?.changedBy).toBe(writers[answers.indexOf('stored')]);
  });

  it('outlives what is spent, and the other way round', async () => {
    const name = newName();
    await principals.spend(name, 'denials', 60);
    await principals.put(name, POLICY);
    expect(await principals.spend(name, 'denials', 60)).toMatchObject({ denials: { current: 2 }, stored: POLICY });
  });

  it('is stored though the answer is lost', async () => {
    const name = newName();
    network.fate = (_, index) => (index < 4 && index % 2 === 0 ? 'lose' : 'pass');
    expect(await principals.put(name, POLICY)).toBe('stored');
  });

  it('is listed nowhere when it was only begun', async () => {
    const name = newName();
    network.fate = ({ operation }) => (operation === 'UpdateItem' ? 'break' : 'pass');
    await expect(principals.put(name, POLICY)).rejects.toThrow(Unavailable);
    network.fate = () => 'pass';
    expect(Object.keys(await principals.all())).not.toContain(name);
    expect(await principals.put(name, POLICY)).toBe('stored');
    expect(Object.keys(await principals.all())).toContain(name);
  });
});
