/**
 * Which leases of a role stand revoked, in the projections table: partition `revocation#<role>`, one item a slot of the
 * role's tags (`slot#01` on) and one, `shut`, for the whole role. Written before the tag that they stand for, and removed
 * after it, so that no two revocations take one slot and no tag is forgotten.
 */
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import { type Item, readText, readWhole, text, UnreadableItem, whole } from './attributes';
import { unavailable } from './fault';

/** A lease that stands revoked. */
export interface RevokedLease {
  readonly lease: string;
  /** When it ends by itself, in seconds since 1970. */
  readonly until: number;
}

/** What stands of a role. */
export interface Standing {
  /** By slot, from 1 on. */
  readonly slots: ReadonlyMap<number, RevokedLease>;
  /** Until when the role is shut, in seconds since 1970. */
  readonly shutUntil?: number;
}

/** A record of a role: a slot, from 1 on, or that the role is shut. */
export type RevocationKey = number | 'shut';

/** The right to remove a record. */
export interface Claim {
  readonly role: string;
  readonly place: RevocationKey;
  readonly until: number;
  readonly by: string;
}

/** Seconds after which a claim is taken for that of a pruning that died. */
const CLAIM_LASTS = 60;
const SHUT = 'shut';
const SLOT = /^slot#(\d{2})$/;

/** The records of all roles. */
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

  /** Takes a slot for a lease. @returns whether it is the lease's now @throws {Unavailable} */
  async take(role: string, slot: number, { lease, until }: RevokedLease): Promise<boolean> {
    const key = keyOf(role, sortKey(slot));
    const refused = await unlessRefused('dynamodb:PutItem', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...key, lease: text(lease), until: whole(until) },
          // Or that of the very same: the answer was lost, and the SDK asked again.
          ConditionExpression: 'attribute_not_exists(#pk) OR (#lease = :lease AND #until = :until)',
          ExpressionAttributeNames: { '#pk': 'pk', '#lease': 'lease', '#until': 'until' },
          ExpressionAttributeValues: { ':lease': text(lease), ':until': whole(until) },
        }),
      ),
    );
    return !refused;
  }

  /** Shuts a role until a time, or leaves it shut for longer. @returns until when @throws {Unavailable} */
  async shut(role: string, until: number): Promise<number> {
    const refused = await unlessRefused('dynamodb:UpdateItem', () =>
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
   * Claims the removal of a record that is over, so that of several prunings one removes it, and only what it looked at.
   * @returns what {@link remove} wants; `undefined` where it is another's, or has changed @throws {Unavailable}
   */
  async claim(role: string, place: RevocationKey, until: number, now: number): Promise<Claim | undefined> {
    const claim = { role, place, until, by: randomUUID() };
    const refused = await unlessRefused('dynamodb:UpdateItem', () =>
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

  /** Removes a record that was claimed. @returns whether it is gone, and was not changed since @throws {Unavailable} */
  async remove({ role, place, until, by }: Claim): Promise<boolean> {
    const refused = await unlessRefused('dynamodb:DeleteItem', () =>
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

async function called<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(call, error);
  }
}

/** @returns whether the condition was not met, so that nothing was changed */
function unlessRefused(call: string, work: () => Promise<unknown>): Promise<boolean> {
  return called(call, () =>
    work().then(
      () => false,
      (error) => {
        if (error instanceof ConditionalCheckFailedException) return true;
        throw error;
      },
    ),
  );
}
