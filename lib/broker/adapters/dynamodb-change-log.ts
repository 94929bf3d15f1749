/**
 * What administrators changed of principals, in the table of the events, to which the function can only add: partition
 * `principal#<name>`, which no lease's id can be, one item a change. As any item with an `outcome` it is told on the bus.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { canonicalJson, type Json } from '../canonical';
import { type ChangeLog, type PrincipalChange, Unavailable } from '../ports';
import { text, whole } from './attributes';
import { unavailable } from './fault';
import { sealed } from './lease-item';
import type { RecordSeal } from './record-seal';

const PUT = 'dynamodb:PutItem';
/** Changes of one principal in one second that find a number each. */
const IN_A_SECOND = 1000;
const MOST_TRIES = 5;

/** {@link ChangeLog} in the table of the events. */
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

  /** @returns whether it was put; not where another change has its number */
  async #put(change: PrincipalChange): Promise<boolean> {
    const { principal, after, opens } = change;
    const unsealed = {
      lease: text(`principal#${principal}`),
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
