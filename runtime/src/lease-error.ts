/** The base class of the runtime's errors. */
import { LeaseholdError } from '@leasehold/contract/error';

/**
 * The machine-readable kind of an error. The codes are part of the contract: new codes may be added, but existing codes
 * are never renamed.
 * @example
 * const final: readonly LeaseErrorCode[] = ['denied', 'invalid-request'];
 * @public
 */
export type LeaseErrorCode =
  /** The request violates a rule that is checked on this machine, before a person is asked. */
  | 'invalid-request'
  /** The stack's `leasehold` output cannot be read, or does not contain the role or agent. */
  | 'invalid-manifest'
  /** A person or AWS denied the request. This is final: the runtime never repeats the request by itself. */
  | 'denied'
  /** Nobody answered the request in time. */
  | 'lapsed'
  /** The caller's signal aborted the request. */
  | 'aborted'
  /** Too many requests in a row were denied. The client does not ask anybody until the circuit closes again. */
  | 'circuit-open'
  /** The lease has ended. A new task needs a new request. */
  | 'expired'
  /** The approval channel could not reach a human, or the channel's answer was unusable. */
  | 'channel-failed'
  /** AWS could not be reached, or responded with an internal error. */
  | 'unavailable'
  /** The process can access other AWS credentials. */
  | 'environment-not-clean';

/**
 * Base class of every error that the runtime throws. Neither the error nor its cause contains a credential, a code, or
 * a request.
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
    /** Whether the same request can succeed later without any change. */
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super({ code, message, hint }, options);
  }

  /** All data of the error except the stack trace, for logs and for the model that the agent uses. */
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
