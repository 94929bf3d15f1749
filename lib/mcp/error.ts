/** The errors of the MCP server, as returned to the model. */
import { LeaseholdError } from '@leasehold/contract/error';
import { BrokerProblem, LeaseError } from '@leasehold/runtime';
import { redactText } from './aws/redact';

/** Machine-readable codes for refusals. The tools also return the error codes of the runtime package. */
export type RefusalCode =
  /** There is no lease with this id in this session. */
  | 'no-lease'
  /** The lease needs an approval, or has ended. */
  | 'not-issued'
  /** The input does not match the model of the operation. */
  | 'invalid-input'
  /** The lease's role has no permissions for the service. */
  | 'outside-role'
  /** The SDK client of the service is not installed, or cannot be used. */
  | 'client-missing'
  | 'unknown-operation'
  /** The operation returns credentials or secrets, which a model must never receive. */
  | 'credentials-withheld'
  /** The operation cannot be called through a tool, for example because it streams events. */
  | 'unsupported'
  /** AWS denied the call. */
  | 'access-denied'
  /** AWS answered with another error. */
  | 'aws-error'
  | 'too-large'
  /** The file cannot be read or written. */
  | 'file-refused'
  /** Too many concurrent leases or sessions. */
  | 'busy'
  | 'defect';

/** A refusal of a tool call. Contains no secret. */
export class Refusal extends LeaseholdError<RefusalCode> {
  override readonly name = 'Refusal';

  constructor(
    code: RefusalCode,
    message: string,
    hint: string,
    /** Whether the same call can succeed later even if the model changes nothing. */
    readonly retryable = false,
    /** Further facts, for example the explanation of a denial. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super({ code, message, hint });
  }
}

/** What went wrong, as data. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly [fact: string]: unknown;
}

/**
 * Converts an error to data for the model. An unexpected error is reported without its message, because the message
 * could contain secrets.
 */
export function problemOf(error: unknown): Problem {
  const { message, ...rest } = unredacted(error);
  return { ...rest, message: redactText(message) } as Problem;
}

function unredacted(error: unknown): Problem {
  if (error instanceof Refusal) {
    const { code, message, hint, retryable, facts } = error;
    return { ...facts, code, message, hint, retryable };
  }
  if (error instanceof BrokerProblem) {
    const { name: _, ...rest } = error.toJSON();
    return rest;
  }
  if (error instanceof LeaseholdError) {
    const { code, message, hint } = error;
    return { code, message, hint, retryable: error instanceof LeaseError && error.retryable };
  }
  return {
    code: 'defect',
    message: `the call failed in an unforeseen way (${error instanceof Error ? error.name : 'unknown'})`,
    hint: 'Do not repeat the call. Report the error to the human who runs the MCP server.',
    retryable: false,
  };
}
