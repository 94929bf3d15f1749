/** The stores of conversations behave alike: in memory, and on a server with DynamoDB's API. */

import type { Server } from 'node:http';

import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  type Begun,
  type ConversationStore,
  MOST_MESSAGES,
  TURN_SECONDS,
  TurnLost,
} from '../../../examples/bank/assistant/core/conversation-store';
import { DynamoDbStore } from '../../../examples/bank/assistant/core/dynamodb-store';
import { MemoryStore } from '../../../examples/bank/assistant/core/memory-store';

const TABLE = 'conversations';
let now = 1_800_000_000;
const clock = () => now;
let server: Server;
let client: DynamoDBClient;

beforeAll(async () => {
  const dynalite = require('dynalite') as (options: object) => Server;
  server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'conversation', AttributeType: 'S' },
        { AttributeName: 'sequence', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'conversation', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
    }),
  );
  const describe = new DescribeTableCommand({ TableName: TABLE });
  while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await Promise.resolve();
});
afterAll(async () => {
  client.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const idOf = (name: string) => `message-${name}-0123456789`;
const message = (name: string) => ({ id: idOf(name), text: `message ${name}` });

function turnOf(begun: Begun) {
  if (begun.kind !== 'begun') throw new Error(`the message is ${begun.kind}`);
  return begun.turn;
}

describe.each<[string, () => ConversationStore]>([
  ['in memory', () => new MemoryStore(clock)],
  ['in DynamoDB', () => new DynamoDbStore(client, TABLE, clock)],
])('%s', (_, create) => {
  let store: ConversationStore;
  let conversation: string;

  beforeEach(async () => {
    store = create();
    conversation = (await store.open('mara', undefined, 'connection-1'))?.conversation ?? '';
  });

  it('a conversation belongs to one owner', async () => {
    expect(await store.open('jonas', conversation, 'connection-2')).toBeUndefined();
    expect(await store.open('jonas', 'cv-0123456789abcdef', 'connection-2')).toBeUndefined();
    expect(await store.open('mara', conversation, 'connection-3')).toEqual({
      conversation,
      sequence: 0,
      running: false,
    });
  });

  it('numbers the events of a turn, and sends them again from anywhere', async () => {
    let turn = turnOf(await store.begin(conversation, message('a')));
    expect(await store.open('mara', conversation, 'connection-2')).toMatchObject({ sequence: 1, running: true });
    expect(await store.state(turn)).toEqual({ connection: 'connection-2', stopping: false });
    ({ turn } = await store.append(turn, { type: 'text', text: 'Hello' }));
    await store.append(turn, { type: 'end', outcome: 'done' });
    expect(await store.open('mara', conversation, 'connection-2')).toMatchObject({ sequence: 3, running: false });
    expect(await store.events(conversation, 1)).toEqual([
      { type: 'text', text: 'Hello', conversation, sequence: 2 },
      { type: 'end', outcome: 'done', conversation, sequence: 3 },
    ]);
  });

  it('takes one message at a time, and each message once', async () => {
    const turn = turnOf(await store.begin(conversation, message('a')));
    expect(await store.begin(conversation, message('a'))).toEqual({ kind: 'repeated' });
    expect(await store.begin(conversation, message('b'))).toEqual({ kind: 'running' });
    await store.append(turn, { type: 'end', outcome: 'done' });
    expect(await store.begin(conversation, message('a'))).toEqual({ kind: 'repeated' });
    expect(await store.begin(conversation, message('b'))).toMatchObject({ kind: 'begun' });
    expect((await store.events(conversation, 0)).map(({ type }) => type)).toEqual(['said', 'end', 'said']);
  });

  it('of two messages at once, one begins', async () => {
    const both = await Promise.all([store.begin(conversation, message('a')), store.begin(conversation, message('b'))]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['begun', 'running']);
  });

  it('stops the turn in progress, and not the next one', async () => {
    const turn = turnOf(await store.begin(conversation, message('a')));
    await store.stop(conversation);
    expect(await store.state(turn)).toMatchObject({ stopping: true });
    await store.append(turn, { type: 'end', outcome: 'stopped' });
    await store.stop(conversation);
    expect(await store.state(turnOf(await store.begin(conversation, message('b'))))).toMatchObject({ stopping: false });
  });

  it('gives up a turn that took too long, whose holder can then write nothing', async () => {
    const lost = turnOf(await store.begin(conversation, message('a')));
    now += TURN_SECONDS;
    const turn = turnOf(await store.begin(conversation, message('b')));
    await expect(store.append(lost, { type: 'text', text: 'late' })).rejects.toThrow(TurnLost);
    await expect(store.state(lost)).rejects.toThrow(TurnLost);
    expect(await store.events(conversation, 0)).toMatchObject([
      { type: 'said', id: idOf('a') },
      { type: 'end', outcome: 'failed' },
      { type: 'said', id: idOf('b') },
    ]);
    expect(await store.state(turn)).toMatchObject({ stopping: false });
  });

  it('ends somewhere', async () => {
    for (let each = 0; each < MOST_MESSAGES; each += 1) {
      const turn = turnOf(await store.begin(conversation, message(`m-${each}`)));
      await store.append(turn, { type: 'end', outcome: 'done' });
    }
    expect(await store.begin(conversation, message('more'))).toEqual({ kind: 'full' });
  });
});

it('every item in DynamoDB has an end', async () => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
  expect(Items.length).toBeGreaterThan(0);
  expect(Items.filter(({ expiresAt }) => expiresAt?.N === undefined)).toEqual([]);
});
