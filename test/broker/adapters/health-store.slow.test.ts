/** The health of the function, in a real table. */
import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HEALTH_KEY, projectionsTableName, QUESTION_SECONDS } from '@leasehold/documents';
import { Unavailable } from '../../../lib/broker/port-errors';
import type { HealthStore } from '../../../lib/broker/ports';
import { aDynamoDb, aDynamoDbClient, ENVIRONMENT, portsAt, type Running } from './support';

const ITEM = {
  TableName: projectionsTableName(ENVIRONMENT),
  Key: { pk: { S: HEALTH_KEY.pk }, sk: { S: HEALTH_KEY.sk } },
};
const HOUR = QUESTION_SECONDS;
const NOW = 1_800_000_000;

let table: Running;
let client: ReturnType<typeof aDynamoDbClient>;
let health: HealthStore;
beforeAll(async () => {
  table = await aDynamoDb();
  client = aDynamoDbClient(table.url);
});
afterAll(async () => {
  client.destroy();
  await table.stop();
});
beforeEach(async () => {
  await client.send(new DeleteItemCommand(ITEM));
  const { health: store } = portsAt({ dynamodb: table.url });
  if (store === undefined) throw new Error('there is no store');
  health = store;
});

/** One run of the schedule. */
const beat = (now: number, target?: string, isComplete = true) =>
  health.beat({ now, isComplete, ...(target === undefined ? {} : { target }) });

const stored = async () => {
  const { Item: { pk: _, sk: __, ...item } = {} } = await client.send(new GetItemCommand(ITEM));
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.N ?? value.S]));
};

it('states when the function ran', async () => {
  expect(await beat(NOW)).toBe(false);
  expect(await beat(NOW + 60)).toBe(false);
  expect(await stored()).toEqual({ at: String(NOW + 60), completeAt: String(NOW + 60) });
});

it('does not state a run with a failure as complete', async () => {
  await beat(NOW, undefined, false);
  expect(await stored()).toEqual({ at: String(NOW) });
  await beat(NOW + 60);
  await beat(NOW + 120, undefined, false);
  expect(await stored()).toEqual({ at: String(NOW + 120), completeAt: String(NOW + 60) });
});

it.each<[name: string, later: number, target: string, due: boolean]>([
  ['at once', 0, 'a m', false],
  ['a second before the hour', HOUR - 1, 'a m', false],
  ['after the hour', HOUR, 'a m', true],
  ['of another model', 60, 'a n', true],
  ['after the clock was set back', -60, 'a m', true],
])('asks again: %s', async (_, later, target, due) => {
  expect(await beat(NOW, 'a m')).toBe(true);
  await health.answered('answered');
  const at = String(NOW);
  expect(await stored()).toEqual({ at, completeAt: at, askedAt: at, target: 'a m', result: 'answered' });
  expect(await beat(NOW + later, target)).toBe(due);
  // A question that was begun has no result yet.
  expect((await stored()).result).toBe(due ? undefined : 'answered');
});

it('lets one of many concurrent sweeps ask', async () => {
  for (const now of [NOW, NOW + HOUR]) {
    const due = await Promise.all(Array.from({ length: 8 }, () => beat(now, 'a m')));
    expect(due.filter(Boolean)).toHaveLength(1);
  }
});

it('fails as unavailable without the table', async () => {
  const { health: lost } = portsAt({ dynamodb: 'http://127.0.0.1:1' });
  await expect(lost?.beat({ now: NOW, isComplete: true, target: 'a m' })).rejects.toThrow(Unavailable);
});
