/** How long a lease may be asked for. */
import { invalidRequest } from '../errors';

/** Least seconds of a session that STS cuts by itself. */
const STS_LEAST = 900;

/** Whole seconds between two bounds. @throws LeaseError `invalid-request` */
export function checkDuration(seconds: number, shortest: number, longest: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= shortest && seconds <= longest) return seconds;
  throw invalidRequest(
    `the duration is ${String(seconds)}, and a lease of this role takes whole seconds from ${shortest} to ${longest}`,
    shortest < STS_LEAST
      ? `Ask for at most ${longest} seconds.`
      : `Ask for at most ${longest} seconds; for less than ${shortest}, attenuate the lease.`,
  );
}
