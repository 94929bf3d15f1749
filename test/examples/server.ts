/** The parts of GitHub's and GitLab's API that publishing a review speaks to, on this machine. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Server {
  readonly url: string;
  /** Calls that change something, in order. */
  readonly changes: readonly Call[];
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

/** Answers by `method path`: a list is cut into pages, a number is a refusal, and what is not there is 404. */
export async function startServer(answers: Readonly<Record<string, unknown>>): Promise<Server> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const text = Buffer.concat(chunks).toString('utf8');
      const method = request.method ?? '';
      calls.push({ method, path: pathname, body: text === '' ? {} : JSON.parse(text), headers: request.headers });
      let answer = answers[`${method} ${pathname}`];
      if (method !== 'GET' && answer === undefined) answer = {};
      if (Array.isArray(answer)) {
        const size = Number(searchParams.get('per_page') ?? 30);
        const page = Number(searchParams.get('page') ?? 1);
        answer = answer.slice((page - 1) * size, page * size);
      }
      response.statusCode = typeof answer === 'number' ? answer : answer === undefined ? 404 : 200;
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get changes() {
      return calls.filter(({ method }) => method !== 'GET');
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
