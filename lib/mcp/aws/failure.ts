/** Converts the error of a failed AWS call for the model: a denial, another AWS error, or no response. */
import { LeaseError, type Manifest } from '@leasehold/runtime';
import { denialOf, explainDenial } from '../denial';
import { Refusal } from '../error';
import type { HeldLease } from '../lease/held-lease';
import type { SecretList } from '../secrets';
import { redactText } from './redact';

/** The call that failed. */
export interface FailedCall {
  readonly held: HeldLease;
  readonly manifest: Manifest;
  readonly secrets: SecretList;
  readonly prefix: string;
  readonly operation: string;
  readonly region: string;
  readonly isRead: boolean;
}

/** Maximum number of characters of an AWS error message and of an AWS error code. */
const LONGEST_MESSAGE = 2000;
const LONGEST_CODE = 100;

/** The error for the model. Contains no data from the request. */
export function failureOf(error: unknown, call: FailedCall): Refusal | LeaseError {
  if (error instanceof Refusal || error instanceof LeaseError) return error;
  const found = (typeof error === 'object' && error !== null ? error : {}) as Partial<Error> & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = found.$metadata?.httpStatusCode;
  const clean = (text: unknown, longest: number) =>
    call.secrets.scrub(redactText(String(text ?? ''))).slice(0, longest);
  const code = clean(found.name ?? 'Error', LONGEST_CODE);
  const said = clean(found.message, LONGEST_MESSAGE);
  return (
    denied(code, said, status, call) ??
    (status === undefined ? unanswered(code, said, found.code, call) : answered(code, said, status, call))
  );
}

function denied(code: string, said: string, status: number | undefined, call: FailedCall): Refusal | undefined {
  const denial = denialOf(code, said, status, call);
  if (denial === undefined) return undefined;
  const message = said || `AWS denied ${denial.action}`;
  const hint =
    'Do not retry the call in a different form or with another lease. Report to the human what was denied and why.';
  return new Refusal('access-denied', message, hint, false, { awsCode: code, ...explanation(call, denial) });
}

/**
 * Explains a denial. Returns no explanation if the policy engine does not know the action or resource that AWS named.
 */
function explanation({ held, manifest, region }: FailedCall, denial: Parameters<typeof explainDenial>[1]) {
  try {
    return { explanation: explainDenial(held, denial, manifest, region) };
  } catch (error) {
    if (error instanceof Refusal) return {};
    throw error;
  }
}

/** Error codes of throttled calls. Such a call had no effect and can be retried later. */
const THROTTLED =
  /^(?:Throttl\w*|RequestThrottled\w*|TooManyRequests\w*|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded\w*|LimitExceededException\.Throttling)$/;

function answered(awsCode: string, said: string, status: number, { isRead }: FailedCall): Refusal {
  const message = `${awsCode}: ${said}`;
  if (status === 429 || THROTTLED.test(awsCode)) {
    return new Refusal('aws-error', message, 'Wait some seconds, then try again once.', true, { awsCode });
  }
  if (status < 400 || status >= 500) return unknown(message, awsCode, isRead);
  return new Refusal(
    'aws-error',
    message,
    'If the error message states how to correct the call, correct it. Otherwise report the error to the human.',
    false,
    { awsCode },
  );
}

const CORRECT =
  'If the error message states how to correct the input, correct it. Otherwise report the error to the human.';

/** Codes of connection errors that occur before the request is sent. */
const NOT_CONNECTED: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
/**
 * Codes of connection errors that can occur while waiting for the response. The codes for an unreachable host are
 * included, because a host can become unreachable after the request was sent.
 */
const CUT: readonly unknown[] = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
];

function unanswered(awsCode: string, said: string, system: unknown, { isRead }: FailedCall): Refusal {
  const message = `AWS could not be called: ${awsCode}: ${said}`;
  if (NOT_CONNECTED.includes(system)) {
    return new Refusal('aws-error', message, 'Try again once, then tell the human.', true, { awsCode });
  }
  if (awsCode === 'AbortError' || awsCode === 'TimeoutError') {
    return unknown('the call was cancelled or took too long', awsCode, isRead);
  }
  if (CUT.includes(system)) return unknown(message, awsCode, isRead);
  return new Refusal(
    'aws-error',
    message,
    isRead ? CORRECT : `${CORRECT} Find out first whether the call took effect.`,
    false,
    {
      awsCode,
    },
  );
}

/**
 * The error for a call without a known result. A read-only call can be repeated; any other call may have had an effect.
 */
function unknown(message: string, awsCode: string, isRead: boolean): Refusal {
  const hint = isRead
    ? 'Try again once, then tell the human.'
    : 'Do not repeat the call. Find out whether the call took effect, then report the result to the human.';
  return new Refusal('aws-error', message, hint, isRead, { awsCode });
}
