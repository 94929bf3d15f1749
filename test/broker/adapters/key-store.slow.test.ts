/** People's records of keys, and counters, in real tables. */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { eventsTableName, KEYS_CHANGED } from '@leasehold/documents';
import { type KeyEvent, keyRecordOf, nextKeyEvent, noKeys } from '../../../lib/broker/consent/key-record';
import { Unauthentic } from '../../../lib/broker/lease/fault';
import { PARTY } from '../consent/authenticator';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, Network, portsAt, type Running } from './support';

const TABLE = eventsTableName(ENVIRONMENT);
let table: Running;
beforeAll(async () => {
  table = await aDynamoDb();
});
afterAll(() => table.stop());

const store = () => portsAt({ dynamodb: table.url }).keys;
const issued = (person: string): KeyEvent =>
  nextKeyEvent(noKeys(person, 'hermes/dev/123456789012'), 1_800_000_000, {
    type: 'code-issued',
    by: 'root',
    code: 'c'.repeat(64),
    until: 1_800_000_100,
    administrator: true,
    relyingParty: PARTY,
  });

it('appends where nothing is, and reads what was appended', async () => {
  const event = issued('lead');
  expect(await store().read('lead')).toEqual([]);
  expect(await store().append(event, 'lead')).toBe('appended');
  expect(await store().append(event, 'lead')).toBe('conflict');
  expect(await store().read('lead')).toEqual([event]);
  expect(await store().read('oncall')).toEqual([]);
});

it('tells the bus of each change, without what it contains', async () => {
  await store().append(issued('third'), 'third');
  const client = aDynamoDbClient(table.url);
  const { Items: [item] = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'lease = :lease',
      ExpressionAttributeValues: { ':lease': { S: keyRecordOf('third') } },
    }),
  );
  client.destroy();
  expect(item).toMatchObject({ outcome: { S: 'code-issued' }, requesterName: { S: 'third' } });
  expect(KEYS_CHANGED.detail.outcome).toContain(item?.outcome?.S);
});

it('reports events that the function did not write', async () => {
  const event = issued('forged');
  const client = aDynamoDbClient(table.url);
  await client.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: {
        lease: { S: keyRecordOf('forged') },
        sequence: { N: '1' },
        events: { S: JSON.stringify([event]) },
        at: { N: '1800000000' },
        mac: { S: 'A'.repeat(43) },
      },
    }),
  );
  client.destroy();
  await expect(store().read('forged')).rejects.toBeInstanceOf(Unauthentic);
});

it('accepts a counter that grows, and 0 as long as there was no other', async () => {
  const { advance } = { advance: (id: string, counter: number) => store().advance('alice', id, counter) };
  expect([await advance('synced', 0), await advance('synced', 0), await advance('synced', 1)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([await advance('synced', 0), await advance('synced', 1), await advance('synced', 2)]).toEqual([
    false,
    false,
    true,
  ]);
  const together = await Promise.all(Array.from({ length: 8 }, () => advance('key', 7)));
  expect(together.filter(Boolean)).toHaveLength(1);
});

it('does not take a counter that could not be stored for one that did not grow', async () => {
  const network = await Network.before(table.url);
  network.fate = () => 'break';
  const { keys } = portsAt({ dynamodb: network.url });
  await expect(keys.advance('alice', 'unstored', 1)).rejects.toMatchObject({
    name: 'Unavailable',
    call: 'dynamodb:UpdateItem',
  });
  await network.stop();
});
