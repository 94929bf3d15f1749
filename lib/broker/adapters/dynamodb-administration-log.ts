/**
 * Stores the records of what administrators do, in the same events table as the leases: partition `settings#<name>` for
 * each principal, and `revocations`, neither of which can be a lease id. Every item has an `outcome`, so each event is
 * published on the event bus, without the text of a policy or a reason.
 */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { canonicalJson, type Json } from '../canonical';
import { type AdministrationEvent, principalOf } from '../consent/administration';
import type { AdministrationLog } from '../ports';
import { text, whole } from './attributes';
import type { RecordSeal } from './record-seal';
import { SealedEvents } from './sealed-events';

/** {@link AdministrationLog} in the events table. */
export class DynamoDbAdministrationLog implements AdministrationLog {
  readonly #events: SealedEvents;

  constructor(client: DynamoDBClient, table: string, seal: RecordSeal) {
    this.#events = new SealedEvents(client, table, seal);
  }

  async read(record: string): Promise<readonly AdministrationEvent[]> {
    // The events are not parsed here: the fold rejects impossible events, and an audit shows events that it cannot
    // read.
    return (await this.#events.read(record)) as readonly unknown[] as readonly AdministrationEvent[];
  }

  append(event: AdministrationEvent): Promise<'appended' | 'conflict'> {
    const { lease, sequence, at } = event;
    const { outcome, role, requester } = published(event);
    return this.#events.append({
      lease: text(lease),
      sequence: whole(sequence),
      events: text(canonicalJson([event] as unknown as Json)),
      writer: text(randomUUID()),
      at: whole(at),
      state: text('changed'),
      outcome: text(outcome),
      roleName: text(role),
      requesterName: text(requester),
    });
  }
}

/** The part of an event that the event bus receives. */
function published({ lease, body }: AdministrationEvent): {
  readonly outcome: string;
  readonly role: string;
  readonly requester: string;
} {
  if (body.type === 'principal-set') {
    const { opens } = body;
    const outcome = opens.length > 0 ? 'groups-given' : 'principal-changed';
    return { outcome, role: opens.join(' '), requester: principalOf(lease) ?? '' };
  }
  const { scope } = body;
  return {
    outcome: body.type,
    role: 'role' in scope ? scope.role : '',
    requester: 'requester' in scope ? scope.requester : '',
  };
}
