/**
 * The MCP server over Streamable HTTP on the loopback interface. Every request must contain the token and the printed
 * host, and must not be sent by a web page. Each session has its own leases.
 */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { type McpOptions, McpService } from './server';

/** A running server. */
export interface McpHttpServer {
  /** The address, for example `http://127.0.0.1:40123/mcp`. */
  readonly url: string;
  /** The token that clients send as `Authorization: Bearer …`. */
  readonly token: string;
  /** Ends every session and discards every lease. */
  close(): Promise<void>;
}

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly stop: () => Promise<void>;
  usedAt: number;
}

/** Maximum number of concurrent sessions. */
const MOST_SESSIONS = 32;
/** Time in milliseconds after which an unused session ends. */
const IDLE = 3_600_000;
/** Maximum bytes of a request. */
const LONGEST_BODY = 4 * 1024 * 1024;
const LIMITS = { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 60_000 };

/** @throws the system's error, for example `EADDRINUSE` */
export async function serveHttp(options: McpOptions, port = 0): Promise<McpHttpServer> {
  const service = new McpService(options);
  const token = randomBytes(32).toString('base64url');
  service.secrets.add([token]);
  const sessions = new Sessions(service);
  const server = createServer(LIMITS, (request, response) => {
    const authority = `:${request.socket.localPort}`;
    void answer(request, response, { sessions, token, authority }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  });
  const sweep = setInterval(() => void sessions.endIdle(), IDLE / 12).unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    token,
    close: async () => {
      clearInterval(sweep);
      await sessions.endAll();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Serving {
  readonly sessions: Sessions;
  readonly token: string;
  /** The port, with its colon. */
  readonly authority: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const refusal = refusalOf(request, serving);
  if (refusal !== undefined) return refuse(response, ...refusal);
  const { sessions } = serving;
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.find(id) : undefined;
  if (id !== undefined && known === undefined) return refuse(response, 404, 'the session is over');
  if (request.method !== 'POST') {
    return known === undefined
      ? refuse(response, 400, 'there is no session')
      : known.transport.handleRequest(request, response);
  }
  const body = await bodyOf(request);
  if (body === undefined) return refuse(response, 413, 'the request is too large, or is no JSON');
  if (known !== undefined) return known.transport.handleRequest(request, response, body);
  const session = await sessions.open();
  if (session === undefined) return refuse(response, 503, 'too many sessions');
  await session.transport.handleRequest(request, response, body);
  // If the first request is not `initialize`, no session is opened.
  if (session.transport.sessionId === undefined) await session.stop();
}

/**
 * A web page that reaches the port through a domain name for 127.0.0.1 (DNS rebinding) sends its own Host header, or an
 * Origin header.
 */
function refusalOf(request: IncomingMessage, { token, authority }: Serving): [status: number, why: string] | undefined {
  const { headers, rawHeaders } = request;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const isOurs = headers.host === `127.0.0.1${authority}` || headers.host === `localhost${authority}`;
  if (hosts.length !== 1 || !isOurs || headers.origin !== undefined || 'sec-fetch-site' in headers) {
    return [403, 'the request is not for this server'];
  }
  if (!isEqual(headers.authorization ?? '', `Bearer ${token}`)) return [401, 'the token is missing or wrong'];
  return request.url?.split('?')[0] === '/mcp' ? undefined : [404, 'there is nothing at this path'];
}

function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const text = JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(text);
}

class Sessions {
  readonly #service: McpService;
  readonly #open = new Map<string, Session>();

  constructor(service: McpService) {
    this.#service = service;
  }

  find(id: string): Session | undefined {
    const found = this.#open.get(id);
    if (found !== undefined) found.usedAt = Date.now();
    return found;
  }

  /** Opens a session, which has no id until the client initializes it. */
  async open(): Promise<Session | undefined> {
    if (this.#open.size >= MOST_SESSIONS) return undefined;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        this.#open.set(id, session);
      },
      onsessionclosed: (id) => void this.#end(id),
    });
    const stop = await this.#service.serve(transport);
    const session: Session = { transport, stop, usedAt: Date.now() };
    return session;
  }

  async endIdle(): Promise<void> {
    for (const [id, { usedAt }] of this.#open) if (Date.now() - usedAt > IDLE) await this.#end(id);
  }

  async endAll(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.#end(id);
  }

  async #end(id: string): Promise<void> {
    const session = this.#open.get(id);
    this.#open.delete(id);
    await session?.stop();
  }
}
