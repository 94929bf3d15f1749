/** Decides a request or a proposal: by the hours, the role, the reviewer, and the people who may approve. */
import { isApproversOwn } from '../own-lease';
import { isOutsideHours } from '../rules';
import type { Offer } from '../verdict/validate';
import type { Admitted } from './admit';
import type { Deps } from './deps';
import type { Reservation } from './reservation';
import { decide, type Outcome } from './review';

type Denied = Extract<Outcome, { kind: 'denied' }>;

/** The outcome, with the people who may approve the grant. */
export type Settled = Denied | (Exclude<Outcome, Denied> & { readonly approvers: readonly string[] });

/**
 * Decides on an offer. The reservation is made before the reviewer is called.
 * @throws {KeyTaken} if another request has the idempotency key
 */
export async function settle(
  deps: Deps,
  offer: Offer,
  { policy, now }: Pick<Admitted, 'policy' | 'now'>,
  reservation: Reservation,
): Promise<Settled> {
  const because = 'The broker does not accept requests at this hour.';
  if (isOutsideHours(deps.environment, now)) return { kind: 'denied', code: 'outside-hours', because, events: [] };
  const outcome = await decide(deps, offer, policy, () => reservation.make());
  return outcome.kind === 'denied' ? outcome : withApprovers(deps, outcome, offer);
}

function withApprovers(deps: Deps, outcome: Exclude<Outcome, Denied>, offer: Offer): Settled {
  const { environment, signIn } = deps;
  const { brokered, events } = outcome;
  const approvers = environment.approvers.filter((name) => !isApproversOwn(name, offer, environment, signIn));
  if (approvers.length < Math.max(brokered.humans, Math.min(1, outcome.humans))) {
    const because = 'Fewer people may approve the leases of this requester than the role requires.';
    return { kind: 'denied', code: 'not-eligible', because, events };
  }
  // If the reviewer asks for one approval more than the role requires, this may exceed the number of approvers in the
  // environment.
  return { ...outcome, humans: Math.min(outcome.humans, approvers.length), approvers };
}
