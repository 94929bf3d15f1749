/** A refusal by the endpoint: a status, a code and a sentence. */
import { BrokerProblem, LeaseError, type LeaseErrorCode } from '@leasehold/runtime';

/** Error codes of the endpoint itself, in addition to {@link LeaseErrorCode}. */
export type EndpointCode =
  /** The request has no token, or has a token that does not belong to any client. */
  | 'unauthorized'
  /** The request is for a host other than the endpoint's own host, or was sent by a web page. */
  | 'wrong-host'
  | 'not-found'
  | 'method-not-allowed'
  /** No lease has been requested for the role. */
  | 'no-lease'
  /** A person was asked and has not answered yet. */
  | 'pending'
  /** Another request of this client for the same role is pending. */
  | 'busy'
  | 'internal';

/** A refusal. Its message may be shown to anyone who has the token, because it never contains a secret. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: EndpointCode | LeaseErrorCode,
    readonly message: string,
    readonly hint: string,
    readonly retryable = false,
    /** Further facts from the broker: `problem`, `lease`, `nearest`, `retryAfter`. */
    readonly details: object = {},
  ) {}

  /**
   * The response body. The JavaScript SDK reads `Code` and `Message`, the Go and Java SDKs read `code` and `message`,
   * and botocore shows the whole body. Source:
   * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
   */
  body(): object {
    const message = `${this.message} ${this.hint}`;
    const { code, hint, retryable, details } = this;
    return { ...details, code, message, hint, retryable, Code: code, Message: message };
  }
}

/**
 * The refusal for an error. If the error does not come from the runtime, its message is omitted, because the message
 * could contain secrets.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof LeaseError) {
    const { code, message, hint, retryable } = error;
    return new Refusal(
      STATUS[code],
      code,
      message,
      hint,
      retryable,
      error instanceof BrokerProblem ? toldBy(error) : {},
    );
  }
  return new Refusal(
    500,
    'internal',
    'The endpoint failed.',
    'Try again. If the request fails again, restart the endpoint.',
    true,
  );
}

function toldBy(problem: BrokerProblem): object {
  const { name: _, code, message, hint, retryable, ...details } = problem.toJSON();
  return details;
}

/**
 * The HTTP status for each code. If the request was invalid, denied or withdrawn, the status is 4xx, because SDKs soon
 * stop retrying after a 4xx response. If the cause is the endpoint, its environment or another service, the status is
 * 5xx.
 */
const STATUS = {
  'invalid-request': 400,
  'invalid-manifest': 500,
  denied: 403,
  lapsed: 403,
  aborted: 409,
  'circuit-open': 429,
  expired: 403,
  'channel-failed': 503,
  unavailable: 503,
  'environment-not-clean': 500,
} as const satisfies Record<LeaseErrorCode, number>;
