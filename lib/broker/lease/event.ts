/** What happens to a lease. A lease is the list of its events, and nothing else. */
import { hashOf, type Json } from '../canonical';
import type { Grant } from '../grant/grant';
import type { Approver, Requester, Subject } from '../identity';

/** Why a lease was refused, for machines. */
export type DenialCode =
  | 'not-eligible'
  | 'invalid-request'
  | 'over-budget'
  | 'outside-hours'
  | 'reviewer-denied'
  | 'reviewer-failed'
  | 'outside-envelope'
  | 'too-large'
  | 'approver-denied';

/** What a reviewer came to, as approvers are shown it. */
export interface Review {
  readonly decision: 'allow' | 'deny' | 'escalate' | 'failed';
  readonly risk?: 'low' | 'medium' | 'high';
  /** Why; of a failure, how it failed. */
  readonly sentence: string;
  /** The answer as it came, for the record. */
  readonly answer?: Json;
}

/** The body of an event, by its type. Times are whole seconds since 1970. */
export type EventBody =
  | {
      readonly type: 'requested';
      readonly requester: Requester;
      readonly subject?: Subject;
      /** What was asked for, as it came. */
      readonly asked: Readonly<Record<string, Json>>;
    }
  | { readonly type: 'reviewed'; readonly model: string; readonly review: Review }
  | {
      readonly type: 'proposed';
      readonly grant: Grant;
      /** Humans that must say yes. */
      readonly humans: number;
      /** Who may. */
      readonly approvers: readonly string[];
      /** When the question lapses. */
      readonly until: number;
    }
  | { readonly type: 'approved'; readonly by: Approver; readonly hash: string }
  | { readonly type: 'denied'; readonly by: Approver | 'broker'; readonly code: DenialCode; readonly because: string }
  | { readonly type: 'lapsed' }
  /** Written before the session is cut. */
  | { readonly type: 'issued'; readonly hash: string; readonly until: number }
  /** AWS said no when the session was to be cut: there are no credentials, and it can be tried again. */
  | { readonly type: 'failed'; readonly call: string; readonly code: string }
  | { readonly type: 'collected'; readonly by: string }
  | { readonly type: 'revoked'; readonly by: string; readonly because: string };

export type EventType = EventBody['type'];

/** An event as it is stored: append-only, numbered, and chained to the one before. */
export interface LeaseEvent {
  readonly lease: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** When it was appended, in seconds since 1970; never before the event before it. */
  readonly at: number;
  /** {@link eventHash} of the event before; empty for the first. */
  readonly previous: string;
  readonly body: EventBody;
}

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
