/** Stops a client that is told no again and again from asking on: agents loop. */

import { BrokerProblem } from '../errors';
import { LeaseError } from '../lease-error';

/** Questions in a row that led to no lease, after which nobody is asked. */
export const DENIALS = 3;
/** Seconds for which nobody is asked then; twice as many after each further one that led to no lease. */
export const FIRST_PAUSE = 900;
/** Most of those seconds. */
export const LONGEST_PAUSE = 14_400;

/**
 * Counts questions that a human or AWS answered with no (`denied`), or nobody answered (`lapsed`). After three in a row
 * the client asks nobody for 15 minutes; then one more no closes it for 30 minutes, and so on up to four hours. A lease
 * opens it altogether. A broker that says that the agent has asked too often closes it for as long as it says.
 */
export class CircuitBreaker {
  #denials = 0;
  #closedUntil = 0;
  readonly #now: () => number;

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws LeaseError `circuit-open` while nobody is to be asked */
  demandOpen(): void {
    const left = this.#closedUntil - this.#now();
    if (left <= 0) return;
    throw new LeaseError(
      'circuit-open',
      `${this.#why()}; nobody is asked before ${new Date(this.#closedUntil).toISOString()}`,
      'Stop asking, and tell a human what was denied.',
      true,
    );
  }

  /** Takes note of how a question ended. */
  ended(error?: unknown): void {
    if (error === undefined) {
      this.#denials = 0;
      return;
    }
    if (!(error instanceof LeaseError) || (error.code !== 'denied' && error.code !== 'lapsed')) return;
    this.#denials++;
    const counted = this.#denials < DENIALS ? 0 : Math.min(FIRST_PAUSE * 2 ** (this.#denials - DENIALS), LONGEST_PAUSE);
    const pause = Math.max(counted, Math.min(budgetOver(error), LONGEST_PAUSE));
    if (pause > 0) this.#closedUntil = Math.max(this.#closedUntil, this.#now() + pause * 1000);
  }

  #why(): string {
    if (this.#denials < DENIALS) return 'the agent has asked the broker too often';
    return `${this.#denials} requests in a row were denied or lapsed`;
  }
}

/** Seconds for which the broker takes no request of this agent. */
function budgetOver(error: LeaseError): number {
  return error instanceof BrokerProblem && error.problem.code === 'over-budget' ? (error.retryAfter ?? 0) : 0;
}
