/** A provider on this machine that speaks a real protocol, and misbehaves where it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What it answers: a reply; or nothing, a beginning and then nothing, a broken connection, a body without end. */
export type Reply = Json | 'silence' | 'trickle' | 'cut' | 'flood';

export interface Json {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body: unknown;
}

/** A request, as it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a client sent, which the tests look into
  readonly json: any;
}

/** What a provider says to a request that is wrong; `undefined` for one that is right. */
export type Check = (request: Received) => Json | undefined;

export class Double {
  readonly received: Received[] = [];
  /** The replies to come, in their order; the last one stays. */
  replies: readonly Reply[] = [];
  readonly #server: Server | Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  private constructor(server: Server | Http2Server) {
    this.#server = server;
  }

  /** Starts one that says no to what `check` finds wrong. */
  static async start(protocol: 'http/1.1' | 'h2', check: Check = () => undefined): Promise<Double> {
    const server = protocol === 'h2' ? createHttp2Server() : createServer();
    const double = new Double(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      double.#take(request, response, check).catch(() => response.destroy());
    });
    server.on('session', (session: ServerHttp2Session) => {
      double.#sessions.add(session);
      session.on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return double;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse, check: Check): Promise<void> {
    const received = await read(request);
    this.received.push(received);
    const [next, ...rest] = this.replies;
    const reply = check(received) ?? next ?? { status: 500, body: '' };
    if (rest.length > 0) this.replies = rest;
    if (reply === 'silence') return;
    if (reply === 'cut') {
      // Of HTTP/2 the compatibility layer lets go of the stream alone, so the whole session is ended.
      if (this.#sessions.size > 0) for (const session of this.#sessions) session.destroy();
      else request.socket.destroy();
      return;
    }
    if (typeof reply === 'object') {
      const { status = 200, headers = {}, body } = reply;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"a":"');
    if (reply === 'flood') await flood(response);
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {}
  const { method = '', url: path = '' } = request;
  return { method, path, headers: Object.fromEntries(headers), text, json };
}

/** Sends until nobody reads any more. */
async function flood(response: ServerResponse): Promise<void> {
  const part = 'x'.repeat(65_536);
  let open = true;
  const closed = once(response, 'close').then(() => {
    open = false;
  });
  while (open) {
    if (!response.write(part)) await Promise.race([once(response, 'drain'), closed]);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
