/**
 * Seconds that a deny remains after its lease ends, so that clock differences cannot remove it before AWS ends the
 * lease.
 */
export const MARGIN = 120;
/** Maximum length in seconds of a lease that the broker issues. */
export const LONGEST_LEASE = 3600;
