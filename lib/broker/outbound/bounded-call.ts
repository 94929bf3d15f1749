/** Calls to servers that are not AWS: bounded in time and size, never redirected, and silent about what was sent. */

/** What a server answered. */
export interface Answered {
  readonly status: number;
  /** As it was sent, decompressed; at most {@link BoundedCall.maxBytes}. */
  readonly body: Buffer;
}

/** One call. */
export interface BoundedCall {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends it, wherever it is. */
  readonly signal: AbortSignal;
  /** The longest answer that is read. */
  readonly maxBytes: number;
}

/** A server that did not answer, or with more than is read. Names neither address nor header nor body. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';

  constructor(
    readonly why: 'timeout' | 'unreachable' | 'too-large',
    /** What the system calls it, for example `ECONNREFUSED`. */
    readonly code?: string,
  ) {
    super(code === undefined ? why : `${why}: ${code}`);
  }
}

/**
 * Calls a server. One that breaks off before it answers is called once more: the connection that a frozen function kept
 * open may be dead, and nothing that is called here has an effect.
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
 * An address to call: `https`, or `http` on this very machine.
 * @throws TypeError which names what the address is for, and not the address: it may hold a password.
 */
export function callableUrl(address: string, what: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === undefined || !secure || url.username !== '' || url.password !== '') {
    throw new TypeError(`The address of ${what} must begin with https:// and hold no password. Correct it.`);
  }
  return url;
}

/** As URLs spell it, which know numbers in one form alone. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

async function answerOf(url: URL, { method, headers, body, signal }: BoundedCall): Promise<Response> {
  try {
    const sent = body === undefined ? {} : { body };
    return await fetch(url, { method, ...sent, headers: { ...headers }, signal, redirect: 'manual' });
  } catch (error) {
    throw callFailed(error, signal);
  }
}

async function bodyOf(response: Response, { signal, maxBytes }: BoundedCall): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop cancels what is not read.
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

/** The error itself may quote a header, and with it a key. */
function callFailed(error: unknown, signal: AbortSignal): CallFailed {
  if (signal.aborted) return new CallFailed('timeout');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return new CallFailed('unreachable', code);
}
