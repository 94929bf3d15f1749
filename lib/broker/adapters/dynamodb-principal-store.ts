/**
 * Stores principals and their budgets in the projections table. Each principal has one item, `principal#<name>`, with
 * both, so that a single call counts a request and returns the principal's permissions. The partition `principals`
 * lists only the names of principals that were ever changed, so that there is no second copy of their settings.
 */

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { type Counted, countName, principalKey } from '@leasehold/documents';
import { inBatches } from '../batches';
import type { Json } from '../canonical';
import type { Account, PrincipalStore, Spent, StoredPrincipal } from '../ports';
import { type Item, keyOf, readText, readTexts, readWhole, text, UnreadableItem, whole } from './attributes';
import { unavailable } from './fault';
import type { RecordSeal } from './record-seal';
import { type CountChange, countUpdate, leftBehind, recentlyOver, spentIn, type Windows } from './spending';

const GET = 'dynamodb:GetItem';
const PUT = 'dynamodb:PutItem';
const QUERY = 'dynamodb:Query';
const UPDATE = 'dynamodb:UpdateItem';

/** Partition key for the list of names. */
const NAMES = 'principals';
/** Maximum number of principals read in parallel. */
const AT_ONCE = 25;
/**
 * Maximum number of expired counts that may remain in an item; they take a few hundred bytes. If an item has more
 * expired counts, a separate call removes them.
 */
const MOST_LEFT = 16;

