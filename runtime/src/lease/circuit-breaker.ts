/** Stops a client from asking people after repeated denials, because an agent may repeat requests in a loop. */

import { BrokerProblem } from '../errors';
import { LeaseError } from '../lease-error';

/**
 * The circuit opens after this number of consecutive requests that do not result in a lease. While the circuit is open,
 * nobody is asked.
 */
export const DENIALS = 3;
/**
 * Seconds for which the circuit stays open the first time. While the circuit is open, nobody is asked. The time is
 * doubled after each further request that does not result in a lease.
 */
export const FIRST_PAUSE = 900;
/** Maximum number of seconds for which the circuit stays open. Meanwhile, nobody is asked. */
export const LONGEST_PAUSE = 14_400;

/**
 * Counts requests that a person or AWS denied (`denied`), or that nobody answered (`lapsed`). Three such requests in a
 * row open the circuit for 15 minutes, in which nobody is asked. Then the circuit is half-open: the next request is
 * permitted, and one more denial opens the circuit for 30 minutes, and so on up to four hours. An opened lease closes
 * the circuit. When the broker refuses an agent that exceeded its budget, the circuit opens for as long as the broker
 * states.
 */
export class CircuitBreaker {
  #denials = 0;
  #openUntil = 0;
  readonly #now: () => number;

  /** @param now Returns milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Does nothing if the circuit is closed or half-open. @throws LeaseError `circuit-open` */
  demandNotOpen(): void {
    const left = this.#openUntil - this.#now();
    if (left <= 0) return;
    throw new LeaseError(
      'circuit-open',
      `${this.#why()}; nobody is asked before ${new Date(this.#openUntil).toISOString()}`,
      'Stop requesting, and report to a human what was denied.',
      true,
    );
  }

  /** Records how a request ended. */
  ended(error?: unknown): void {
    if (error === undefined) {
      this.#denials = 0;
      return;
    }
    if (!(error instanceof LeaseError) || (error.code !== 'denied' && error.code !== 'lapsed')) return;
    this.#denials++;
    const counted = this.#denials < DENIALS ? 0 : Math.min(FIRST_PAUSE * 2 ** (this.#denials - DENIALS), LONGEST_PAUSE);
    const pause = Math.max(counted, Math.min(budgetOver(error), LONGEST_PAUSE));
    if (pause > 0) this.#openUntil = Math.max(this.#openUntil, this.#now() + pause * 1000);
  }

  #why(): string {
    if (this.#denials < DENIALS) return 'the agent has sent too many requests to the broker';
    return `${this.#denials} requests in a row were denied or lapsed`;
  }
}

/** Seconds for which the broker does not accept requests from this agent. */
function budgetOver(error: LeaseError): number {
  return error instanceof BrokerProblem && error.problem.code === 'over-budget' ? (error.retryAfter ?? 0) : 0;
}
