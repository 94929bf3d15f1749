/** The events in a record of a lease, of a person's keys, or of what administrators do. They are numbered and chained by hashes. */
import type { AdministrationBody } from '@leasehold/contract/administration';
import type { KeyEventBody } from '@leasehold/contract/consent';
import type { Chained, EventBody, Json } from '@leasehold/contract/event';
import { hashOf } from '../canonical';

export type { DenialCode, EventBody, EventType, LeaseEvent, Review } from '@leasehold/contract/event';

/** The hash that identifies an event and, through `previous`, all events before it. */
export function eventHash(event: Chained<object>): string {
  return hashOf(event as unknown as Json);
}

/**
 * Creates the next event of a record. The event's time is never earlier than the time of the event before it, even if
 * the clock was set back.
 */
export function nextEvent<B extends EventBody | KeyEventBody | AdministrationBody>(
  record: string,
  before: Chained<object> | undefined,
  at: number,
  body: B,
): Chained<B> {
  return {
    lease: record,
    sequence: (before?.sequence ?? 0) + 1,
    at: Math.max(at, before?.at ?? 0),
    previous: before === undefined ? '' : eventHash(before),
    body,
  };
}
