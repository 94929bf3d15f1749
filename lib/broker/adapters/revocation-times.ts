/**
 * Seconds for which a deny statement remains after its lease ends. So clock differences cannot cause its removal before
 * AWS ends the lease.
 */
export const MARGIN = 120;
/** Maximum duration of a lease that the broker issues, in seconds. */
export const LONGEST_LEASE = 3600;
