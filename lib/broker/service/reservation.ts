/**
 * Reserves the idempotency key (in the record) and one denial from the requester's budget before a reviewer is called.
 * This ensures that concurrent requests cannot cause more reviewer calls than the same requests one after another.
 */
import { budgetLeft, mostInWindow } from '../budget';
import type { EventBody } from '../lease/event';
import type { FoldedLease } from '../lease/fold';
import type { Account, Spent } from '../ports';
import { counted } from './counted';
import type { Deps } from './deps';
import { begin } from './log';
import type { Outcome } from './review';

/** The error that is thrown if another request has the idempotency key. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken';
}

/** The request for which reservations are made. */
export interface Reserving {
  readonly principal: string;
  readonly account: Account;
  /**
   * The lease of the idempotency key, and its first event. Undefined if there is no key: only requests with the same
   * key can be for the same lease.
   */
  readonly key?: { readonly lease: string; readonly requested: EventBody };
  readonly now: number;
}

/** Seconds after which reviews that run at the same time have usually ended. */
const SOON = 5;

/** The reservations of one request. */
export class Reservation {
  readonly #deps: Deps;
  readonly #asked: Reserving;
  /** The lease, if the idempotency key was reserved. */
  lease: FoldedLease | undefined;
  /** The denials that were spent, including the reserved denial. */
  denials: Spent | undefined;
  /** Seconds until the budget allows another denial. Undefined if the budget was not exhausted. */
  retryAfter: number | undefined;

  constructor(deps: Deps, asked: Reserving) {
    this.#deps = deps;
    this.#asked = asked;
  }

  /**
   * Makes the reservations.
   * @returns the outcome `denied` if the budget does not allow another denial
   * @throws {KeyTaken}
   */
  async make(): Promise<Extract<Outcome, { kind: 'denied' }> | undefined> {
    const { principals, environment } = this.#deps;
    const { principal, account, key, now } = this.#asked;
    if (key !== undefined) {
      const begun = await begin(this.#deps, key.lease, [key.requested], now);
      if (begun === 'conflict') throw new KeyTaken();
      this.lease = begun;
    }
    const budget = environment.broker?.budgets.denials;
    if (budget === undefined) return undefined;
    const most = mostInWindow(budget, account.denials.previous, now);
    this.denials = await principals.reserve(principal, 'denials', now, most);
    if (this.denials !== undefined) return undefined;
    const left = budgetLeft(budget, account.denials, now);
    this.retryAfter = left.ok ? SOON : left.retryAfter;
    this.#deps.telemetry.count('Throttled');
    const because = 'Requests that are still undecided may already use up the requester’s budget for denials.';
    return { kind: 'denied', code: 'over-budget', because, events: [] };
  }

  /**
   * Returns the reserved denial to the budget if the request was not denied. If returning it fails, the denial still
   * counts as spent.
   */
  async giveBack(): Promise<void> {
    if (this.denials === undefined) return;
    const { principal, now } = this.#asked;
    await counted(this.#deps, 'denial-kept', () => this.#deps.principals.giveBack(principal, 'denials', now));
  }
}
