/** Limits of how long a lease lasts, in seconds. Browsers read them, too. */
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { DURATION_QUOTAS } from '@leasehold/policy/quotas';

/** Minimum duration of an AssumeRole session. */
export const SHORTEST_SESSION = DURATION_QUOTAS.chainedAssumeRole.min;
/**
 * Maximum duration of a lease. The function assumes the role from its own role session, which AWS calls role chaining.
 */
export const LONGEST_LEASE = DURATION_QUOTAS.chainedAssumeRole.max;
/**
 * Maximum time between the issue event and the creation of the session, because the function ends within this time. The
 * session may expire later by this time.
 */
export const HANDED_WITHIN = 30;
/**
 * Maximum time from the event of a revocation until the end of the block that it causes. The function, which ends within
 * {@link HANDED_WITHIN}, blocks a role after it has recorded the event, and until no approved lease can be collected.
 */
export const LONGEST_BLOCK = Math.max(LONGEST_LEASE, LONGEST_WINDOW) + 2 * HANDED_WITHIN;
