/**
 * Handles a request: identifies the requester, checks eligibility and budgets, then creates a lease and writes all
 * events known so far in one batch.
 */

import type { RequestBody } from '@leasehold/contract';
import { largest } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { budgetLeft } from '../budget';
import { canonicalJson, type Json } from '../canonical';
import { mustSign } from '../consent/demand';
import { grantHash } from '../grant/grant';
import type { RequestIdentity, Subject } from '../identity';
import type { EventBody } from '../lease/event';
import { type FoldedLease, stateAt } from '../lease/fold';
import { isApproversOwn } from '../own-lease';
import { type Account, TokenInvalid } from '../ports';
import { isOutsideHours } from '../rules';
import type { Offer } from '../verdict/validate';
import { type Caller, groupsOf, requesterOf } from './caller';
import { collect, type Handed, handOver, issuing } from './collect';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { begin, proceed, readLease } from './log';
import { leaseId, nearestScope, offerOf, recorded } from './offer';
import { policyOf } from './principals';
import { KeyTaken, Reservation } from './reservation';
import { decide, type Outcome } from './review';

/**
 * Requests a lease. If no human decision is needed, the lease is issued and collected immediately.
 * @throws {BrokerFault} for every refusal. A denied lease is recorded before the fault is thrown.
 */
export async function request(
  deps: Deps,
  caller: Caller,
  body: RequestBody,
  idempotencyKey: string | undefined,
): Promise<Handed> {
  const now = deps.clock();
  const account = await deps.principals.spend(caller.name, 'requests', now);
  demandBudget(deps, account, now);
  const requester = requesterOf(caller, groupsOf(caller, account.stored, deps.environment));
  const who: RequestIdentity = { requester, ...defined({ subject: await subjectOf(deps, body) }) };
  const id = leaseId(requester, idempotencyKey, deps.newId);
  deps.telemetry.count('LeaseRequested');

  const offer = offerOf(id, who, body, deps);
  const requested: EventBody = { type: 'requested', ...who, asked: recorded(body) };
  const hasKey = idempotencyKey !== undefined;
  const reservation = new Reservation(deps, { principal: caller.name, account, lease: id, requested, hasKey, now });
  const outcome = await decided(deps, offer, policyOf(deps, caller.name, account.stored), reservation, now);
  if (outcome === 'key-taken') return again(deps, caller, id, requested);
  // Reads the clock again, because the review took time.
  const then = deps.clock();
  const bodies = [...outcome.events, ...consequences(deps, outcome, offer, then)];
  const lease =
    reservation.lease === undefined
      ? await begin(deps, id, [requested, ...bodies], then)
      : await proceed(deps, reservation.lease, bodies, then);
  if (lease === 'conflict') {
    await reservation.giveBack();
    return again(deps, caller, id, requested);
  }
  if (lease.state === 'denied') throw await denial(deps, lease, offer, reservation);
  await reservation.giveBack();
  return lease.state === 'issued' ? handOver(deps, lease) : { lease };
}

async function decided(
  deps: Deps,
  offer: Offer,
  policy: string,
  reservation: Reservation,
  now: number,
): Promise<Outcome | 'key-taken'> {
  const because = 'The broker does not accept requests at this hour.';
  if (isOutsideHours(deps.environment, now)) return { kind: 'denied', code: 'outside-hours', because, events: [] };
  try {
    return await decide(deps, offer, policy, () => reservation.make());
  } catch (error) {
    if (error instanceof KeyTaken) return 'key-taken';
    throw error;
  }
}

function demandBudget({ environment, telemetry }: Deps, { requests, denials }: Account, now: number): void {
  const budgets = environment.broker?.budgets;
  if (budgets === undefined) throw new BrokerFault('unavailable', 'The environment has no broker.');
  // The current request has already been counted.
  const left = [
    budgetLeft(budgets.requests, { ...requests, current: Math.max(0, requests.current - 1) }, now),
    budgetLeft(budgets.denials, denials, now),
  ].map((each) => (each.ok ? 0 : each.retryAfter));
  const retryAfter = largest(left);
  if (retryAfter === 0) return;
  telemetry.count('Throttled');
  throw new BrokerFault('over-budget', 'The requester has used up its budget of requests or denials.', { retryAfter });
}

