/** Stores the health of the function in one item of the projections table. */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { HEALTH_ATTRIBUTES, HEALTH_KEY, QUESTION_SECONDS } from '@leasehold/documents';
import type { HealthStore, Heartbeat } from '../ports';
import { type Item, keyOf, text, whole } from './attributes';
import { unavailable } from './fault';

const UPDATE = 'dynamodb:UpdateItem';
const { at, completeAt, askedAt, target, result } = HEALTH_ATTRIBUTES;

/** {@link HealthStore} in the projections table. */
export class DynamoDbHealthStore implements HealthStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async beat({ now, isComplete, target: reviewer }: Heartbeat): Promise<boolean> {
    const item = await this.#update({ set: { [at]: whole(now), ...(isComplete ? { [completeAt]: whole(now) } : {}) } });
    if (reviewer === undefined || !isDue(item, now, reviewer)) return false;
    // The attribute is compared with the value that was read, so that only one of several concurrent sweeps asks. The
    // earlier result is removed first: an interrupted question counts as unanswered.
    const begun = await this.#update({
      set: { [askedAt]: whole(now), [target]: text(reviewer) },
      remove: [result],
      unchanged: [askedAt, item?.[askedAt]],
    });
    return begun !== undefined;
  }

  async answered(what: Parameters<HealthStore['answered']>[0]): Promise<void> {
    await this.#update({ set: { [result]: text(what) } });
  }

  /** @returns the item afterwards; `undefined` if the condition is not met */
  async #update({ set, remove = [], unchanged }: Change): Promise<Item | undefined> {
    const names = [...Object.keys(set), ...remove, ...(unchanged === undefined ? [] : [unchanged[0]])];
    const assigned = Object.keys(set).map((name) => `#${name} = :${name}`);
    const removed = remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}`;
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(HEALTH_KEY),
          UpdateExpression: `SET ${assigned.join(', ')}${removed}`,
          ...(unchanged === undefined
            ? {}
            : {
                ConditionExpression:
                  unchanged[1] === undefined ? `attribute_not_exists(#${unchanged[0]})` : `#${unchanged[0]} = :before`,
              }),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
            ...(unchanged?.[1] === undefined ? {} : { ':before': unchanged[1] }),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw unavailable(UPDATE, error);
    }
  }
}

interface Change {
  readonly set: Item;
  readonly remove?: readonly string[];
  /** An attribute that must still have this value. */
  readonly unchanged?: readonly [name: string, value: Item[string] | undefined];
}

/** Whether the last question is too old, is in the future, or was put to another reviewer. */
function isDue(item: Item | undefined, now: number, reviewer: string): boolean {
  const asked = Number(item?.[askedAt]?.N ?? Number.NaN);
  return !(asked <= now && now - asked < QUESTION_SECONDS) || item?.[target]?.S !== reviewer;
}
