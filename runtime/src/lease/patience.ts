/** Pauses and retries for calls whose response was lost. */
import { aborted } from '../errors';
import { LeaseError } from '../lease-error';

/** Waits for a number of milliseconds. @throws LeaseError `aborted` */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A pause with the system timer. */
export const pause: Pause = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted());
    const leave = () => {
      clearTimeout(timer);
      reject(aborted());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', leave, { once: true });
  });

/** Limits for retries: the number of attempts, and the end time. */
export interface Patience {
  readonly tries: number;
  /** Time, in milliseconds since 1970, after which no further attempt is made. */
  readonly until: number;
  readonly now: () => number;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** Milliseconds before the second attempt. The pause is doubled before each further attempt. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;

/**
 * Repeats a task while it fails with a retryable `unavailable`: after 0.5, 1, 2 seconds and so on, or after
 * `retryAfter` if this time is longer.
 * @throws LeaseError the error of the last attempt; any other error is thrown immediately
 */
export async function patiently<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
  const { tries, until, now, pause, signal } = patience;
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LeaseError) || error.code !== 'unavailable' || !error.retryable) throw error;
      const backoff = Math.min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE);
      const wait = Math.max(backoff, secondsOf(error) * 1000);
      if (tried >= tries || now() + wait > until) throw error;
      await pause(wait, signal);
    }
  }
}

/** The number of seconds to wait, as stated by the error. */
function secondsOf(error: LeaseError): number {
  const { retryAfter } = error as { retryAfter?: unknown };
  return typeof retryAfter === 'number' ? retryAfter : 0;
}
