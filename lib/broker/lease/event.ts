/** The events of a lease. A lease consists only of its list of events. */
import type * as z from 'zod';
import { hashOf, type Json } from '../canonical';
import type { denialCodeSchema, eventBodySchema, reviewSchema, storedEventSchema } from './event-schema';

/** Machine-readable reason of a denial. */
export type DenialCode = z.infer<typeof denialCodeSchema>;

/** The result of a review, as it is shown to approvers. */
export type Review = z.infer<typeof reviewSchema>;

/** The body of an event, by its type. Times are whole seconds since 1970. */
export type EventBody = z.infer<typeof eventBodySchema>;

export type EventType = EventBody['type'];

/** A stored event: append-only, numbered, and chained to the one before by its {@link eventHash}. */
export type LeaseEvent = z.infer<typeof storedEventSchema>;

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
