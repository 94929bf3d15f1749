/** Which actor may cause which event in which state. */
import type { EventBody, EventType } from './event';

/** `lapsed` and `expired` are reached by time alone; the other states by events. */
export const LEASE_STATES = [
  'requested',
  'pending',
  'approved',
  'issued',
  'expired',
  'denied',
  'lapsed',
  'revoked',
] as const;
export type LeaseState = (typeof LEASE_STATES)[number];

export type Actor = 'requester' | 'approver' | 'broker' | 'administrator';

/** State → event → actors who may cause it. An event that is not listed is impossible, also in a stored record. */
const MAY = {
  requested: { reviewed: ['broker'], proposed: ['broker'], denied: ['broker'] },
  // A changed grant needs new approvals, because the earlier ones were for another hash.
  pending: { proposed: ['broker'], approved: ['approver'], denied: ['approver', 'broker'], revoked: ['administrator'] },
  approved: { issued: ['broker'], denied: ['approver', 'broker'], revoked: ['administrator'] },
  // Collecting again within a minute of the first time returns the same lease with new credentials.
  issued: { collected: ['requester'], failed: ['broker'], revoked: ['approver', 'administrator'] },
  expired: {},
  denied: {},
  // The event only records the effect of time.
  lapsed: { lapsed: ['broker'] },
  revoked: {},
} as const satisfies Readonly<Record<LeaseState, Readonly<Partial<Record<EventType, readonly Actor[]>>>>>;

/** The actors who may cause an event in a state; empty when the event is impossible. */
export function actorsOf(state: LeaseState, event: EventType): readonly Actor[] {
  const events: Readonly<Partial<Record<EventType, readonly Actor[]>>> = MAY[state];
  return events[event] ?? [];
}

/** The actor that caused an event, according to its body; undefined where the body names none. */
export function actorOf(body: EventBody): Actor | undefined {
  switch (body.type) {
    case 'requested':
    case 'collected':
      return 'requester';
    case 'approved':
      return 'approver';
    case 'denied':
      return body.by === 'broker' ? 'broker' : 'approver';
    case 'revoked':
      return REVOKERS.find((actor) => body.by.startsWith(`${actor} `));
    case 'reviewed':
    case 'proposed':
    case 'lapsed':
    case 'issued':
    case 'failed':
      return 'broker';
  }
}

const REVOKERS = ['approver', 'administrator'] as const satisfies readonly Actor[];
