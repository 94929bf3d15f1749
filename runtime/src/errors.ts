/** Every error of the runtime: a code, whether a retry can help, what to do. */

/** What went wrong, for programs. Part of the contract: codes are added, never renamed. */
export type LeaseErrorCode =
  /** The request breaks a rule that is checked here, before a human is asked. */
  | 'invalid-request'
  /** The stack's `leasehold` output cannot be read, or knows no such role or agent. */
  | 'invalid-manifest'
  /** A human said no, or AWS did. Final: asking the same again is not tried. */
  | 'denied'
  /** Nobody answered in time. */
  | 'lapsed'
  /** The caller's signal aborted the request. */
  | 'aborted'
  /** Too many denials in a row: the client asks nobody until it closes again. */
  | 'circuit-open'
  /** The lease is over; a new task asks anew. */
  | 'expired'
  /** The approval channel could not reach a human. */
  | 'channel-failed'
  /** AWS could not be reached, or answered with a fault of its own. */
  | 'unavailable'
  /** Other AWS credentials are within the process's reach. */
  | 'environment-not-clean';

/**
 * Base of every error that the runtime throws.
 * @public
 */
export class LeaseError extends Error {
  override readonly name: string = 'LeaseError';

  constructor(
    readonly code: LeaseErrorCode,
    message: string,
    /** One imperative sentence. */
    readonly mend: string,
    /** Whether the same request, sent again later, can succeed without anybody changing anything. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
