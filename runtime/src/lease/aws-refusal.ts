/** Converts AWS errors to errors of the runtime. */

import { harmlessCause } from '../errors';
import { LeaseError, type LeaseErrorCode } from '../lease-error';

/** A refusal or failure that was read from an SDK error or from the XML of a response. */
export interface AwsFault {
  /** AWS's error code, for example `AccessDenied`. If AWS could not be reached, this is the name of the error. */
  readonly name: string;
  readonly message: string;
  /** HTTP status of the response; undefined if there was no response. */
  readonly status: number | undefined;
}

/** Reads the fault from an SDK error. */
export function faultOf(error: unknown): AwsFault {
  const found = error as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  } | null;
  const status = found?.$metadata?.httpStatusCode;
  return {
    name: typeof found?.name === 'string' ? found.name : 'Error',
    message: (typeof found?.message === 'string' && found.message) || String(found?.code ?? ''),
    status: typeof status === 'number' ? status : undefined,
  };
}

/**
 * The runtime's error for an AWS error. The SDK's own error is not kept as the cause, because it contains the request.
 * @param secrets Redacted from AWS's message, which repeats rejected values.
 */
export function awsRefusal(fault: AwsFault, what: string, secrets: readonly string[], endpoint: string): LeaseError {
  const said = harmlessCause(Object.assign(new Error(fault.message), { name: fault.name }), secrets);
  const { code, message, hint, retryable } = reading(fault, what, said.message, endpoint);
  return new LeaseError(code, message, hint, retryable, { cause: said });
}

interface Reading {
  readonly code: LeaseErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

function reading({ name, status }: AwsFault, what: string, said: string, endpoint: string): Reading {
  if (name === 'AbortError') {
    return {
      code: 'aborted',
      message: `${what} was withdrawn`,
      hint: 'If the task still needs a lease, request a new lease.',
      retryable: true,
    };
  }
  if (status === undefined) {
    return {
      code: 'unavailable',
      message: `${what} failed: AWS could not be reached at ${endpoint} (${name}: ${said})`,
      hint: unreachable(`${name} ${said}`),
      retryable: true,
    };
  }
  // A response below 400 that the SDK could not parse does not come from AWS.
  if (status < 400 || status >= 500 || status === 429 || THROTTLING.test(name)) {
    return {
      code: 'unavailable',
      message: `${what} failed: AWS had an internal error (${name}: ${said})`,
      hint: 'Request the lease again in a minute, with a new MFA code.',
      retryable: true,
    };
  }
  if (INVALID.test(name)) {
    return {
      code: 'invalid-request',
      message: `${what} was not understood by AWS (${name}: ${said})`,
      hint: name === 'PackedPolicyTooLarge' ? 'Shorten the reason, or narrow less.' : 'Request something else.',
      retryable: false,
    };
  }
  return {
    code: 'denied',
    message: `AWS refused ${what} (${name}: ${said})`,
    hint: hintOf(name, said),
    retryable: false,
  };
}

/** The hint for a call without any response. */
function unreachable(said: string): string {
  if (/certificate|self-signed|CERT_|UNABLE_TO|issuer/i.test(said)) {
    return 'Specify the certificates of your own certificate authority in AWS_CA_BUNDLE, or in NODE_EXTRA_CA_CERTS.';
  }
  return 'Check that this machine can reach the endpoint. Check the network and the variables HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL_STS.';
}

const THROTTLING =
  /^(Throttling|ThrottlingException|RequestThrottled|TooManyRequests|RequestLimitExceeded|SlowDown|PriorRequestNotComplete)/;
const INVALID =
  /^(InsufficientSessionLifetime|Validation|MalformedPolicyDocument|PackedPolicyTooLarge|InvalidParameter)/;

function hintOf(name: string, said: string): string {
  if (/scope-?down polic/i.test(said)) {
    return 'A lease can be narrowed at most three times in succession. Narrow an earlier lease instead.';
  }
  if (/invalid MFA one time pass code/i.test(said)) {
    return 'Ask the approver to wait for the next code, because each code can open only one lease.';
  }
  if (/MultiFactorAuthentication failed/i.test(said)) {
    return "Enrol the approver's MFA device on the agent's user: leasehold mfa enroll.";
  }
  if (/Signature (expired|not yet current)|RequestExpired|RequestTimeTooSkewed/i.test(`${name} ${said}`)) {
    return "Set this machine's clock.";
  }
  if (/InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|ExpiredToken/.test(name)) {
    return "Use the agent's own long-term key.";
  }
  return 'Do not request the lease again; have a human run leasehold explain <role> --trust.';
}
