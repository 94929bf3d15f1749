/** The base of every error of the runtime. */
import { LeaseholdError } from '@leasehold/contract/error';

/**
 * What went wrong, for programs. Part of the contract: codes are added, never renamed.
 * @example
 * const final: readonly LeaseErrorCode[] = ['denied', 'invalid-request'];
 * @public
 */
export type LeaseErrorCode =
  /** The request breaks a rule that is checked here, before a human is asked. */
  | 'invalid-request'
  /** The stack's `leasehold` output cannot be read, or knows no such role or agent. */
  | 'invalid-manifest'
  /** A human said no, or AWS did. Final: it is never asked again by itself. */
  | 'denied'
  /** Nobody answered in time. */
  | 'lapsed'
  /** The caller's signal aborted the request. */
  | 'aborted'
  /** Too many denials in a row: the client asks nobody until it closes again. */
  | 'circuit-open'
  /** The lease is over; a new task asks anew. */
  | 'expired'
  /** The approval channel could not reach a human, or its answer was of no use. */
  | 'channel-failed'
  /** AWS could not be reached, or answered with a fault of its own. */
  | 'unavailable'
  /** Other AWS credentials are within the process's reach. */
  | 'environment-not-clean';

/**
 * Base of every error that the runtime throws. Neither it nor its cause holds a credential, a code, or a request.
 * @example
 * try {
 *   await lease('s3-deploy', { reason: 'Upload release 1.4.2 to the deploy bucket', parameters: { release: '1.4.2' } });
 * } catch (error) {
 *   if (error instanceof LeaseError && error.code === 'denied') return `Stop here. ${error.hint}`;
 *   throw error;
 * }
 * @public
 */
export class LeaseError extends LeaseholdError<LeaseErrorCode> {
  override readonly name: string = 'LeaseError';

  constructor(
    code: LeaseErrorCode,
    message: string,
    /** One imperative sentence. */
    hint: string,
    /** Whether the same request, sent again later, can succeed without anybody changing anything. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super({ code, message, hint }, options);
  }

  /** For logs and for the model that drives the agent: everything but the stack. */
  override toJSON(): {
    readonly name: string;
    readonly code: LeaseErrorCode;
    readonly message: string;
    readonly hint: string;
    readonly retryable: boolean;
  } {
    return { ...super.toJSON(), retryable: this.retryable };
  }
}
