/**
 * Stores batches of events as items in the events table, each with a MAC. A batch is written only if no item has its
 * key yet. The function has only the permissions `PutItem` and `Query` on this table, so it cannot change recorded
 * events.
 */

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { append } from '@leasehold/contract/any-length';
import type { LeaseEvent } from '../lease/event';
import { Unauthentic } from '../lease/fault';
import { type Item, readWhole, text, whole } from './attributes';
import { unavailable } from './fault';
import { itemEvents, sealed } from './lease-item';
import type { RecordSeal } from './record-seal';

const PUT = 'dynamodb:PutItem';
const QUERY = 'dynamodb:Query';

/** The records of one table. */
export class SealedEvents {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #seal: RecordSeal;

  constructor(client: DynamoDBClient, table: string, seal: RecordSeal) {
    this.#client = client;
    this.#table = table;
    this.#seal = seal;
  }

  /** All events of a record. @throws {LeaseFault} `malformed`; `Unauthentic`; {@link Unavailable} */
  async read(record: string): Promise<readonly LeaseEvent[]> {
    const items: Item[] = [];
    try {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#lease = :lease',
          ExpressionAttributeNames: { '#lease': 'lease' },
          ExpressionAttributeValues: { ':lease': text(record) },
        },
      );
      for await (const { Items: page = [] } of pages) append(items, page);
    } catch (error) {
      throw unavailable(QUERY, error);
    }
    const batches = items.map((item) => ({ item, events: itemEvents(item) }));
    const others: number[] = [];
    for (const { item, events } of batches) {
      const [first] = events;
      const at = first?.at ?? 0;
      if (!(await this.#seal.holds(at, sealed(item), item.mac?.S)))
        append(
          others,
          events.map(({ sequence }) => sequence),
        );
    }
    const events = batches.flatMap((batch) => batch.events);
    if (others.length > 0) throw new Unauthentic(events, others);
    return events;
  }

  /** Writes a batch. A lost response to this call is not reported as a conflict. @throws {Unavailable} */
  async append(unsealed: Record<string, AttributeValue>): Promise<'appended' | 'conflict'> {
    const mac = await this.#seal.seal(readWhole(unsealed, 'at'), sealed(unsealed));
    const item = { ...unsealed, mac: text(mac) };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: item,
          ConditionExpression: 'attribute_not_exists(#lease)',
          ExpressionAttributeNames: { '#lease': 'lease' },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'appended';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(PUT, error);
      // Some servers do not support this return value and report only that an item exists.
      const stored = error.Item ?? (await this.#stored(item));
      return isSame(stored, item) ? 'appended' : 'conflict';
    }
  }

  /** Reads the item that already exists under this key. */
  async #stored({ lease, sequence }: Record<string, AttributeValue>): Promise<Item | undefined> {
    try {
      const { Items: items = [] } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#lease = :lease AND #sequence = :sequence',
          ExpressionAttributeNames: { '#lease': 'lease', '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':lease': lease ?? text(''), ':sequence': sequence ?? whole(0) },
        }),
      );
      return items[0];
    } catch (error) {
      throw unavailable(QUERY, error);
    }
  }
}

/** Whether the same append already wrote the item, and its response was lost. */
function isSame(stored: Item | undefined, item: Item): boolean {
  return stored !== undefined && ['writer', 'events'].every((name) => stored[name]?.S === item[name]?.S);
}
