/** The errors of the MCP server, in the form in which a model reads them. */
import { LeaseholdError } from '@leasehold/contract/error';
import { BrokerProblem, LeaseError } from '@leasehold/runtime';
import { redactText } from './aws/redact';

/** Machine-readable kinds of refusals. Those of the runtime come in addition. */
export type RefusalCode =
  /** There is no lease with this id in this session. */
  | 'no-lease'
  /** The lease waits for people, or has ended. */
  | 'not-issued'
  /** The input does not match the model of the operation. */
  | 'invalid-input'
  /** The lease's role does not name the service. */
  | 'outside-role'
  /** The SDK client of the service is not installed, or cannot be used. */
  | 'client-missing'
  | 'unknown-operation'
  /** The operation returns credentials or secrets, which no model may see. */
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
  /** Too many leases or sessions at the same time. */
  | 'busy'
  | 'defect';

/** A refusal of a tool call. Contains no secret. */
export class Refusal extends LeaseholdError<RefusalCode> {
  override readonly name = 'Refusal';

  constructor(
    code: RefusalCode,
    message: string,
    hint: string,
    /** Whether the same call can succeed later without any change. */
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

/** Any error as data for a model. An unforeseen error is reported without its message, which could contain anything. */
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
    hint: 'Do not repeat the call; tell the human who runs the MCP server.',
    retryable: false,
  };
}
