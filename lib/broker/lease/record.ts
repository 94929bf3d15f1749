/**
 * Reads the record of a lease without trusting the parties that stored or transported the record. Each event is parsed
 * strictly, because content of an unknown form could not be shown to a reader. Then all events are checked by the rules
 * of the fold.
 */
import { leaseEvent } from '@leasehold/contract/event';
import type * as z from 'zod';
import { eventHash, type LeaseEvent } from './event';
import { LeaseFault, type LeaseFaultCode } from './fault';
import { append, type FoldedLease, fold } from './fold';

/** The result of verifying a list of events. */
export type LeaseRecord =
  | { readonly kind: 'holds'; readonly lease: FoldedLease; readonly events: readonly LeaseEvent[] }
  | {
      readonly kind: 'broken';
      /**
       * The events before the first invalid event. Contains all events if each event is valid by itself but the list is
       * invalid.
       */
      readonly events: readonly LeaseEvent[];
      readonly code: LeaseFaultCode;
      /** One sentence. */
      readonly because: string;
    };

/**
 * Reads the whole record of the lease with this id. Never throws.
 * @param told.seen The hash of an event that existed at an earlier time. It proves that no event up to that event was
 * changed since then.
 * @param told.unauthentic Sequence numbers of the events that the broker reports as not written by its function.
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
  let lease: FoldedLease | undefined;
  for (const each of stored) {
    try {
      const event = readEvent(each, events.length + 1);
      if (event.lease !== id)
        throw new LeaseFault('out-of-sequence', `Event ${events.length + 1} belongs to another lease.`);
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
    return broken(
      'No event has the hash that was noted earlier: the record was rewritten, or its last events were removed.',
    );
  }
  return { kind: 'holds', lease, events };
}

/** Returns the event itself, not a copy, because the hash must cover the received event. */
function readEvent(stored: unknown, place: number): LeaseEvent {
  const issues: z.core.$ZodIssue[] = [];
  if (isEvent(stored, issues)) return stored;
  const [issue] = issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new LeaseFault('malformed', `Event ${place} cannot be read${where}: ${issue?.message ?? 'no event'}.`);
}

/** Whether an event matches the schema. The type of events is inferred from the same schema. */
function isEvent(stored: unknown, issues: z.core.$ZodIssue[]): stored is LeaseEvent {
  const { success, error } = leaseEvent.safeParse(stored);
  if (!success) for (const issue of error.issues) issues.push(issue);
  return success;
}

/** After any other error, for example an error about text without a canonical form, the event counts as unreadable. */
function faultOf(error: unknown, place: number): { readonly code: LeaseFaultCode; readonly because: string } {
  return error instanceof LeaseFault
    ? { code: error.code, because: error.message }
    : { code: 'malformed', because: `Event ${place} cannot be read.` };
}
