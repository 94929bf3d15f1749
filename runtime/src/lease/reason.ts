/** Checks the reason of a request. The reason must be a concrete sentence. */

import { REASON_RULES, writtenReason } from '@leasehold/contract/request-rules';
import { invalidRequest } from '../errors';

/**
 * Checks a reason by the rules of `writtenReason`, and returns the trimmed reason.
 * @throws LeaseError `invalid-request`, which states the violated rule.
 */
export function checkReason(reason: unknown, role: string, minimum: number): string {
  const written = typeof reason === 'string' ? writtenReason(reason, role, minimum) : { fault: 'is missing' };
  if ('value' in written) return written.value;
  throw invalidRequest(`the reason ${written.fault}`, REASON_RULES);
}
