/**
 * Stores what the revocation policy denies, in the projections table: partition `denials`, with one item for each lease
 * (`lease#<id>`) and for each role (`role#<name>`). A record is written before the policy and removed after it. So if
 * the policy was never written for a revocation, the next pruning run completes the revocation.
 */

import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { type Item, readText, readWhole, text, UnreadableItem, whole } from './attributes';
import { called, isRefused } from './conditional-write';

/** A denied lease, or a role whose sessions are all denied. */
export interface Denial {
  /** Id of the lease. `undefined` if every session of the role is denied. */
  readonly lease?: string;
  /** Name of the role. `undefined` for a lease whose role is unknown. */
  readonly role?: string;
  /** Time at which the leases blocked by this denial end, in seconds since 1970. */
  readonly until: number;
}

/** The recorded denials. */
export class DenialRecords {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @throws {Unavailable} */
  async all(): Promise<readonly Denial[]> {
    const found: Denial[] = [];
    await called('dynamodb:Query', async () => {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':pk': PARTITION },
        },
      );
      for await (const { Items: items = [] } of pages) append(found, items.map(denialOf));
    });
    return found;
  }

  /** Records a denial, unless its record already ends later. @throws {Unavailable} */
  async add(denial: Denial): Promise<void> {
    const { role, until } = denial;
    await isRefused('dynamodb:UpdateItem', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(denial),
          UpdateExpression: role === undefined ? 'SET #until = :until' : 'SET #until = :until, #role = :role',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
          ExpressionAttributeNames: { '#until': 'until', ...(role === undefined ? {} : { '#role': 'role' }) },
          ExpressionAttributeValues: { ':until': whole(until), ...(role === undefined ? {} : { ':role': text(role) }) },
        }),
      ),
    );
  }

  /** Removes a denial, unless it was extended in the meantime. @throws {Unavailable} */
  async remove(denial: Denial): Promise<void> {
    await isRefused('dynamodb:DeleteItem', () =>
      this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: keyOf(denial),
          ConditionExpression: 'attribute_not_exists(#until) OR #until = :until',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':until': whole(denial.until) },
        }),
      ),
    );
  }
}

const PARTITION = text('denials');
const LEASE = 'lease#';
const ROLE = 'role#';

function keyOf({ lease, role = '' }: Denial): Record<string, AttributeValue> {
  return { pk: PARTITION, sk: text(lease === undefined ? `${ROLE}${role}` : `${LEASE}${lease}`) };
}

function denialOf(item: Item): Denial {
  const sk = readText(item, 'sk');
  const until = readWhole(item, 'until');
  if (sk.startsWith(ROLE)) return { role: sk.slice(ROLE.length), until };
  if (!sk.startsWith(LEASE)) throw new UnreadableItem('sk');
  return { lease: sk.slice(LEASE.length), until, ...defined({ role: item.role?.S }) };
}
