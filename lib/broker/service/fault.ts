/** The broker's refusals, in a form that a program can use to decide what to do next. */
import type { Problem, ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import type { LeaseFault } from '../lease/fault';
import { PROBLEM_WORDS } from '../problem-words';

/** The parts of a refusal besides its code. */
export interface FaultDetails {
  /**
   * What the caller should do instead: one imperative sentence.
   * @default the hint for the code
   */
  readonly hint?: string;
  /** Seconds after which the same request can succeed. */
  readonly retryAfter?: number;
  readonly lease?: string;
  /** Of the scopes that the requester could get, the one closest to the request. */
  readonly nearest?: Problem['nearest'];
}

/** A refusal. The message contains no text from the requester. */
export class BrokerFault extends LeaseholdError<ProblemCode> {
  override readonly name = 'BrokerFault';

  constructor(
    code: ProblemCode,
    message: string,
    readonly details: FaultDetails = {},
    options?: ErrorOptions,
  ) {
    super({ code, message, hint: details.hint ?? PROBLEM_WORDS[code].hint }, options);
  }
}

/** The error for a stored lease record that violates the rules and cannot be trusted. */
export function brokenRecord(lease: string, cause?: unknown): BrokerFault {
  return new BrokerFault('broken-record', 'The record of the lease is broken.', { lease }, { cause });
}

/** Whether the error is that a stored record cannot be trusted. Trying again cannot succeed. */
export function isBrokenRecord(error: unknown): error is BrokerFault {
  return error instanceof BrokerFault && error.code === 'broken-record';
}

/** Converts a fault in the lease rules to a refusal for callers. */
export function ofLease({ code, message, state }: LeaseFault, lease: string): BrokerFault {
  // The clock is behind the clock of the writer of the previous event, or the broker has a bug. The caller can fix
  // neither.
  if (code === 'out-of-sequence' || code === 'malformed' || code === 'unauthentic') {
    return new BrokerFault('unavailable', 'The lease cannot be changed just now.', { lease });
  }
  const over = state === 'lapsed' || state === 'expired' || state === 'revoked' ? state : undefined;
  return new BrokerFault(over ?? code, message, { lease });
}
