/** Checks the requested duration of a lease. */
import { invalidRequest } from '../errors';

/** Minimum duration of an AssumeRole session in seconds. */
const STS_LEAST = 900;

/** Checks that a duration is a whole number of seconds between two bounds. @throws LeaseError `invalid-request` */
export function checkDuration(seconds: number, shortest: number, longest: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= shortest && seconds <= longest) return seconds;
  throw invalidRequest(
    `the duration is ${String(seconds)}, and must be a whole number of seconds from ${shortest} to ${longest} for this role`,
    shortest < STS_LEAST
      ? `Ask for at most ${longest} seconds.`
      : `Request at most ${longest} seconds. If you need less than ${shortest} seconds, attenuate the lease.`,
  );
}
