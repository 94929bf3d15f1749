/** An HTTP request as received. No part of the request has been verified. */
import type { IncomingMessage } from 'node:http';
import type { Headers } from './protocol';

export interface RawRequest {
  /** Upper case. */
  readonly method: string;
  /** Path as sent, percent-encoded, starting with `/`. */
  readonly path: string;
  /** Query string as sent, without the question mark. */
  readonly query: string;
  readonly headers: Headers;
  /** Names of headers that were sent more than once. */
  readonly repeated: ReadonlySet<string>;
  readonly sourceIp: string;
  /** The body. Empty until the body is read. */
  readonly body: Buffer;
}

/** The request without its body; `undefined` if the request target is not a path, as in a request to an HTTP proxy. */
export function rawRequest(message: IncomingMessage): RawRequest | undefined {
  const target = message.url ?? '';
  if (!target.startsWith('/') || target.includes('#')) return undefined;
  const mark = target.indexOf('?');
  const headers: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index]?.toLowerCase() ?? '';
    const value = message.rawHeaders[index + 1] ?? '';
    if (name in headers) repeated.add(name);
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  return {
    method: message.method?.toUpperCase() ?? '',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    repeated,
    sourceIp: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    body: Buffer.alloc(0),
  };
}

/** Host without its port, lower case. */
export function hostName(headers: Headers): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}
