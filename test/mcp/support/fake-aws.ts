/** A server in place of AWS that answers as a test says, and remembers what reached it. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class FakeAws {
  readonly heard: HeardCall[] = [];
  /** Answers the next calls. */
  answer: (call: HeardCall, response: ServerResponse) => void = (_, response) => {
    response.end();
  };

  private constructor(readonly server: Server) {}

  static async open(): Promise<FakeAws> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
        fake.heard.push(call);
        fake.answer(call, response);
      });
    });
    const fake = new FakeAws(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
