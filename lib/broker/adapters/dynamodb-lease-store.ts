/** The log of all leases in DynamoDB: {@link SealedEvents}, and the indexes for listing leases. */
import { randomUUID } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import type { LeaseEvent } from '../lease/event';
import type { FoldedLease } from '../lease/fold';
import type { LeaseQuery, LeaseStore } from '../ports';
import { type Item, readText, readWhole, text, whole } from './attributes';
import { unavailable } from './fault';
import { leaseItem, SHARDS, shardKey } from './lease-item';
import { type Cursor, mergeShards, pageToken, readPageToken, type ShardRead } from './lease-page';
import type { RecordSeal } from './record-seal';
import { SealedEvents } from './sealed-events';

const QUERY = 'dynamodb:Query';

/** {@link LeaseStore} in one table. */
export class DynamoDbLeaseStore implements LeaseStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  readonly #events: SealedEvents;

  constructor(client: DynamoDBClient, table: string, seal: RecordSeal) {
    this.#client = client;
    this.#table = table;
    this.#events = new SealedEvents(client, table, seal);
  }

  read(lease: string): Promise<readonly LeaseEvent[]> {
    return this.#events.read(lease);
  }

  async append(events: readonly LeaseEvent[], after: FoldedLease): Promise<'appended' | 'conflict'> {
    return this.#events.append(leaseItem(events, after, randomUUID()));
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

  /** Reads up to one page of leases from one partition of an index, beginning at a cursor. */
  async #shard(index: string, key: string, { since, limit, from }: ShardQuery): Promise<ShardRead> {
    // A cursor older than `since` is past the end of the list. DynamoDB rejects a start key outside the queried range.
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

/** The index for a query, and the partitions of the index that contain the answer. */
function partitionsOf(by: LeaseQuery['by']): { readonly index: string; readonly keys: readonly string[] } {
  const sharded = (value: string) => Array.from({ length: SHARDS }, (_, shard) => shardKey(value, shard));
  if ('requester' in by) return { index: 'requester', keys: [by.requester] };
  return 'role' in by ? { index: 'role', keys: sharded(by.role) } : { index: 'open', keys: sharded('open') };
}

/** The partition is taken from the query. Only the lease and the time are taken from the token. */
function startKey(index: string, key: string, from: Exclude<Cursor, string>): Record<string, AttributeValue> {
  return { [index]: text(key), at: whole(from.at), lease: text(from.lease), sequence: whole(from.sequence) };
}

function placeOf(item: Item) {
  return { at: readWhole(item, 'at'), lease: readText(item, 'lease'), sequence: readWhole(item, 'sequence') };
}