/** A {@link PrincipalStore} that uses the projections table. */
export class DynamoDbPrincipalStore implements PrincipalStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #windows: Windows;

  readonly #seal: RecordSeal;

  /** @param windows Length of each budget's window in seconds. */
  constructor(client: DynamoDBClient, table: string, windows: Windows, seal: RecordSeal) {
    this.#client = client;
    this.#table = table;
    this.#windows = windows;
    this.#seal = seal;
  }

  /** If the response is lost and the SDK repeats the call, the request is counted twice. */
  async spend(principal: string, what: Counted, now: number): Promise<Account> {
    const [add, remove] = [countName(what, this.#windows[what], now), recentlyOver(this.#windows, now)];
    const item = await this.#update(principal, { add, remove });
    const old = leftBehind(item, this.#windows, now);
    if (old.length > MOST_LEFT) await this.#forget(principal, old);
    return this.#accountIn(principal, item, now);
  }

  async #accountIn(principal: string, item: Item, now: number): Promise<Account> {
    const stored = await this.#believed(principal, item);
    return {
      requests: spentIn(item, 'requests', this.#windows, now),
      denials: spentIn(item, 'denials', this.#windows, now),
      ...defined({ stored }),
    };
  }

  async account(principal: string, now: number): Promise<Account> {
    return this.#accountIn(principal, (await this.#item(principal)) ?? {}, now);
  }

  async reserve(principal: string, what: Counted, now: number, most: number): Promise<Spent | undefined> {
    if (most < 1) return undefined;
    const change = { add: countName(what, this.#windows[what], now), most, remove: [] };
    const item = await this.#updateWhere(principal, change);
    return item && spentIn(item, what, this.#windows, now);
  }

  async giveBack(principal: string, what: Counted, now: number): Promise<void> {
    await this.#updateWhere(principal, { takeBack: countName(what, this.#windows[what], now), remove: [] });
  }

  async all(): Promise<Readonly<Record<string, StoredPrincipal>>> {
    const read = await inBatches(await this.#names(), AT_ONCE, async (name) => [name, await this.get(name)] as const);
    return Object.fromEntries(read.flatMap(([name, stored]) => (stored === undefined ? [] : [[name, stored]])));
  }

  async get(principal: string): Promise<StoredPrincipal | undefined> {
    const item = await this.#item(principal);
    return item === undefined ? undefined : this.#believed(principal, item);
  }

  async put(principal: string, value: StoredPrincipal): Promise<'stored' | 'conflict'> {
    // The name is written first. A name without a principal is skipped, but a principal without a name would never be
    // listed.
    await this.#list(principal);
    try {
      const mac = await this.#seal.seal(value.changedAt, sealed(principal, value));
      await this.#client.send(new UpdateItemCommand(this.#replace(principal, value, mac)));
      return 'stored';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(UPDATE, error);
      const stored = error.Item === undefined ? await this.get(principal) : readStored(error.Item);
      return isSame(stored, value) ? 'stored' : 'conflict';
    }
  }

  /**
   * The settings that administrators wrote, if the broker's function stored them.
   * @throws {UnreadableItem} if another AWS principal stored them
   */
  async #believed(principal: string, item: Item): Promise<StoredPrincipal | undefined> {
    const stored = readStored(item);
    if (stored === undefined) return undefined;
    if (await this.#seal.holds(stored.changedAt, sealed(principal, stored), item.mac?.S)) return stored;
    throw new UnreadableItem('mac');
  }

  #replace(principal: string, value: StoredPrincipal, mac: string) {
    const { policy, groups, version, changedBy, changedAt } = value;
    const first = version === 1;
    return {
      TableName: this.#table,
      Key: keyOf(principalKey(principal)),
      UpdateExpression:
        'SET #policy = :policy, #groups = :groups, #version = :version, #changedBy = :changedBy, #changedAt = :changedAt, #mac = :mac',
      ConditionExpression: first ? 'attribute_not_exists(#version)' : '#version = :before',
      ExpressionAttributeNames: {
        '#policy': 'policy',
        '#groups': 'groups',
        '#version': 'version',
        '#changedBy': 'changedBy',
        '#changedAt': 'changedAt',
        '#mac': 'mac',
      },
      ExpressionAttributeValues: {
        ':policy': text(policy),
        ':groups': { L: groups.map(text) },
        ':version': whole(version),
        ':changedBy': text(changedBy),
        ':changedAt': whole(changedAt),
        ':mac': text(mac),
        ...(first ? {} : { ':before': whole(version - 1) }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  async #item(principal: string): Promise<Item | undefined> {
    try {
      const get = new GetItemCommand({
        TableName: this.#table,
        Key: keyOf(principalKey(principal)),
        ConsistentRead: true,
      });
      return (await this.#client.send(get)).Item;
    } catch (error) {
      throw unavailable(GET, error);
    }
  }

  async #list(principal: string): Promise<void> {
    try {
      const item = { pk: text(NAMES), sk: text(principal) };
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: item }));
    } catch (error) {
      throw unavailable(PUT, error);
    }
  }

  async #names(): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :names',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':names': text(NAMES) },
        },
      );
      for await (const { Items: items = [] } of pages)
        append(
          names,
          items.map((item) => readText(item, 'sk')),
        );
    } catch (error) {
      throw unavailable(QUERY, error);
    }
    return names;
  }

  /** Removes expired counts from an item. A failure is ignored, because the next `spend` tries again. */
  async #forget(principal: string, names: readonly string[]): Promise<void> {
    await this.#update(principal, { remove: names.slice(0, 100) }).catch(() => undefined);
  }

  async #update(principal: string, change: CountChange): Promise<Item> {
    return (await this.#updateWhere(principal, change)) ?? {};
  }

  /** @returns undefined if the condition of the change was not met */
  async #updateWhere(principal: string, change: CountChange): Promise<Item | undefined> {
    try {
      const { Attributes: item = {} } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(principalKey(principal)),
          ...countUpdate(change),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return item;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw unavailable(UPDATE, error);
    }
  }
}

/**
 * Reads the settings that administrators wrote. Returns undefined for an item that contains only counts.
 * @throws {UnreadableItem}
 */
function readStored(item: Item): StoredPrincipal | undefined {
  if (item.version === undefined) return undefined;
  return {
    policy: readText(item, 'policy'),
    groups: readTexts(item, 'groups'),
    version: readWhole(item, 'version'),
    changedBy: readText(item, 'changedBy'),
    changedAt: readWhole(item, 'changedAt'),
  };
}

/** The values that the MAC of a principal covers. */
function sealed(principal: string, { policy, groups, version, changedBy, changedAt }: StoredPrincipal): Json {
  return ['principal', principal, policy, groups, version, changedBy, changedAt];
}

/** Whether the stored value equals the new value. If so, the write succeeded and its response was lost. */
function isSame(stored: StoredPrincipal | undefined, value: StoredPrincipal): boolean {
  return (
    stored !== undefined &&
    stored.version === value.version &&
    stored.policy === value.policy &&
    stored.changedBy === value.changedBy &&
    stored.changedAt === value.changedAt &&
    stored.groups.join() === value.groups.join()
  );
}
