/**
 * What is spoken for before a reviewer is asked, so that no number of requests at once reaches it more often than one by
 * one: the idempotency key, on record, and one denial of the requester's budget.
 */
import { budgetLeft, mostInWindow } from '../budget';
import type { EventBody } from '../lease/event';
import type { Lease } from '../lease/fold';
import type { Account, Spent } from '../ports';
import { counted } from './counted';
import type { Deps } from './deps';
import { begin } from './log';
import type { Outcome } from './review';

/** Somebody else holds the idempotency key. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken';
}

/** Who asks, for what. */
export interface Reserving {
  readonly principal: string;
  readonly account: Account;
  readonly lease: string;
  readonly requested: EventBody;
  /** Whether the request has an idempotency key. Without one nobody else can ask for the same lease. */
  readonly hasKey: boolean;
  readonly now: number;
}

/** Seconds after which others' reviews are over. */
const SOON = 5;

/** The reservations of one request. */
export class Reservation {
  readonly #deps: Deps;
  readonly #asked: Reserving;
  /** The lease, where its key was reserved. */
  lease: Lease | undefined;
  /** Denials that are spent, with the one that is reserved. */
  denials: Spent | undefined;
  /** Of a request that found no room for a denial: seconds until there is some. */
  retryAfter: number | undefined;

  constructor(deps: Deps, asked: Reserving) {
    this.#deps = deps;
    this.#asked = asked;
  }

  /** Reserves. @returns the denial where there is no room for another one @throws {KeyTaken} */
  async make(): Promise<Extract<Outcome, { kind: 'denied' }> | undefined> {
    const { principals, environment } = this.#deps;
    const { principal, account, lease, requested, hasKey, now } = this.#asked;
    if (hasKey) {
      const begun = await begin(this.#deps, lease, [requested], now);
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
    const because = 'As many requests as may be denied are being decided.';
    return { kind: 'denied', code: 'over-budget', because, events: [] };
  }

  /** Gives the denial back, of a request that was not denied. Where that fails it stays spent. */
  async giveBack(): Promise<void> {
    if (this.denials === undefined) return;
    const { principal, now } = this.#asked;
    await counted(this.#deps, 'denial-kept', () => this.#deps.principals.giveBack(principal, 'denials', now));
  }
}
