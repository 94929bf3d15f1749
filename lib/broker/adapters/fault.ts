/**
 * Errors of the AWS SDK as the ports know them. The SDK's own error is never kept: it holds the request and the answer,
 * and AWS's words quote values that it does not take, which an agent may have written.
 */
import { Refused, Unavailable } from '../ports';

/**
 * What may be told of an error: its name, the HTTP status or what the system calls it, the request's id; of a refusal by
 * policy, AWS's words too.
 */
export function harmless(error: unknown): Error {
  const name = nameOf(error);
  const { httpStatusCode: status, requestId } = metadataOf(error);
  const told = [
    status === undefined ? (systemCode(error) ?? 'no answer') : `status ${status}`,
    ...(typeof requestId === 'string' && PLAIN.test(requestId) ? [`request ${requestId}`] : []),
    // Who may not do what on which resource: names and ARNs of ours alone.
    ...(/^AccessDenied/.test(name) ? [(textOf(error, 'message') ?? '').slice(0, LONGEST)] : []),
  ].join(', ');
  const cause = new Error(told);
  cause.name = name;
  cause.stack = `${name}: ${told}`;
  return cause;
}

/** A call that did not tell what happened. */
export function unavailable(call: string, error: unknown): Unavailable {
  return new Unavailable(call, { cause: harmless(error) });
}

/** A call that failed: refused where AWS said so, throttling included, else without an answer. */
export function failed(call: string, error: unknown): Refused | Unavailable {
  const { httpStatusCode: status } = metadataOf(error);
  const refused = status !== undefined && status >= 400 && (status < 500 || isThrottling(nameOf(error)));
  return refused ? new Refused(call, nameOf(error), { cause: harmless(error) }) : unavailable(call, error);
}

/** AWS's code, for example `PackedPolicyTooLarge`, or the name of an error without one. */
export function nameOf(error: unknown): string {
  return (
    [textOf(error, 'Code'), textOf(error, 'name')].find((name) => name !== undefined && PLAIN.test(name)) ?? 'Error'
  );
}

/**
 * Whether AWS says that it was asked too often: nothing was done, and the same call succeeds later.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function isThrottling(code: string): boolean {
  return THROTTLING.test(code);
}

/** Whether a connection broke before anything was answered, as one does that slept together with its function. */
export function isBrokenConnection(error: unknown): boolean {
  const code = systemCode(error);
  return metadataOf(error).httpStatusCode === undefined && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** For example `ECONNREFUSED`. */
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
/** Characters of AWS's words that are kept. */
const LONGEST = 1000;

function metadataOf(error: unknown): { readonly httpStatusCode?: number; readonly requestId?: unknown } {
  const found = (error as { $metadata?: { httpStatusCode?: unknown; requestId?: unknown } } | null | undefined)
    ?.$metadata;
  const status = found?.httpStatusCode;
  return { ...(typeof status === 'number' ? { httpStatusCode: status } : {}), requestId: found?.requestId };
}
