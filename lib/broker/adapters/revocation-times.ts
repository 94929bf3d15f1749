/**
 * Seconds for which a deny statement remains after its lease ends. This ensures that, despite clock differences, the
 * statement is not removed before AWS ends the lease.
 */
export const MARGIN = 120;
