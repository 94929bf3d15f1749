/** AWS's response to one call, without secrets. The report shows these responses as evidence. */
import { clipped, onOneLine } from '@leasehold/contract/text';
import type { Secrets } from './secrets';

/**
 * `allowed`: AWS authorized the call. `denied`: AWS denied the call because of one of the probe's policies. `refused`:
 * AWS rejected the call for another reason, for example a wrong MFA code. `no answer`: the result of the call is
 * unknown.
 */
export type Outcome = 'allowed' | 'denied' | 'refused' | 'no answer';

export interface Answer {
  /** The IAM action of the call, for example `sts:AssumeRole`. */
  readonly call: string;
  /** The caller and the call, as a short phrase. */
  readonly what: string;
  readonly region: string;
  readonly outcome: Outcome;
  /** AWS's error code. */
  readonly code?: string;
  /** AWS's own message, shortened. */
  readonly message?: string;
  readonly requestId?: string;
}

/** The properties of an SDK error that are used in this file. */
interface Fault {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly Error?: { readonly Code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Converts an SDK error to an answer. */
export function answerOfError(
  error: unknown,
  facts: Pick<Answer, 'call' | 'what' | 'region'>,
  secrets: Secrets,
): Answer {
  const { name = 'Error', message = '', code, Error: inner, $metadata: metadata } = error as Fault;
  const stated = (inner?.Code ?? name).replace(/[^\w.]/g, '').slice(0, 80);
  const requestId = metadata?.requestId;
  const text = clipped(onOneLine(secrets.without(message.trim())), LONGEST_MESSAGE);
  return {
    ...facts,
    outcome: outcomeOf(stated, message, metadata?.httpStatusCode),
    code: metadata?.httpStatusCode === undefined ? (code ?? stated) : stated,
    message: text,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

const LONGEST_MESSAGE = 400;

function outcomeOf(code: string, message: string, status: number | undefined): Outcome {
  if (status === undefined || status >= 500) return 'no answer';
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(code)) return 'no answer';
  if (!/^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/.test(code)) {
    return AFTER_AUTHORIZATION.test(code) ? 'allowed' : 'refused';
  }
  // STS also returns AccessDenied for a wrong MFA code. A denial by a policy outside the probe does not test the
  // assumption.
  if (/^MultiFactorAuthentication failed|^Cannot call /.test(message)) return 'refused';
  return /(service|resource) control policy|VPC endpoint policy/.test(message) ? 'refused' : 'denied';
}

/** Errors with which a service answers a call that it authorized. */
const AFTER_AUTHORIZATION = /^(ResourceNotFoundException|ConditionalCheckFailedException)$/;

/** Whether a call failed because the code of the MFA device was not accepted. */
export function isWrongCode({ outcome, message = '' }: Answer): boolean {
  return outcome === 'refused' && message.startsWith('MultiFactorAuthentication failed');
}
