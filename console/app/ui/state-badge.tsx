import type { LeaseState } from '@leasehold/broker/core';

const TONES = {
  requested: 'wait',
  pending: 'wait',
  approved: 'good',
  issued: 'good',
  expired: 'past',
  denied: 'bad',
  lapsed: 'past',
  revoked: 'bad',
} as const satisfies Readonly<Record<LeaseState, string>>;

export function StateBadge({ state }: { readonly state: LeaseState }) {
  return <span className={`badge badge-${TONES[state]}`}>{state}</span>;
}
