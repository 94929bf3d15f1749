/** A server on the loopback interface that speaks JSON. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What it is asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** As text; empty for none. */
  readonly body: string;
}

/** What it answers. */
export interface Answered {
  readonly status: number;
  readonly body: object;
}

/** Starts it on a free port. An answer that cannot be made is a 500. */
export async function listen(answer: (asked: Asked) => Answered): Promise<Loopback> {
  const server = createServer(async (message, response) => {
    const { status, body } = await read(message)
      .then(answer)
      .catch(() => ({ status: 500, body: {} }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(message: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = '', url: path = '' } = message;
  return { method, path, body: Buffer.concat(chunks).toString('utf8') };
}
