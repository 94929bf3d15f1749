/**
 * Stores the records of people's passkeys, in the same events table as the leases: partition `keys#<person>`, which
 * cannot be a lease id. Every item has an `outcome`, so each change of keys is published on the event bus. The counters
 * of passkeys are in the projections table, because they change.
 */
import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { passkeyKey } from '@leasehold/documents';
import { canonicalJson, type Json } from '../canonical';
import { type KeyEvent, keyRecordOf } from '../consent/key-record';
import type { KeyStore } from '../ports';
import { keyOf, text, whole } from './attributes';
import { isRefused } from './conditional-write';
import type { RecordSeal } from './record-seal';
import { SealedEvents } from './sealed-events';

/** A {@link KeyStore} that uses the broker's two tables. */
export class DynamoDbKeyStore implements KeyStore {
  readonly #events: SealedEvents;
  readonly #client: DynamoDBClient;
  readonly #projections: string;

  constructor(client: DynamoDBClient, tables: { events: string; projections: string }, seal: RecordSeal) {
    this.#events = new SealedEvents(client, tables.events, seal);
    this.#client = client;
    this.#projections = tables.projections;
  }

  async read(person: string): Promise<readonly KeyEvent[]> {
    // The events are not parsed here: `foldKeys` rejects impossible events, and an audit shows events that it cannot
    // read.
    return (await this.#events.read(keyRecordOf(person))) as readonly unknown[] as readonly KeyEvent[];
  }

  append(event: KeyEvent, person: string): Promise<'appended' | 'conflict'> {
    const { lease, sequence, at, body } = event;
    return this.#events.append({
      lease: text(lease),
      sequence: whole(sequence),
      events: text(canonicalJson([event] as unknown as Json)),
      writer: text(randomUUID()),
      at: whole(at),
      state: text('changed'),
      outcome: text(body.type),
      requesterName: text(person),
    });
  }

  async advance(person: string, credential: string, counter: number): Promise<boolean> {
    const grows = counter === 0 ? '#counter = :counter' : '#counter < :counter';
    const refused = await isRefused('dynamodb:UpdateItem', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#projections,
          Key: keyOf(passkeyKey(credential, person)),
          UpdateExpression: 'SET #counter = :counter',
          ConditionExpression: `attribute_not_exists(#counter) OR ${grows}`,
          ExpressionAttributeNames: { '#counter': 'counter' },
          ExpressionAttributeValues: { ':counter': whole(counter) },
        }),
      ),
    );
    return !refused;
  }
}
