/** The entries of the holder and their expiry. The entries never leave the memory of the process. */
import { smallest } from '@leasehold/contract/any-length';
import { LeaseError } from '@leasehold/runtime';
import { CircuitBreaker, FIRST_PAUSE } from '@leasehold/runtime/internal';
import type { KeptLease, KeptRefusal } from './wire';

/** Maximum number of keys. One user needs far fewer. */
const MOST_KEYS = 1_000;
/** Time in milliseconds after which the holder checks again whether the circuit breaker's pause has ended. */
const GLANCE = 60_000;

/**
 * Keeps leases until they expire, and keeps denials for 15 minutes, so that a program that repeats a denied request
 * gets the same denial. All programs share one circuit breaker.
 */
export class Memory {
  readonly #leases = new Map<string, KeptLease>();
  readonly #denials = new Map<string, { readonly refusal: KeptRefusal; readonly until: number }>();
  readonly #now: () => number;
  readonly #breaker: CircuitBreaker;

  /** @param now Returns milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.#breaker = new CircuitBreaker(now);
  }

  lease(key: string): KeptLease | undefined {
    this.#forget();
    return this.#leases.get(key);
  }

  /** The reason why no person may be asked: this request was denied, or too many requests were denied. */
  refusal(key: string): KeptRefusal | undefined {
    this.#forget();
    return this.#denials.get(key)?.refusal ?? this.#paused();
  }

  keep(key: string, lease: KeptLease): void {
    this.#breaker.ended();
    if (this.#leases.size < MOST_KEYS) this.#leases.set(key, lease);
  }

  /** Remembers a denial by a person or by AWS. Other errors are not kept, because the next attempt may succeed. */
  refuse(key: string, refusal: KeptRefusal): void {
    const { code, message, hint, retryable } = refusal;
    this.#breaker.ended(new LeaseError(code, message, hint, retryable));
    if (code !== 'denied' || this.#denials.size >= MOST_KEYS) return;
    this.#denials.set(key, { refusal, until: this.#now() + FIRST_PAUSE * 1000 });
  }

  /** Time at which the next entry expires, in milliseconds since 1970. `undefined` if there are no entries. */
  get nextEnd(): number | undefined {
    this.#forget();
    const ends = [
      ...[...this.#leases.values()].map(({ expiresAt }) => Date.parse(expiresAt)),
      ...[...this.#denials.values()].map(({ until }) => until),
      ...(this.#paused() ? [this.#now() + GLANCE] : []),
    ];
    return ends.length === 0 ? undefined : smallest(ends);
  }

  #paused(): KeptRefusal | undefined {
    try {
      this.#breaker.demandNotOpen();
      return undefined;
    } catch (error) {
      if (error instanceof LeaseError) return error.toJSON();
      throw error;
    }
  }

  #forget(): void {
    const now = this.#now();
    for (const [key, { expiresAt }] of this.#leases) if (Date.parse(expiresAt) <= now) this.#leases.delete(key);
    for (const [key, { until }] of this.#denials) if (until <= now) this.#denials.delete(key);
  }
}
