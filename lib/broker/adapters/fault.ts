/**
 * Converts AWS SDK errors to the errors that the ports define. The original SDK error is never kept: it contains the
 * request and the response, and AWS's messages quote rejected values that an agent may have written.
 */
import { Refused, Unavailable } from '../port-errors';

/**
 * A copy of an error that is safe to log: the error's name, the HTTP status or system error code, and the request id.
 * If access was denied, the copy also has AWS's message.
 */
export function harmless(error: unknown): Error {
  const name = nameOf(error);
  const { httpStatusCode: status, requestId } = metadataOf(error);
  const told = [
    status === undefined ? (systemCode(error) ?? 'no answer') : `status ${status}`,
    ...(typeof requestId === 'string' && PLAIN.test(requestId) ? [`request ${requestId}`] : []),
    // An access-denied message contains only the names and ARNs of a principal, an action and a resource in this
    // environment.
    ...(/^AccessDenied/.test(name) ? [(textOf(error, 'message') ?? '').slice(0, LONGEST)] : []),
  ].join(', ');
  const cause = new Error(told);
  cause.name = name;
  cause.stack = `${name}: ${told}`;
  return cause;
}

/** The error for a call whose outcome is unknown. */
export function unavailable(call: string, error: unknown): Unavailable {
  return new Unavailable(call, { cause: harmless(error) });
}

/** The error for a failed call: `Refused` if AWS rejected it (this includes throttling), otherwise `Unavailable`. */
export function failed(call: string, error: unknown): Refused | Unavailable {
  const { httpStatusCode: status } = metadataOf(error);
  const refused = status !== undefined && status >= 400 && (status < 500 || isThrottling(nameOf(error)));
  return refused ? new Refused(call, nameOf(error), { cause: harmless(error) }) : unavailable(call, error);
}

/** AWS's error code, for example `PackedPolicyTooLarge`, or the name of an error without a code. */
export function nameOf(error: unknown): string {
  return (
    [textOf(error, 'Code'), textOf(error, 'name')].find((name) => name !== undefined && PLAIN.test(name)) ?? 'Error'
  );
}

/**
 * Whether AWS throttled the call. A throttled call had no effect, and the same call can succeed later. Source:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function isThrottling(code: string): boolean {
  return THROTTLING.test(code);
}

/**
 * Whether a connection broke before the response began. This happens, for example, to a connection that was idle while
 * the function was frozen.
 */
export function isBrokenConnection(error: unknown): boolean {
  const code = systemCode(error);
  return metadataOf(error).httpStatusCode === undefined && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** The system error code, for example `ECONNREFUSED`. */
function systemCode(error: unknown): string | undefined {
  const code = textOf(error, 'code');
  return code !== undefined && PLAIN.test(code) ? code : undefined;
}

function textOf(error: unknown, field: 'Code' | 'code' | 'message' | 'name'): string | undefined {
  const value = (error as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : undefined;
}

const THROTTLING =
  /^(Throttl|RequestThrottl|RequestLimitExceeded|TooManyRequests|ProvisionedThroughputExceeded|PriorRequestNotComplete)/;
const PLAIN = /^[\w.-]{1,100}$/;
/** Maximum number of characters to keep from AWS's message. */
const LONGEST = 1000;

function metadataOf(error: unknown): { readonly httpStatusCode?: number; readonly requestId?: unknown } {
  const found = (error as { $metadata?: { httpStatusCode?: unknown; requestId?: unknown } } | null | undefined)
    ?.$metadata;
  const status = found?.httpStatusCode;
  return { ...(typeof status === 'number' ? { httpStatusCode: status } : {}), requestId: found?.requestId };
}
