/**
 * Seconds for which a deny statement remains after its lease ends. So clock differences cannot cause its removal before
 * AWS ends the lease.
 */
export const MARGIN = 120;
