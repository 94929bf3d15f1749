/** The refusal for a denied request or proposal. It counts against the budget for denials. */
import { defined } from '@leasehold/contract/defined';
import { budgetLeft } from '../budget';
import type { DenialCode } from '../lease/event';
import type { Offer } from '../verdict/validate';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { nearestScope } from './offer';
import type { Reservation } from './reservation';

/** Why it was denied. */
export interface Denial {
  readonly code: DenialCode;
  readonly because: string;
  /** The denied lease. Undefined for a proposal, for which there is none. */
  readonly lease?: string;
}

/** Counts a denial in the budget for denials: a requester who is denied repeatedly must wait. */
export async function denialFault(
  deps: Deps,
  { code, because, lease }: Denial,
  offer: Offer,
  reserved: Reservation,
): Promise<BrokerFault> {
  const { principals, environment } = deps;
  const now = deps.clock();
  // For a reviewed request, the denial has already been counted. If no budget remained, it has not been counted.
  const spent = reserved.denials ?? (reserved.retryAfter === undefined ? undefined : { current: 0, previous: 0 });
  const denials = spent ?? (await principals.spend(offer.requester.name, 'denials', now)).denials;
  const budget = environment.broker?.budgets.denials;
  const left = budget && budgetLeft(budget, denials, now);
  const retryAfter = reserved.retryAfter ?? (left?.ok === false ? left.retryAfter : undefined);
  return new BrokerFault(code, because, defined({ lease, retryAfter, nearest: nearestScope(offer) }));
}
