/** Waiting, and asking again where an answer was lost. */
import { LeaseError } from '../lease-error';
import { aborted } from './in-flight';

/** Waits for some milliseconds. @throws LeaseError `aborted` */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** By the machine's timer. */
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

/** How often, and until when, something is tried. */
export interface Patience {
  readonly tries: number;
  /** Milliseconds since 1970, after which nothing is tried again. */
  readonly until: number;
  readonly now: () => number;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** Milliseconds before the second try; twice as many before each further one. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;

/**
 * Does something again as long as it is `unavailable` and can be had later: after half a second, one, two and so on, or
 * when the answer says (`retryAfter`), whichever is later.
 * @throws LeaseError what the last try threw; everything else at once
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

/** Seconds that whoever refused asked to wait. */
function secondsOf(error: LeaseError): number {
  const { retryAfter } = error as { retryAfter?: unknown };
  return typeof retryAfter === 'number' ? retryAfter : 0;
}
