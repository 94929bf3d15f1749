/**
 * Stores the revoked leases of each role in the projections table: partition `revocation#<role>`, with one item for
 * each slot of the role's tags (from `slot#01`) and one item, `shut`, for the whole role. A record is written before
 * its tag and removed after it, so that two revocations never take the same slot and no tag is forgotten.
 */
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import { type Item, readText, readWhole, text, UnreadableItem, whole } from './attributes';
import { called, isRefused } from './conditional-write';

/** A revoked lease. */
export interface RevokedLease {
  readonly lease: string;
  /** Time at which the lease expires, in seconds since 1970. */
  readonly until: number;
}

/** The current revocations of a role. */
export interface Standing {
  /** By slot, from 1. */
  readonly slots: ReadonlyMap<number, RevokedLease>;
  /** Time at which the block of the whole role ends, in seconds since 1970. */
  readonly shutUntil?: number;
}

/** Identifies a record of a role: a slot number (1 or higher), or `shut` for the whole role. */
export type RevocationKey = number | 'shut';

/** The right to remove a record. */
export interface Claim {
  readonly role: string;
  readonly place: RevocationKey;
  readonly until: number;
  readonly by: string;
}

/** Seconds after which a claim counts as abandoned, because the pruning run that made the claim must have failed. */
const CLAIM_LASTS = 60;
const SHUT = 'shut';
const SLOT = /^slot#(\d{2})$/;

/** The revocation records of all roles. */
export class RevocationRecords {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @throws {Unavailable} */
  async standing(role: string): Promise<Standing> {
    const slots = new Map<number, RevokedLease>();
    let shutUntil: number | undefined;
    await called('dynamodb:Query', async () => {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :role',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':role': text(partitionOf(role)) },
        },
      );
      for await (const { Items: items = [] } of pages) {
        for (const item of items) {
          if (item.sk?.S === SHUT) shutUntil = readWhole(item, 'until');
          else slots.set(slotOf(item), { lease: readText(item, 'lease'), until: readWhole(item, 'until') });
        }
      }
    });
    return { slots, ...defined({ shutUntil }) };
  }

  /** Reserves a slot for a lease. @returns whether the lease now has the slot @throws {Unavailable} */
  async take(role: string, slot: number, { lease, until }: RevokedLease): Promise<boolean> {
    const key = keyOf(role, sortKey(slot));
    const refused = await isRefused('dynamodb:PutItem', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...key, lease: text(lease), until: whole(until) },
          // The condition is also met by an identical record. In that case the SDK repeated a call whose response was
          // lost.
          ConditionExpression: 'attribute_not_exists(#pk) OR (#lease = :lease AND #until = :until)',
          ExpressionAttributeNames: { '#pk': 'pk', '#lease': 'lease', '#until': 'until' },
          ExpressionAttributeValues: { ':lease': text(lease), ':until': whole(until) },
        }),
      ),
    );
    return !refused;
  }

  /**
   * Blocks a role until the given time. A longer existing block is kept.
   * @returns when the block ends
   * @throws {Unavailable}
   */
  async shut(role: string, until: number): Promise<number> {
    const refused = await isRefused('dynamodb:UpdateItem', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(role, SHUT),
          UpdateExpression: 'SET #until = :until',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':until': whole(until) },
        }),
      ),
    );
    return refused ? ((await this.standing(role)).shutUntil ?? until) : until;
  }

  /**
   * Claims the removal of an expired record. So only one of several pruning runs removes the record, and only in the
   * state that the run checked.
   * @returns the argument for {@link remove}. `undefined` if another run has the claim, or if the record changed.
   * @throws {Unavailable}
   */
  async claim(role: string, place: RevocationKey, until: number, now: number): Promise<Claim | undefined> {
    const claim = { role, place, until, by: randomUUID() };
    const refused = await isRefused('dynamodb:UpdateItem', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(role, sortKey(place)),
          UpdateExpression: 'SET #claimedBy = :by, #claimedAt = :now',
          ConditionExpression:
            '#until = :until AND (attribute_not_exists(#claimedBy) OR #claimedBy = :by OR #claimedAt <= :left)',
          ExpressionAttributeNames: { '#until': 'until', '#claimedBy': 'claimedBy', '#claimedAt': 'claimedAt' },
          ExpressionAttributeValues: {
            ':until': whole(until),
            ':by': text(claim.by),
            ':now': whole(now),
            ':left': whole(now - CLAIM_LASTS),
          },
        }),
      ),
    );
    return refused ? undefined : claim;
  }

  /**
   * Removes a claimed record.
   * @returns whether the record was removed. False if the record changed after the claim.
   * @throws {Unavailable}
   */
  async remove({ role, place, until, by }: Claim): Promise<boolean> {
    const refused = await isRefused('dynamodb:DeleteItem', () =>
      this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: keyOf(role, sortKey(place)),
          ConditionExpression: 'attribute_not_exists(#until) OR (#until = :until AND #claimedBy = :by)',
          ExpressionAttributeNames: { '#until': 'until', '#claimedBy': 'claimedBy' },
          ExpressionAttributeValues: { ':until': whole(until), ':by': text(by) },
        }),
      ),
    );
    return !refused;
  }
}

function partitionOf(role: string): string {
  return `revocation#${role}`;
}

function keyOf(role: string, sk: string): Record<string, AttributeValue> {
  return { pk: text(partitionOf(role)), sk: text(sk) };
}

function sortKey(place: RevocationKey): string {
  return place === SHUT ? SHUT : `slot#${String(place).padStart(2, '0')}`;
}

function slotOf(item: Item): number {
  const slot = SLOT.exec(readText(item, 'sk'))?.[1];
  if (slot === undefined) throw new UnreadableItem('sk');
  return Number(slot);
}
