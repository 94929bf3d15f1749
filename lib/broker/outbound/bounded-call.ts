/**
 * Calls servers outside AWS, with limits on time and size, and without following redirects. Errors do not reveal the
 * request's content.
 */
import { defined } from '@leasehold/contract/defined';

/** The response of a server. */
export interface Answered {
  readonly status: number;
  /** The decompressed body. Its size is at most {@link BoundedCall.maxBytes}. */
  readonly body: Buffer;
}

/** One call. */
export interface BoundedCall {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Cancels the call at any stage. */
  readonly signal: AbortSignal;
  /** Maximum size of a response in bytes. */
  readonly maxBytes: number;
}

/**
 * The error for a server that did not respond, or whose response was too large. The message does not contain any
 * address, header or body.
 */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';

  constructor(
    readonly why: 'timeout' | 'unreachable' | 'too-large',
    /** The system error code, for example `ECONNREFUSED`. */
    readonly code?: string,
  ) {
    super(code === undefined ? why : `${why}: ${code}`);
  }
}

/**
 * Calls a server. Retries once if the connection breaks before the response. The retry is useful because a connection
 * may break while the function is frozen. The retry is safe because none of these calls has side effects.
 * @throws {CallFailed}
 */
export async function boundedCall(url: URL, call: BoundedCall): Promise<Answered> {
  const response = await answerOf(url, call).catch((error: unknown) => {
    if (call.signal.aborted || !(error instanceof CallFailed) || error.code === 'ECONNREFUSED') throw error;
    return answerOf(url, call);
  });
  return { status: response.status, body: await bodyOf(response, call) };
}

/**
 * Parses the URL of a server to call. The URL must use `https`, or `http` for a server on this machine.
 * @throws TypeError that names the purpose of the URL. The message does not contain the URL, because the URL may
 * contain a password.
 */
export function callableUrl(address: string, what: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === undefined || !secure || url.username !== '' || url.password !== '') {
    throw new TypeError(
      `The address of ${what} must begin with https:// and contain no password. Correct the address.`,
    );
  }
  return url;
}

/** The loopback hosts in the form that the URL parser writes. The parser normalizes IP addresses. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

async function answerOf(url: URL, { method, headers, body, signal }: BoundedCall): Promise<Response> {
  try {
    const sent = defined({ body });
    return await fetch(url, { method, ...sent, headers: { ...headers }, signal, redirect: 'manual' });
  } catch (error) {
    throw callFailed(error, signal);
  }
}

async function bodyOf(response: Response, { signal, maxBytes }: BoundedCall): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop cancels the rest of the body.
    for await (const part of response.body ?? []) {
      size += part.byteLength;
      if (size > maxBytes) throw new CallFailed('too-large');
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof CallFailed ? error : callFailed(error, signal);
  }
  return Buffer.concat(parts, size);
}

/** The original error may quote a header, which may contain a key. */
function callFailed(error: unknown, signal: AbortSignal): CallFailed {
  if (signal.aborted) return new CallFailed('timeout');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return new CallFailed('unreachable', code);
}
