/**
 * Handles a request: identifies the requester, checks eligibility and budgets, then creates a lease and writes all
 * events known so far in one batch.
 */

import type { RequestBody } from '@leasehold/contract';
import { canonicalJson, type Json } from '../canonical';
import { mustSign } from '../consent/demand';
import { grantHash } from '../grant/grant';
import type { EventBody } from '../lease/event';
import { type FoldedLease, stateAt } from '../lease/fold';
import type { Offer } from '../verdict/validate';
import { admit } from './admit';
import type { Caller } from './caller';
import { collect, type Handed, handOver, issuing } from './collect';
import { denialFault } from './denial';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { begin, proceed, readLease } from './log';
import { leaseId, offerOf, recorded } from './offer';
import { KeyTaken, Reservation } from './reservation';
import { type Settled, settle } from './settle';

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
  const admitted = await admit(deps, caller, body);
  const { who, account, now } = admitted;
  const id = leaseId(who.requester, idempotencyKey, deps.newId);
  deps.telemetry.count('LeaseRequested');

  const offer = offerOf(id, who, body, deps);
  const requested: EventBody = { type: 'requested', ...who, asked: recorded(body) };
  const key = idempotencyKey === undefined ? {} : { key: { lease: id, requested } };
  const reservation = new Reservation(deps, { principal: caller.name, account, now, ...key });
  const outcome = await settle(deps, offer, admitted, reservation).catch((error: unknown) => {
    if (error instanceof KeyTaken) return undefined;
    throw error;
  });
  if (outcome === undefined) return again(deps, caller, id, requested);
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
  if (lease.state === 'denied') {
    const { code = 'not-eligible', because = 'The lease was denied.' } = lease;
    deps.telemetry.count('LeaseDenied', { code });
    throw await denialFault(deps, { code, because, lease: id }, offer, reservation);
  }
  await reservation.giveBack();
  return lease.state === 'issued' ? handOver(deps, lease) : { lease };
}

/**
 * The events that follow from an outcome without an action by another person: a denial, an approval request, or the
 * issued lease.
 */
function consequences(deps: Deps, outcome: Settled, offer: Offer, now: number): readonly EventBody[] {
  if (outcome.kind === 'denied') {
    return [{ type: 'denied', by: 'broker', code: outcome.code, because: outcome.because }];
  }
  const { grant, brokered, humans, approvers } = outcome;
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
