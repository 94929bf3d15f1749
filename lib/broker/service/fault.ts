/** Why the broker refuses, for a machine that must know what to do next. */
import type { Problem, ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import type { LeaseFault } from '../lease/fault';
import { PROBLEM_WORDS } from '../problem-words';

/** What a refusal says beside its code. */
export interface FaultDetails {
  /** What to do instead: one imperative sentence. @default the code's own */
  readonly hint?: string;
  /** Seconds after which the same request can succeed. */
  readonly retryAfter?: number;
  readonly lease?: string;
  /** The nearest scope that the requester could have. */
  readonly nearest?: Problem['nearest'];
}

/** A refusal. Its message holds nothing of what the requester wrote. */
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

/** What is stored of a lease cannot have come about by the rules, and so is worth nothing. */
export function brokenRecord(lease: string, cause?: unknown): BrokerFault {
  return new BrokerFault('broken-record', 'The record of the lease cannot be believed.', { lease }, { cause });
}

/** A fault of the lease's own rules, as callers are told it. */
export function ofLease({ code, message, state }: LeaseFault, lease: string): BrokerFault {
  // A clock behind the one that wrote the event before, or a mistake of ours: nothing that the caller could fix.
  if (code === 'out-of-sequence' || code === 'malformed' || code === 'unauthentic') {
    return new BrokerFault('unavailable', 'The lease cannot be changed just now.', { lease });
  }
  const over = state === 'lapsed' || state === 'expired' || state === 'revoked' ? state : undefined;
  return new BrokerFault(over ?? code, message, { lease });
}
