/** Who may do what in which state. */
import type { EventBody, EventType } from './event';

/** `lapsed` and `expired` come with time alone; the rest by events. */
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

/** State → event → who may cause it. What is not listed cannot happen, and cannot have happened. */
const MAY = {
  requested: { reviewed: ['broker'], proposed: ['broker'], denied: ['broker'] },
  // A grant that changed asks anew: the approvals given so far were for another hash.
  pending: { proposed: ['broker'], approved: ['approver'], denied: ['approver', 'broker'], revoked: ['administrator'] },
  approved: { issued: ['broker'], denied: ['approver', 'broker'], revoked: ['administrator'] },
  // Who collects within a minute of the first time gets the same lease, newly cut.
  issued: { collected: ['requester'], failed: ['broker'], revoked: ['approver', 'administrator'] },
  expired: {},
  denied: {},
  // The event only puts on record what time has done.
  lapsed: { lapsed: ['broker'] },
  revoked: {},
} as const satisfies Readonly<Record<LeaseState, Readonly<Partial<Record<EventType, readonly Actor[]>>>>>;

/** The actors who may cause an event in a state; none when it cannot happen. */
export function actorsOf(state: LeaseState, event: EventType): readonly Actor[] {
  const events: Readonly<Partial<Record<EventType, readonly Actor[]>>> = MAY[state];
  return events[event] ?? [];
}

/** Who caused an event, as its body tells it; undefined where the body names nobody of these. */
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
