/** What administrators change, in a real table: numbered, sealed, and read back as it was written. */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { eventsTableName } from '@leasehold/documents';
import type { PrincipalChange } from '../../../lib/broker/ports';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, portsAt, type Running } from './support';

const TABLE = eventsTableName(ENVIRONMENT);
const NOW = 1_800_000_000;

let table: Running;
beforeAll(async () => {
  table = await aDynamoDb();
});
afterAll(() => table.stop());

const logAt = (url: string) => portsAt({ dynamodb: url }).changes;

function aChange(principal: string, version: number, at = NOW + version): PrincipalChange {
  return {
    principal,
    before: { policy: '', groups: [] },
    after: { policy: 'Reads logs.', groups: ['ops'], version, changedBy: 'root', changedAt: at },
    opens: ['ops-read'],
  };
}

async function itemsOf(principal: string) {
  const client = aDynamoDbClient(table.url);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'lease = :lease',
      ExpressionAttributeValues: { ':lease': { S: `principal#${principal}` } },
    }),
  );
  client.destroy();
  return Items;
}

async function put(item: Record<string, { S: string } | { N: string }>) {
  const client = aDynamoDbClient(table.url);
  await client.send(new PutItemCommand({ TableName: TABLE, Item: item }));
  client.destroy();
}

it('reads the newest first, of this principal alone, and says whether there are more', async () => {
  const log = logAt(table.url);
  for (const version of [1, 2, 3]) await log.record(aChange('alice', version));
  await log.record(aChange('alice2', 1));
  const { changes, more } = await log.read('alice', 2);
  expect([changes, more]).toEqual([[3, 2].map((version) => ({ ...aChange('alice', version), authentic: true })), true]);
  expect(await log.read('alice', 3)).toMatchObject({ more: false });
  expect(await log.read('nobody', 3)).toEqual({ changes: [], more: false });
});

it('keeps every one of many changes in one second', async () => {
  const log = logAt(table.url);
  await Promise.all(Array.from({ length: 40 }, (_, index) => log.record(aChange('busy', index + 1, NOW))));
  const { changes } = await log.read('busy', 100);
  expect(new Set(changes.map(({ after }) => after.version)).size).toBe(40);
});

it('tells the bus of a change, and of one that opens roles as such', async () => {
  const log = logAt(table.url);
  await log.record(aChange('told', 1));
  await log.record({ ...aChange('told', 2), opens: [] });
  expect((await itemsOf('told')).map(({ outcome }) => outcome?.S)).toEqual(['groups-given', 'principal-changed']);
});

it.each<[string, (item: Record<string, { S: string } | { N: string }>) => object]>([
  ['another group', (item) => ({ events: { S: String((item.events as { S: string }).S).replace('ops', 'all') } })],
  ['another second', () => ({ sequence: { N: String((NOW + 9) * 1000) } })],
  ['no MAC', () => ({ mac: { S: '' } })],
  ['another principal', () => ({ lease: { S: 'principal#mallory' } })],
  ['no change', () => ({ events: { S: '{"__proto__":1}' } })],
  ['no JSON', () => ({ events: { S: 'x' } })],
])('shows a record that somebody else wrote as that: %s', async (what, change) => {
  const name = what.replace(/ /g, '-');
  const log = logAt(table.url);
  await log.record(aChange(name, 1));
  const [item] = await itemsOf(name);
  const forged = { ...item, sequence: { N: String((NOW + 1) * 1000 + 1001) }, ...change(item as never) };
  await put(forged as never);
  const { changes } = await log.read(what === 'another principal' ? 'mallory' : name, 10);
  expect(changes.filter(({ authentic }) => !authentic)).toHaveLength(1);
});
