/**
 * The record of a lease, read as by somebody who trusts nobody who kept or carried it: each event strictly, for what a
 * reader does not know it cannot show; then all of them by the fold's own rules.
 */
import type * as z from 'zod';
import { eventHash, type LeaseEvent } from './event';
import { storedEventSchema } from './event-schema';
import { LeaseFault, type LeaseFaultCode } from './fault';
import { append, fold, type Lease } from './fold';

/** What a list of events is worth. */
export type LeaseRecord =
  | { readonly kind: 'holds'; readonly lease: Lease; readonly events: readonly LeaseEvent[] }
  | {
      readonly kind: 'broken';
      /** The events before the first that cannot be believed; all, where each can and the whole cannot. */
      readonly events: readonly LeaseEvent[];
      readonly code: LeaseFaultCode;
      /** One sentence. */
      readonly because: string;
    };

/**
 * Reads the whole record of the lease with this id. Never throws.
 * @param told.seen The hash of an event that was there once. With it nothing up to that event can have been rewritten since.
 * @param told.unauthentic Sequences of events that the broker found to be none of its own.
 */
export function readRecord(
  id: string,
  stored: readonly unknown[],
  {
    seen,
    unauthentic = [],
  }: { readonly seen?: string | undefined; readonly unauthentic?: readonly number[] | undefined } = {},
): LeaseRecord {
  const events: LeaseEvent[] = [];
  let lease: Lease | undefined;
  for (const each of stored) {
    try {
      const event = readEvent(each, events.length + 1);
      if (event.lease !== id)
        throw new LeaseFault('out-of-sequence', `Event ${events.length + 1} is of another lease.`);
      if (unauthentic.includes(event.sequence)) {
        throw new LeaseFault('unauthentic', `Event ${event.sequence} was not written by the broker's function.`);
      }
      lease = lease === undefined ? fold([event]) : append(lease, event);
      events.push(event);
    } catch (error) {
      return { kind: 'broken', events, ...faultOf(error, events.length + 1) };
    }
  }
  const broken = (because: string): LeaseRecord => ({ kind: 'broken', events, code: 'out-of-sequence', because });
  if (lease === undefined) return broken('There is no event.');
  if (seen !== undefined && !events.some((event) => eventHash(event) === seen)) {
    return broken('No event has the hash that was seen before: the record was rewritten, or cut off.');
  }
  return { kind: 'holds', lease, events };
}

/** The event itself, not a copy: what is hashed is what came. */
function readEvent(stored: unknown, place: number): LeaseEvent {
  const issues: z.core.$ZodIssue[] = [];
  if (isEvent(stored, issues)) return stored;
  const [issue] = issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new LeaseFault('malformed', `Event ${place} cannot be read${where}: ${issue?.message ?? 'no event'}.`);
}

/** Whether the one schema, from which the type is inferred, accepts it. */
function isEvent(stored: unknown, issues: z.core.$ZodIssue[]): stored is LeaseEvent {
  const { success, error } = storedEventSchema.safeParse(stored);
  if (!success) issues.push(...error.issues);
  return success;
}

/** Whatever else goes wrong, such as a text that has no canonical form, makes the event one that cannot be read. */
function faultOf(error: unknown, place: number): { readonly code: LeaseFaultCode; readonly because: string } {
  return error instanceof LeaseFault
    ? { code: error.code, because: error.message }
    : { code: 'malformed', because: `Event ${place} cannot be read.` };
}
