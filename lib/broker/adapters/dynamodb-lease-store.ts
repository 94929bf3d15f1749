/**
 * The log of all leases in DynamoDB. Each batch of events is one item, which is only written where no item exists. The
 * function has `PutItem` and `Query` on this table and no other permission, so that it cannot change what is recorded.
 */
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import type { LeaseEvent } from '../lease/event';
import { Unauthentic } from '../lease/fault';
import type { FoldedLease } from '../lease/fold';
import type { LeaseQuery, LeaseStore } from '../ports';
import { type Item, readText, readWhole, text, whole } from './attributes';
import { unavailable } from './fault';
import { itemEvents, leaseItem, SHARDS, sealed, shardKey } from './lease-item';
import { type Cursor, mergeShards, pageToken, readPageToken, type ShardRead } from './lease-page';
import type { RecordSeal } from './record-seal';

const PUT = 'dynamodb:PutItem';
const QUERY = 'dynamodb:Query';

/** {@link LeaseStore} in one table. */
export class DynamoDbLeaseStore implements LeaseStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  readonly #seal: RecordSeal;

  constructor(client: DynamoDBClient, table: string, seal: RecordSeal) {
    this.#client = client;
    this.#table = table;
    this.#seal = seal;
  }

  async read(lease: string): Promise<readonly LeaseEvent[]> {
    const items: Item[] = [];
    try {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#lease = :lease',
          ExpressionAttributeNames: { '#lease': 'lease' },
          ExpressionAttributeValues: { ':lease': text(lease) },
        },
      );
      for await (const { Items: page = [] } of pages) items.push(...page);
    } catch (error) {
      throw unavailable(QUERY, error);
    }
    const batches = items.map((item) => ({ item, events: itemEvents(item) }));
    const others: number[] = [];
    for (const { item, events } of batches) {
      const [first] = events;
      const at = first?.at ?? 0;
      if (!(await this.#seal.holds(at, sealed(item), item.mac?.S)))
        others.push(...events.map(({ sequence }) => sequence));
    }
    const events = batches.flatMap((batch) => batch.events);
    if (others.length > 0) throw new Unauthentic(events, others);
    return events;
  }

  async append(events: readonly LeaseEvent[], after: FoldedLease): Promise<'appended' | 'conflict'> {
    const unsealed = leaseItem(events, after, randomUUID());
    const mac = await this.#seal.seal(events[0]?.at ?? 0, sealed(unsealed));
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
      // Servers that do not support this return value report only that an item exists.
      const stored = error.Item ?? (await this.#stored(item));
      return isSame(stored, item) ? 'appended' : 'conflict';
    }
  }

  async list({ by, since, limit, next }: LeaseQuery): Promise<{ leases: readonly string[]; next?: string }> {
    const { index, keys } = partitionsOf(by);
    const list = `${index} ${keys.join(' ')}`;
    const cursors = readPageToken(next, list, keys.length);
    const shards = await Promise.all(
      keys.map((key, shard) => this.#shard(index, key, { since, limit, from: cursors[shard] ?? 'begin' })),
    );
    const page = mergeShards(shards, limit);
    return { leases: page.leases, ...defined({ next: page.cursors && pageToken(list, page.cursors) }) };
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

  /** Reads up to one page of leases from one partition of an index, starting at a cursor. */
  async #shard(index: string, key: string, { since, limit, from }: ShardQuery): Promise<ShardRead> {
    // A cursor older than `since` is past the end of the list, and DynamoDB rejects a start key outside the queried
    // range.
    if (from === 'end' || (from !== 'begin' && from.at < since)) return { from, found: [], more: false };
    const start = from === 'begin' ? {} : { ExclusiveStartKey: startKey(index, key, from) };
    try {
      const { Items: items = [], LastEvaluatedKey: last } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: index,
          KeyConditionExpression: '#key = :key AND #at >= :since',
          ExpressionAttributeNames: { '#key': index, '#at': 'at' },
          ExpressionAttributeValues: { ':key': text(key), ':since': whole(since) },
          ScanIndexForward: false,
          Limit: limit,
          ...start,
        }),
      );
      return { from, found: items.map(placeOf), more: last !== undefined };
    } catch (error) {
      throw unavailable(QUERY, error);
    }
  }
}

interface ShardQuery {
  readonly since: number;
  readonly limit: number;
  readonly from: Cursor;
}

/** The index of a query, and the partitions of the index that contain the answer. */
function partitionsOf(by: LeaseQuery['by']): { readonly index: string; readonly keys: readonly string[] } {
  const sharded = (value: string) => Array.from({ length: SHARDS }, (_, shard) => shardKey(value, shard));
  if ('requester' in by) return { index: 'requester', keys: [by.requester] };
  return 'role' in by ? { index: 'role', keys: sharded(by.role) } : { index: 'open', keys: sharded('open') };
}

/** The partition comes from the query. Only the lease and the time come from the token. */
function startKey(index: string, key: string, from: Exclude<Cursor, string>): Record<string, AttributeValue> {
  return { [index]: text(key), at: whole(from.at), lease: text(from.lease), sequence: whole(from.sequence) };
}

function placeOf(item: Item) {
  return { at: readWhole(item, 'at'), lease: readText(item, 'lease'), sequence: readWhole(item, 'sequence') };
}

/** Whether this same append already wrote the item and its response was lost. */
function isSame(stored: Item | undefined, item: Item): boolean {
  return stored !== undefined && ['writer', 'events'].every((name) => stored[name]?.S === item[name]?.S);
}
