/** Refusals as problem details. Source: https://www.rfc-editor.org/rfc/rfc9457 */
import { PROBLEM_STATUS, type Problem, type ProblemCode } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { PROBLEM_WORDS } from '../problem-words';
import type { BrokerFault } from '../service/fault';
import type { ApiResult } from './event';

/** The problem details for a refusal. */
function problemOf({ code, message, hint, details }: BrokerFault): Problem {
  const { lease, nearest } = details;
  const retryAfter = details.retryAfter ?? (RETRYABLE.has(code) ? SOON : undefined);
  return {
    type: `https://leasehold.dev/problems/${code}`,
    title: PROBLEM_WORDS[code].title,
    status: PROBLEM_STATUS[code],
    detail: message,
    code,
    hint,
    retryable: retryAfter !== undefined,
    ...defined({ retryAfter, lease, nearest }),
  };
}

/** The HTTP response for a refusal. */
export function problemResult(fault: BrokerFault): ApiResult {
  const told = problemOf(fault);
  return {
    statusCode: told.status,
    headers: {
      'content-type': 'application/problem+json',
      ...NEVER_STORED,
      ...(told.retryAfter === undefined ? {} : { 'retry-after': String(told.retryAfter) }),
    },
    body: JSON.stringify(told),
  };
}

/**
 * Headers for all responses. Responses may contain credentials and reasons, so these headers prevent intermediaries
 * from storing a response or interpreting it as another media type.
 */
export const NEVER_STORED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

const RETRYABLE: ReadonlySet<ProblemCode> = new Set(['busy', 'unavailable']);
/** Seconds after which the caller may retry. */
const SOON = 2;
