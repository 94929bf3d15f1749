/** Who may do what in which state. */
import type { EventType } from './event';

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

/** State → event → who may cause it. What is not listed cannot happen. */
export const MAY = {
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

/** Whether an event can happen in a state at all. */
export function canHappen(state: LeaseState, event: EventType): boolean {
  return event in MAY[state];
}

/** The actors who may cause an event in a state; none when it cannot happen. */
export function actorsOf(state: LeaseState, event: EventType): readonly Actor[] {
  const events: Readonly<Partial<Record<EventType, readonly Actor[]>>> = MAY[state];
  return events[event] ?? [];
}
