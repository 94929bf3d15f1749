/** The server of the endpoint. It listens only on the loopback interface, and requires a token. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LeaseClient } from '@leasehold/runtime';
import { EndpointClient } from './endpoint-client';
import { refusalOf } from './refusal';
import { answer, type RequestDefaults, type Surroundings } from './routes';

/** Options of the endpoint. */
export interface EndpointOptions {
  /**
   * Requests leases.
   * @default none, so the endpoint serves only leases that were requested elsewhere
   */
  readonly client?: LeaseClient;
  /** Port on 127.0.0.1. @default 0, which selects a free port */
  readonly port?: number;
  /**
   * Returns the default settings for requesting a role. Called for each request, because tokens are renewed.
   * @default no defaults
   */
  readonly defaults?: (role: string) => RequestDefaults;
  /** Returns milliseconds since 1970. @default the system clock */
  readonly now?: () => number;
}

/**
 * A running endpoint.
 * @public
 */
export interface CredentialsEndpoint {
  /** Address of the endpoint, for example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Adds a client with its own token. */
  admit(name: string): EndpointClient;
  /** Closes the server and every connection, withdraws every pending request, and discards every lease. */
  close(): Promise<void>;
}

/**
 * Starts the container credentials endpoint on the loopback interface.
 *
 * Source of the contract: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 *
 * @throws the system's error, for example `EADDRINUSE`, if the port is not available.
 * @example
 * const endpoint = await startCredentialsEndpoint({ client });
 * const agent = endpoint.admit('nightly-deploy');
 * spawn('python3', ['agent.py'], { env: { ...process.env, ...agent.environment('s3-deploy') } });
 * @public
 */
export async function startCredentialsEndpoint(options: EndpointOptions = {}): Promise<CredentialsEndpoint> {
  const { client, port = 0, now = Date.now, defaults = () => ({}) } = options;
  const clients: EndpointClient[] = [];
  const server = createServer(
    LIMITS,
    (request, response) => void handle(request, response, { clients, now, defaults }),
  );
  await listening(server, port);
  const url = `http://${authorityOf(server)}`;
  return {
    url,
    admit: (name) => {
      const admitted = new EndpointClient(name, url, client, now);
      clients.push(admitted);
      return admitted;
    },
    close: () =>
      new Promise((resolve) => {
        for (const { desk } of clients.splice(0)) desk.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Limits for requests. Requests are small and arrive immediately; only a response may take a long time, because the
 * endpoint may have to wait for a person.
 */
const LIMITS = { maxHeaderSize: 8192, headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 };

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Pick<Surroundings, 'clients' | 'now' | 'defaults'>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const authority = `127.0.0.1:${request.socket.localPort}`;
    send(response, 200, await answer(request, { ...serving, authority, gone: gone.signal }));
  } catch (error) {
    const refusal = refusalOf(error);
    send(response, refusal.status, refusal.body());
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function authorityOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `${address}:${port}`;
}
