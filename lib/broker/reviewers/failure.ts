/**
 * The failures of a reviewer. They do not contain anything that was sent or received, because it may include free text
 * or a key.
 */
import { CallFailed } from '../outbound/bounded-call';
import { ReviewerFailed } from '../port-errors';

/** The failure for an HTTP status. */
export function statusFailure(status: number): ReviewerFailed {
  return failure(WHY[status] ?? 'unavailable', `it answered with status ${status}`);
}

/**
 * The reason for each HTTP status: request timeout and gateway timeout, too many requests, and Anthropic's status for
 * general overload.
 */
const WHY: Readonly<Record<number, ReviewerFailed['why']>> = {
  408: 'timeout',
  504: 'timeout',
  429: 'throttled',
  529: 'throttled',
};

/** The failure for a failed call. */
export function callFailure({ why, message }: CallFailed): ReviewerFailed {
  return failure(why === 'timeout' ? 'timeout' : why === 'too-large' ? 'nonsense' : 'unavailable', message);
}

/** A failure whose reason was written by this package, not received from a provider. */
export function failure(why: ReviewerFailed['why'], because: string): ReviewerFailed {
  return new ReviewerFailed(why, { cause: new Error(because) });
}

/** Converts any thrown value to a failure. Omits the message of an unknown error. */
export function anyFailure(error: unknown): ReviewerFailed {
  if (error instanceof ReviewerFailed) return error;
  if (error instanceof CallFailed) return callFailure(error);
  return failure('unavailable', error instanceof Error ? error.name : 'something was thrown');
}
