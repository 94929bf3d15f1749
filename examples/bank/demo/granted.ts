/** Leases as the story tells them. */
import type { LeaseView, RequestedLease } from '@leasehold/runtime/broker';
import type { Keys } from './stage';
import { StoryFault, type Told } from './teller';

/** What a lease permits, and who looked at it. */
export function granted({ lease }: { readonly lease: LeaseView }): Told {
  const { grant, review, approval } = lease;
  if (grant === undefined) throw new StoryFault(`The lease ${lease.id} grants nothing.`);
  const { role, parameters, seconds } = grant;
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const waits =
    lease.state === 'pending'
      ? `pending: ${approval?.humans} of ${approval?.approvers.join(', ')} must say yes`
      : `lease for ${seconds / 60} minutes`;
  return {
    outcome: waits,
    lines: [
      `role      ${[role, ...values].join(' ')}`,
      `actions   ${actionsOf(lease).join(', ')}`,
      ...(review === undefined
        ? []
        : [`reviewer  ${review.decision}, risk ${review.risk ?? 'unknown'}: ${review.sentence}`]),
    ],
  };
}

/** Every action that a lease's session policy allows, sorted. */
export function actionsOf({ grant }: LeaseView): readonly string[] {
  const statements = (grant?.policy.Statement ?? []) as readonly { readonly Action: string | readonly string[] }[];
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** The keys of a lease that was handed over. */
export function keysOf({ lease, credentials }: RequestedLease): Keys {
  if (credentials === undefined)
    throw new StoryFault(`The lease ${lease.id} is ${lease.state}, and was to be handed over.`);
  return credentials;
}