async function subjectOf({ tokens }: Deps, { subjectToken }: RequestBody): Promise<Subject | undefined> {
  if (subjectToken === undefined) return undefined;
  if (tokens === undefined)
    throw new BrokerFault('subject-invalid', 'This broker does not accept tokens of signed-in users.');
  try {
    return await tokens.verify(subjectToken);
  } catch (error) {
    if (!(error instanceof TokenInvalid)) throw error;
    const retryable = error.why === 'keys-unavailable';
    throw new BrokerFault(
      'subject-invalid',
      `The subject's token is not accepted: ${error.why}.`,
      retryable ? { retryAfter: 5 } : {},
      { cause: error },
    );
  }
}

/**
 * The events that follow from an outcome without an action by another person: a denial, an approval request, or the
 * issued lease.
 */
function consequences(deps: Deps, outcome: Outcome, offer: Offer, now: number): readonly EventBody[] {
  const { environment, signIn } = deps;
  if (outcome.kind === 'denied') {
    return [{ type: 'denied', by: 'broker', code: outcome.code, because: outcome.because }];
  }
  const { grant, brokered } = outcome;
  const approvers = environment.approvers.filter((name) => !isApproversOwn(name, offer, environment, signIn));
  if (approvers.length < Math.max(brokered.humans, Math.min(1, outcome.humans))) {
    const because = 'The role requires more approvals than there are people who may approve for this requester.';
    return [{ type: 'denied', by: 'broker', code: 'not-eligible', because }];
  }
  // If one more person than the role requires must approve, this may exceed the number of approvers in the environment.
  const humans = Math.min(outcome.humans, approvers.length);
  const proposed: EventBody = {
    type: 'proposed',
    grant,
    humans,
    approvers,
    until: now + brokered.window,
    ...(mustSign(deps) && humans > 0 ? { signed: true } : {}),
  };
  return humans > 0 ? [proposed] : [proposed, ...issuing(grantHash(grant), grant.seconds, offer.requester, now)];
}

/** Handles a repeated idempotency key: returns the same lease in its current state, if the request is the same. */
async function again(
  deps: Deps,
  caller: Caller,
  id: string,
  requested: Extract<EventBody, { type: 'requested' }>,
): Promise<Handed> {
  const lease = await readLease(deps, id);
  const said = ({ asked, subject }: Pick<FoldedLease, 'asked' | 'subject'>) =>
    canonicalJson([asked, subject ?? null] as unknown as Json);
  if (lease.requester.key !== caller.key || said(lease) !== said(requested)) {
    throw new BrokerFault('key-reused', 'The idempotency key belongs to another request.', { lease: id });
  }
  const state = stateAt(lease, deps.clock());
  // For a denied lease, `collect` throws the reason.
  return ['approved', 'issued', 'denied'].includes(state) ? collect(deps, caller, id) : { lease };
}

/** Counts a denial in the budget for denials: a requester who is denied repeatedly must wait. */
async function denial(deps: Deps, lease: FoldedLease, offer: Offer, reserved: Reservation): Promise<BrokerFault> {
  const { principals, telemetry, environment } = deps;
  const now = deps.clock();
  // For a reviewed request, the denial has already been counted. If no budget remained, it has not been counted.
  const spent = reserved.denials ?? (reserved.retryAfter === undefined ? undefined : { current: 0, previous: 0 });
  const denials = spent ?? (await principals.spend(lease.requester.name, 'denials', now)).denials;
  telemetry.count('LeaseDenied', { code: lease.code ?? 'approver-denied' });
  const budget = environment.broker?.budgets.denials;
  const left = budget && budgetLeft(budget, denials, now);
  const retryAfter = reserved.retryAfter ?? (left?.ok === false ? left.retryAfter : undefined);
  const nearest = nearestScope(offer);
  return new BrokerFault(lease.code ?? 'not-eligible', lease.because ?? 'The lease was denied.', {
    lease: lease.id,
    ...defined({ retryAfter, nearest }),
  });
}
