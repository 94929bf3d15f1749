/** The events of a lease. A lease consists only of its list of events. */
import type { EventBody, Json, LeaseEvent } from '@leasehold/contract/event';
import { hashOf } from '../canonical';

export type { DenialCode, EventBody, EventType, LeaseEvent, Review } from '@leasehold/contract/event';

/** The hash that identifies an event and, through `previous`, all events before it. */
export function eventHash(event: LeaseEvent): string {
  return hashOf(event as unknown as Json);
}

/**
 * Makes the next event of a lease. Its time is never earlier than that of the event before, even if the clock ran
 * backwards.
 */
export function nextEvent(lease: string, before: LeaseEvent | undefined, at: number, body: EventBody): LeaseEvent {
  return {
    lease,
    sequence: (before?.sequence ?? 0) + 1,
    at: Math.max(at, before?.at ?? 0),
    previous: before === undefined ? '' : eventHash(before),
    body,
  };
}
