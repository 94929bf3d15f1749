/** Defines which actor may cause which event in which state. */
import type { EventBody, EventType } from './event';

/**
 * The states of a lease. `lapsed` and `expired` are reached without an event, when time passes. Events cause the other
 * states.
 */
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

/**
 * Maps each state to the events that are possible in it, and each event to the actors who may cause it. Events that are
 * not listed are rejected, even in a stored record.
 */
const MAY = {
  requested: { reviewed: ['broker'], proposed: ['broker'], denied: ['broker'] },
  // A changed grant needs new approvals, because the earlier approvals were for a different hash.
  pending: { proposed: ['broker'], approved: ['approver'], denied: ['approver', 'broker'], revoked: ['administrator'] },
  // An approved lease can be collected, so whoever may revoke a running lease may also revoke this one.
  approved: {
    issued: ['broker'],
    withheld: ['broker'],
    denied: ['approver', 'broker'],
    revoked: ['approver', 'administrator'],
  },
  // If the lease is collected again within a minute, the same lease is returned with new credentials.
  issued: {
    collected: ['requester'],
    withheld: ['broker'],
    failed: ['broker'],
    revoked: ['approver', 'administrator'],
  },
  expired: {},
  denied: {},
  // The event only records that the time has passed.
  lapsed: { lapsed: ['broker'] },
  revoked: {},
} as const satisfies Readonly<Record<LeaseState, Readonly<Partial<Record<EventType, readonly Actor[]>>>>>;

/** The actors who may cause an event in a state. Empty if the event is impossible. */
export function actorsOf(state: LeaseState, event: EventType): readonly Actor[] {
  const events: Readonly<Partial<Record<EventType, readonly Actor[]>>> = MAY[state];
  return events[event] ?? [];
}

/** The actor that caused an event, according to the event's body. Undefined if the body names no actor. */
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
    case 'withheld':
      return 'broker';
  }
}

const REVOKERS = ['approver', 'administrator'] as const satisfies readonly Actor[];
