/** Why a reviewer has no answer, told without a word of what was sent or answered: both may hold prose or a key. */
import { CallFailed } from '../outbound/bounded-call';
import { ReviewerFailed } from '../ports';

/** The failure that a status tells. */
export function statusFailure(status: number): ReviewerFailed {
  return failure(WHY[status] ?? 'unavailable', `it answered ${status}`);
}

/** Request timeout and gateway timeout; too many requests, and Anthropic's word for the same of all of its callers. */
const WHY: Readonly<Record<number, ReviewerFailed['why']>> = {
  408: 'timeout',
  504: 'timeout',
  429: 'throttled',
  529: 'throttled',
};

/** The failure that a call tells. */
export function callFailure({ why, message }: CallFailed): ReviewerFailed {
  return failure(why === 'timeout' ? 'timeout' : why === 'too-large' ? 'nonsense' : 'unavailable', message);
}

/** A failure with its cause in words of ours. */
export function failure(why: ReviewerFailed['why'], because: string): ReviewerFailed {
  return new ReviewerFailed(why, { cause: new Error(because) });
}

/** Whatever was thrown, as a failure. A stranger's message is left out. */
export function anyFailure(error: unknown): ReviewerFailed {
  if (error instanceof ReviewerFailed) return error;
  if (error instanceof CallFailed) return callFailure(error);
  return failure('unavailable', error instanceof Error ? error.name : 'something was thrown');
}
