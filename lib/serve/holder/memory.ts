/** What the holder remembers, for as long as it is worth remembering. Nothing of it leaves the memory of the process. */
import { LeaseError } from '@leasehold/runtime';
import { CircuitBreaker, FIRST_PAUSE } from '@leasehold/runtime/internal';
import type { KeptLease, KeptRefusal } from './wire';

/** Keys; far beyond what one user has at a time. */
const MOST_KEYS = 1_000;
/** Milliseconds after which a pause of the breaker is looked at again. */
const GLANCE = 60_000;

/**
 * Leases until they are over; denials for a quarter of an hour, so that a program which asks the same again hears the
 * same; and, across all programs, the circuit breaker that every client has for itself.
 */
export class Memory {
  readonly #leases = new Map<string, KeptLease>();
  readonly #denials = new Map<string, { readonly refusal: KeptRefusal; readonly until: number }>();
  readonly #now: () => number;
  readonly #breaker: CircuitBreaker;

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.#breaker = new CircuitBreaker(now);
  }

  lease(key: string): KeptLease | undefined {
    this.#forget();
    return this.#leases.get(key);
  }

  /** Why nobody is asked: this was denied, or too much was. */
  refusal(key: string): KeptRefusal | undefined {
    this.#forget();
    return this.#denials.get(key)?.refusal ?? this.#paused();
  }

  keep(key: string, lease: KeptLease): void {
    this.#breaker.ended();
    if (this.#leases.size < MOST_KEYS) this.#leases.set(key, lease);
  }

  /** Remembers a no of a human or of AWS. What went wrong otherwise may go well next time. */
  refuse(key: string, refusal: KeptRefusal): void {
    const { code, message, hint, retryable } = refusal;
    this.#breaker.ended(new LeaseError(code, message, hint, retryable));
    if (code !== 'denied' || this.#denials.size >= MOST_KEYS) return;
    this.#denials.set(key, { refusal, until: this.#now() + FIRST_PAUSE * 1000 });
  }

  /** When the next thing that is remembered is over, in milliseconds since 1970; `undefined` when nothing is. */
  get nextEnd(): number | undefined {
    this.#forget();
    const ends = [
      ...[...this.#leases.values()].map(({ expiresAt }) => Date.parse(expiresAt)),
      ...[...this.#denials.values()].map(({ until }) => until),
      ...(this.#paused() ? [this.#now() + GLANCE] : []),
    ];
    return ends.length === 0 ? undefined : Math.min(...ends);
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
