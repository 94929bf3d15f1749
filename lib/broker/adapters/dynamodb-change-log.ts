/**
 * Stores the changes that administrators made to principals in the events table, to which the function can only add
 * items. Each change is one item in the partition `principal#<name>`, which cannot be a lease id. Like every item with
 * an `outcome`, each change is published on the event bus.
 */

import { randomInt, randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { append } from '@leasehold/contract/any-length';
import { assertion } from '@leasehold/contract/consent';
import * as z from 'zod';
import { canonicalJson, type Json } from '../canonical';
import { type ChangeLog, type PrincipalChange, type RecordedChanges, Unavailable } from '../ports';
import { type Item, readText, readWhole, text, UnreadableItem, whole } from './attributes';
import { unavailable } from './fault';
import { sealed } from './lease-item';
import type { RecordSeal } from './record-seal';

const PUT = 'dynamodb:PutItem';
const QUERY = 'dynamodb:Query';
/** Maximum number of changes of one principal in one second. Each change gets its own number. */
const IN_A_SECOND = 1000;
const MOST_TRIES = 5;

/** {@link ChangeLog} in the events table. */
export class DynamoDbChangeLog implements ChangeLog {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #seal: RecordSeal;

  constructor(client: DynamoDBClient, table: string, seal: RecordSeal) {
    this.#client = client;
    this.#table = table;
    this.#seal = seal;
  }

  async record(change: PrincipalChange): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) if (await this.#put(change)) return;
    throw new Unavailable(PUT);
  }

  async read(principal: string, limit: number): Promise<RecordedChanges> {
    const items: Item[] = [];
    try {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#lease = :lease',
          ExpressionAttributeNames: { '#lease': 'lease' },
          ExpressionAttributeValues: { ':lease': text(partitionOf(principal)) },
          ScanIndexForward: false,
          Limit: limit + 1,
        },
      );
      for await (const { Items: page = [] } of pages) {
        append(items, page);
        if (items.length > limit) break;
      }
    } catch (error) {
      throw unavailable(QUERY, error);
    }
    const changes = await Promise.all(items.slice(0, limit).map((item) => this.#read(principal, item)));
    return { changes, more: items.length > limit };
  }

  /** If an item cannot be read as a change, it is listed as a change that the broker's function did not write. */
  async #read(principal: string, item: Item): Promise<RecordedChanges['changes'][number]> {
    const change = changeIn(item);
    if (change === undefined) return { ...UNREADABLE, principal, authentic: false };
    const { changedAt } = change.after;
    const own = change.principal === principal && Math.floor(readWhole(item, 'sequence') / IN_A_SECOND) === changedAt;
    return { ...change, authentic: own && (await this.#seal.holds(changedAt, sealed(item), item.mac?.S)) };
  }

  /** @returns whether the item was written. False if the item's number is already used by another change. */
  async #put(change: PrincipalChange): Promise<boolean> {
    const { principal, after, opens } = change;
    const unsealed = {
      lease: text(partitionOf(principal)),
      sequence: whole(after.changedAt * IN_A_SECOND + randomInt(IN_A_SECOND)),
      events: text(canonicalJson(change as unknown as Json)),
      writer: text(randomUUID()),
      at: whole(after.changedAt),
      state: text('changed'),
      outcome: text(opens.length > 0 ? 'groups-given' : 'principal-changed'),
      roleName: text(opens.join(' ')),
      requesterName: text(principal),
    };
    try {
      const mac = await this.#seal.seal(after.changedAt, sealed(unsealed));
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...unsealed, mac: text(mac) },
          ConditionExpression: 'attribute_not_exists(#lease)',
          ExpressionAttributeNames: { '#lease': 'lease' },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error instanceof Unavailable ? error : unavailable(PUT, error);
    }
  }
}

function partitionOf(principal: string): string {
  return `principal#${principal}`;
}

/** Reads the change from an item. Returns undefined for an item that is not a change. */
function changeIn(item: Item): PrincipalChange | undefined {
  try {
    readWhole(item, 'sequence');
    const read = changeSchema.safeParse(JSON.parse(readText(item, 'events')));
    return read.success ? read.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof UnreadableItem) return undefined;
    throw error;
  }
}

const said = { policy: z.string(), groups: z.array(z.string()) };
const changeSchema = z.strictObject({
  principal: z.string(),
  before: z.strictObject(said),
  after: z.strictObject({ ...said, version: z.int(), changedBy: z.string(), changedAt: z.int() }),
  opens: z.array(z.string()),
  assertion: assertion.exactOptional(),
});

const UNREADABLE: Omit<PrincipalChange, 'principal'> = {
  before: { policy: '', groups: [] },
  after: { policy: '', groups: [], version: 0, changedBy: '(unreadable)', changedAt: 0 },
  opens: [],
};
