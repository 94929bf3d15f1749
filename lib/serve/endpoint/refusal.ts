/** What the endpoint answers when it does not give what was asked for: a status, a code, a sentence. */
import { BrokerProblem, LeaseError, type LeaseErrorCode } from '@leasehold/runtime';

/** Codes of the endpoint's own, beside those of {@link LeaseErrorCode}. */
export type EndpointCode =
  /** No token, or one that is no client's. */
  | 'unauthorized'
  /** The request names another host than the endpoint's own, or comes from a web page. */
  | 'wrong-host'
  | 'not-found'
  | 'method-not-allowed'
  /** No lease was asked for yet. */
  | 'no-lease'
  /** A human has been asked and has not answered yet. */
  | 'pending'
  /** Another request of this client for the same role waits for a human. */
  | 'busy'
  | 'internal';

/** A refusal. Its message may be shown to anybody who holds the token; it never has a secret in it. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly code: EndpointCode | LeaseErrorCode,
    readonly message: string,
    readonly hint: string,
    readonly retryable = false,
    /** What the broker says besides: `problem`, `lease`, `nearest`, `retryAfter`. */
    readonly details: object = {},
  ) {}

  /**
   * The body. `Code` and `Message` are what the JavaScript SDK reads, `code` and `message` what the Go and Java SDKs
   * read; botocore shows the whole body. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
   */
  body(): object {
    const message = `${this.message} ${this.hint}`;
    const { code, hint, retryable, details } = this;
    return { ...details, code, message, hint, retryable, Code: code, Message: message };
  }
}

/** The refusal that tells an error. An error that is not the runtime's own is told without its text: it could hold anything. */
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
  return new Refusal(500, 'internal', 'The endpoint failed.', 'Ask again; if it stays so, start it anew.', true);
}

function toldBy(problem: BrokerProblem): object {
  const { name: _, code, message, hint, retryable, ...details } = problem.toJSON();
  return details;
}

/** 4xx, which no SDK retries by itself for long, except where the fault is nobody's on this side. */
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
