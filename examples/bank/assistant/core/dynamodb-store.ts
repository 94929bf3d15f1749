/**
 * Conversations in one DynamoDB table. Partition key `conversation`, sort key `sequence`: item 0 is the conversation
 * itself, the others are its events. Every item ends by its time to live. No token is stored.
 */
import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type ConversationEntry, type ConversationEvent, conversationEvent } from '@leasehold/contract/assistant';
import {
  type Begun,
  type ConversationStore,
  GIVEN_UP,
  MOST_MESSAGES,
  newConversation,
  TURN_SECONDS,
  type Turn,
  TurnLost,
} from './conversation-store';

/** Seconds for which a conversation is kept after its last message. */
const KEPT = 86_400;

type Item = Readonly<Record<string, AttributeValue>>;

export class DynamoDbStore implements ConversationStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  /** @param now Seconds since 1970. */
  constructor(client: DynamoDBClient, table: string, now: () => number = () => Math.floor(Date.now() / 1000)) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async open(owner: string, conversation: string | undefined, connection: string) {
    const id = conversation ?? newConversation();
    const isNew = conversation === undefined;
    const item = await this.#update(id, {
      set: isNew ? { owner: { S: owner }, connection: { S: connection } } : { connection: { S: connection } },
      only: isNew ? 'attribute_not_exists(#owner)' : '#owner = :owner',
      values: isNew ? {} : { ':owner': { S: owner } },
    });
    if (item === undefined) return undefined;
    return { conversation: id, sequence: await this.#last(id), running: this.#isRunning(item) };
  }

  async events(conversation: string, after: number) {
    const events: ConversationEvent[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'conversation = :conversation AND #sequence > :after',
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':conversation': { S: conversation }, ':after': { N: String(after) } },
          ExclusiveStartKey: from,
        }),
      );
      events.push(...Items.map(({ event }) => conversationEvent.parse(JSON.parse(event?.S ?? ''))));
      from = LastEvaluatedKey;
    } while (from !== undefined);
    return events;
  }

  async begin(conversation: string, { id, text }: { readonly id: string; readonly text: string }): Promise<Begun> {
    const turn = randomBytes(16).toString('hex');
    const now = this.#now();
    const before = await this.#read(conversation);
    const item = await this.#update(conversation, {
      set: { turn: { S: turn }, turnUntil: { N: String(now + TURN_SECONDS) }, stopping: { BOOL: false } },
      add: { messages: { SS: [id] } },
      only: [
        '(attribute_not_exists(#turn) OR #turnUntil <= :now)',
        'NOT contains(#messages, :message)',
        '(attribute_not_exists(#messages) OR size(#messages) < :most)',
      ].join(' AND '),
      values: { ':now': { N: String(now) }, ':message': { S: id }, ':most': { N: String(MOST_MESSAGES) } },
    });
    if (item === undefined) {
      const { messages } = await this.#read(conversation);
      if (messages?.SS?.includes(id)) return { kind: 'repeated' };
      return (messages?.SS?.length ?? 0) >= MOST_MESSAGES ? { kind: 'full' } : { kind: 'running' };
    }
    let sequence = await this.#last(conversation);
    // The turn before this one was given up: its holder can write nothing any more, because the numbers are taken.
    if (before.turn !== undefined) sequence = (await this.#put(conversation, sequence, GIVEN_UP)).sequence;
    const event = await this.#put(conversation, sequence, { type: 'said', id, text });
    return { kind: 'begun', turn: { conversation, id: turn, sequence: event.sequence }, event };
  }

  async stop(conversation: string) {
    await this.#update(conversation, {
      set: { stopping: { BOOL: true } },
      only: 'attribute_exists(#turn)',
      values: {},
    });
  }

  async append(turn: Turn, entry: ConversationEntry) {
    const event = await this.#put(turn.conversation, turn.sequence, entry);
    if (entry.type === 'end') {
      await this.#update(turn.conversation, {
        remove: ['turn', 'turnUntil'],
        only: '#turn = :turn',
        values: { ':turn': { S: turn.id } },
      });
    }
    return { turn: { ...turn, sequence: event.sequence }, event };
  }

  async state({ conversation, id }: Turn) {
    const { connection, stopping, turn } = await this.#read(conversation);
    if (turn?.S !== undefined && turn.S !== id) throw new TurnLost();
    return { connection: connection?.S, stopping: stopping?.BOOL === true };
  }

  #isRunning({ turn, turnUntil }: Item): boolean {
    return turn !== undefined && this.#now() < Number(turnUntil?.N);
  }

  async #read(conversation: string): Promise<Item> {
    const { Item = {} } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: key(conversation, 0), ConsistentRead: true }),
    );
    return Item;
  }

  async #last(conversation: string): Promise<number> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'conversation = :conversation',
        ExpressionAttributeValues: { ':conversation': { S: conversation } },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    return Number(Items[0]?.sequence?.N ?? 0);
  }

  /** Writes the event after a sequence. @throws {TurnLost} if there is one already */
  async #put(conversation: string, after: number, entry: ConversationEntry): Promise<ConversationEvent> {
    const event: ConversationEvent = { ...entry, conversation, sequence: after + 1 };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: {
            ...key(conversation, event.sequence),
            event: { S: JSON.stringify(event) },
            expiresAt: { N: String(this.#now() + KEPT) },
          },
          ConditionExpression: 'attribute_not_exists(conversation)',
        }),
      );
    } catch (error) {
      throw error instanceof ConditionalCheckFailedException ? new TurnLost() : error;
    }
    return event;
  }

  /** Changes the conversation itself. @returns its new state; undefined if the condition does not hold */
  async #update(
    conversation: string,
    { set = {}, add = {}, remove = [], only, values }: Change,
  ): Promise<Item | undefined> {
    const kept = { ...set, expiresAt: { N: String(this.#now() + KEPT) } };
    const list = (names: readonly string[], one: (name: string) => string) => names.map(one).join(', ');
    const expression = [
      `SET ${list(Object.keys(kept), (name) => `#${name} = :${name}_`)}`,
      ...(Object.keys(add).length === 0 ? [] : [`ADD ${list(Object.keys(add), (name) => `#${name} :${name}_`)}`]),
      ...(remove.length === 0 ? [] : [`REMOVE ${list(remove, (name) => `#${name}`)}`]),
    ].join(' ');
    const used = [expression, only].join(' ').match(/#\w+/g) ?? [];
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: key(conversation, 0),
          UpdateExpression: expression,
          ConditionExpression: only,
          ExpressionAttributeNames: Object.fromEntries(used.map((name) => [name, name.slice(1)])),
          ExpressionAttributeValues: {
            ...values,
            ...Object.fromEntries(Object.entries({ ...kept, ...add }).map(([name, value]) => [`:${name}_`, value])),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

interface Change {
  readonly set?: Item;
  readonly add?: Item;
  readonly remove?: readonly string[];
  readonly only: string;
  readonly values: Item;
}

function key(conversation: string, sequence: number): Record<string, AttributeValue> {
  return { conversation: { S: conversation }, sequence: { N: String(sequence) } };
}
