/** What administrators do, in a real table: numbered, sealed, and read back as it was written. */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { eventsTableName } from '@leasehold/documents';
import {
  type AdministrationBody,
  type AdministrationEvent,
  nextAdministration,
  noAdministration,
  REVOCATIONS,
  settingsRecordOf,
} from '../../../lib/broker/consent/administration';
import { Unauthentic } from '../../../lib/broker/lease/fault';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, portsAt, type Running } from './support';

const TABLE = eventsTableName(ENVIRONMENT);
const NOW = 1_800_000_000;

let table: Running;
beforeAll(async () => {
  table = await aDynamoDb();
});
afterAll(() => table.stop());

const log = () => portsAt({ dynamodb: table.url }).administration;

function aChange(version: number, opens: readonly string[] = ['ops-read']): AdministrationBody {
  const settings = { policy: 'Reads logs.', groups: ['ops'] };
  return { type: 'principal-set', by: 'root', before: settings, after: settings, version, opens };
}

function next(record: string, body: AdministrationBody, last?: AdministrationEvent): AdministrationEvent {
  return nextAdministration({ ...noAdministration(record, ''), ...(last && { last }) }, NOW, body);
}

async function itemsOf(record: string) {
  const client = aDynamoDbClient(table.url);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'lease = :lease',
      ExpressionAttributeValues: { ':lease': { S: record } },
    }),
  );
  client.destroy();
  return Items;
}

it('reads in order what was appended to this record, and refuses a second event with the same number', async () => {
  const record = settingsRecordOf('alice');
  const first = next(record, aChange(1));
  const second = next(record, aChange(2, []), first);
  expect(await log().append(first)).toBe('appended');
  expect(await log().append(next(record, aChange(9)))).toBe('conflict');
  expect(await log().append(second)).toBe('appended');
  expect(await log().append(next(settingsRecordOf('alice2'), aChange(1)))).toBe('appended');
  expect(await log().read(record)).toEqual([first, second]);
  expect(await log().read(settingsRecordOf('nobody'))).toEqual([]);
});

it('tells the bus of a change, of one that opens roles, and of a revocation, without texts', async () => {
  const record = settingsRecordOf('told');
  const first = next(record, aChange(1));
  await log().append(first);
  await log().append(next(record, aChange(2, []), first));
  await log().append(
    next(REVOCATIONS, { type: 'leases-revoked', by: 'administrator root', scope: { role: 'x' }, because: 'A secret' }),
  );
  const told = [...(await itemsOf(record)), ...(await itemsOf(REVOCATIONS))];
  expect(told.map(({ outcome, roleName, requesterName }) => [outcome?.S, roleName?.S, requesterName?.S])).toEqual([
    ['groups-given', 'ops-read', 'told'],
    ['principal-changed', '', 'told'],
    ['leases-revoked', 'x', ''],
  ]);
  for (const { events: _, mac: __, ...item } of told) expect(JSON.stringify(item)).not.toMatch(/secret|Reads logs/);
});

it.each<[string, (events: string) => object]>([
  ['another group', (events) => ({ events: { S: events.replaceAll('ops', 'all') } })],
  ['no MAC', () => ({ mac: { S: '' } })],
])('shows an event that somebody else wrote as that: %s', async (what, change) => {
  const record = settingsRecordOf(what.replace(/ /g, '-'));
  await log().append(next(record, aChange(1)));
  const [item] = await itemsOf(record);
  const client = aDynamoDbClient(table.url);
  const Item = { ...item, ...change(item?.events?.S ?? '') } as never;
  await client.send(new PutItemCommand({ TableName: TABLE, Item }));
  client.destroy();
  const error = await log()
    .read(record)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Unauthentic);
  expect((error as Unauthentic).sequences).toEqual([1]);
});
