/** What happens to a lease. A lease is the list of its events, and nothing else. */
import type * as z from 'zod';
import { hashOf, type Json } from '../canonical';
import type { denialCodeSchema, eventBodySchema, reviewSchema, storedEventSchema } from './event-schema';

/** Why a lease was refused, for machines. */
export type DenialCode = z.infer<typeof denialCodeSchema>;

/** What a reviewer came to, as approvers are shown it. */
export type Review = z.infer<typeof reviewSchema>;

/** The body of an event, by its type. Times are whole seconds since 1970. */
export type EventBody = z.infer<typeof eventBodySchema>;

export type EventType = EventBody['type'];

/** An event as it is stored: append-only, numbered, and chained to the one before by its {@link eventHash}. */
export type LeaseEvent = z.infer<typeof storedEventSchema>;

/** Names an event and, through `previous`, all that came before it. */
export function eventHash(event: LeaseEvent): string {
  return hashOf(event as unknown as Json);
}

/** The event that would come next. A clock that ran backwards does not make time run backwards. */
export function nextEvent(lease: string, before: LeaseEvent | undefined, at: number, body: EventBody): LeaseEvent {
  return {
    lease,
    sequence: (before?.sequence ?? 0) + 1,
    at: Math.max(at, before?.at ?? 0),
    previous: before === undefined ? '' : eventHash(before),
    body,
  };
}
