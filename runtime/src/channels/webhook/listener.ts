/** The HTTP listener that receives signed answers. Only a signed POST has an effect. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { channelFailed } from '../question';

/** The response to a POST on the listener's path. */
export interface Reply {
  readonly status: number;
  readonly result: 'taken' | 'refused';
  readonly because?: string;
}

/** An open listener. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Maximum size of an answer in bytes. */
export const LARGEST_ANSWER = 8 * 1024;
/** Maximum number of milliseconds that a request may take to arrive completely. */
const PATIENCE = 10_000;
/** Maximum number of milliseconds that responses in progress may take after the listener starts to close. */
const GRACE = 1_000;

/**
 * Listens, and passes the headers and body of each POST on the path to the handler.
 * @throws LeaseError `channel-failed`
 */
export async function listen(
  host: string,
  port: number,
  path: string,
  take: (headers: IncomingMessage['headers'], body: string) => Reply,
): Promise<Listener> {
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, (incoming, response) => {
    incoming.on('error', () => response.destroy());
    receive(incoming, response, path, take);
  });
  await opened(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(channelFailed(`cannot listen on ${host}:${port}`, 'Name another port or host.', false, error));
    });
    server.listen(port, host, resolve);
  });
}

function receive(
  incoming: IncomingMessage,
  response: ServerResponse,
  path: string,
  take: (headers: IncomingMessage['headers'], body: string) => Reply,
): void {
  const tooLarge = [413, `The body of an answer can have at most ${LARGEST_ANSWER} bytes.`] as const;
  const amiss = wrongDoor(incoming, path) ?? (lengthOf(incoming) > LARGEST_ANSWER ? tooLarge : undefined);
  if (amiss !== undefined) {
    refuse(response, ...amiss);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LARGEST_ANSWER) chunks.push(chunk);
    else {
      incoming.removeAllListeners('data').removeAllListeners('end');
      refuse(response, ...tooLarge);
    }
  });
  incoming.on('end', () => {
    const { status, ...said } = take(incoming.headers, Buffer.concat(chunks).toString('utf8'));
    send(response, status, said);
  });
}

function wrongDoor({ url, method }: IncomingMessage, path: string): readonly [number, string] | undefined {
  if (url !== path) return [404, 'This path does not exist.'];
  return method === 'POST' ? undefined : [405, 'Answers are sent with POST.'];
}

function lengthOf({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

function refuse(response: ServerResponse, status: number, because: string): void {
  send(response, status, { result: 'refused', because });
}

/** Sends a response and closes the connection without reading further data. */
function send(response: ServerResponse, status: number, said: Omit<Reply, 'status'>): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    connection: 'close',
    ...(status === 405 ? { allow: 'POST' } : {}),
  });
  response.end(JSON.stringify(said));
}
