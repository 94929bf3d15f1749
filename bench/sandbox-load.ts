/** Signed calls over connections that stay open, to a sandbox in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { ROOT } from './program';
import type { Code, Keys, Question, Ready } from './sandbox-server';
import { type Outgoing, signedHeaders } from './signed-headers';

/** The bucket of the reference project's `s3-deploy`. */
export const BUCKET = 'hermes-dev-deploy';

/** A call before it is signed. */
export type Call = Omit<Outgoing, 'endpoint'>;

/** A call as it is sent. */
export type Signed = Pick<Outgoing, 'method' | 'path' | 'body'> & {
  readonly headers: Readonly<Record<string, string>>;
};

/** A sandbox in a child process. */
export class Server {
  readonly ready: Ready;
  readonly #child: ReturnType<typeof fork>;

  private constructor(child: ReturnType<typeof fork>, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(program: string, ...more: readonly string[]): Promise<Server> {
    const args = [join(ROOT, 'lib', 'sandbox', 'dist', 'index.js'), join(ROOT, 'roles'), ...more];
    const child = fork(program, args, { execArgv: ['--expose-gc'] });
    const [ready] = (await once(child, 'message')) as [Ready];
    return new Server(child, ready);
  }

  async ask<T extends Keys | readonly Code[] | number>(question: Question): Promise<T> {
    this.#child.send(question);
    const [answer] = (await once(this.#child, 'message')) as [T];
    return answer;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}

/** The server that only verifies signatures, in a child process. */
export class Floor {
  private constructor(
    readonly child: ReturnType<typeof fork>,
    readonly url: string,
  ) {}

  static async start(program: string): Promise<Floor> {
    const child = fork(program, { execArgv: [] });
    const [url] = (await once(child, 'message')) as [string];
    return new Floor(child, url);
  }

  /** From now on it knows this key alone. */
  async knows({ accessKeyId, secretAccessKey, sessionToken }: Keys): Promise<void> {
    await this.#ask({ accessKeyId, secretAccessKey, ...defined({ sessionToken }) });
  }

  /** Seconds since the start. */
  processorTime(): Promise<number> {
    return this.#ask('processor-time');
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  async #ask(question: Keys | 'processor-time'): Promise<number> {
    this.child.send(question);
    const [answer] = (await once(this.child, 'message')) as [number];
    return answer;
  }
}

/** Signs and sends over connections that stay open. */
export class Wire {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor({ url }: Pick<Ready, 'url'>, connections: number) {
    this.#url = new URL(url);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  sign(call: Call): Signed {
    const { method, path, body = '' } = call;
    const headers = signedHeaders({ ...call, endpoint: this.#url.origin });
    return { method, path, body, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } };
  }

  /** The answer's text; another status than the expected one is an error. */
  send({ method, path, headers, body }: Signed, expected: number): Promise<string> {
    const { hostname, port } = this.#url;
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { agent: this.#agent, hostname, port, method, path, headers, setHost: false },
        (message) => {
          const chunks: Buffer[] = [];
          message.on('data', (chunk: Buffer) => chunks.push(chunk));
          message.on('error', reject);
          message.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            if (message.statusCode === expected) resolve(text);
            else reject(new Error(`${method} ${path}: ${message.statusCode} instead of ${expected}: ${text}`));
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** An upload of one line. */
export function put({ region }: Ready, credentials: Keys, key: string): Call {
  const headers = { 'content-type': 'text/javascript' };
  return { region, service: 's3', credentials, method: 'PUT', path: `/${BUCKET}/${key}`, headers, body: 'app();\n' };
}

/** A lease of `s3-deploy` for release 1.4.2, in order. */
export function assumeRole({ region, agent, userArn }: Ready, { serialNumber, code }: Code, number: number): Call {
  const [, account = '', user = ''] = /^arn:aws:iam::(\d{12}):user\/agents\/(.+)$/.exec(userArn) ?? [];
  const fields = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${account}:role/leasehold/hermes-dev/hermes-dev-s3-deploy`,
    RoleSessionName: `lh-bench-${number}`,
    SourceIdentity: user,
    DurationSeconds: '900',
    SerialNumber: serialNumber,
    TokenCode: code,
    'Tags.member.1.Key': 'lease-id',
    'Tags.member.1.Value': `lh-bench-${number}`,
    'Tags.member.2.Key': 'reason',
    'Tags.member.2.Value': 'Deploy build 1.4.2 to the dev bucket',
    'Tags.member.3.Key': 'param.release',
    'Tags.member.3.Value': '1.4.2',
  };
  return {
    region,
    service: 'sts',
    credentials: agent,
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** The credentials in STS's answer. */
export function keysIn(text: string): Keys {
  const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? '';
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
  };
}

/** Makes the bucket. */
export function createBucket({ region, administrator }: Ready): Call {
  const location = `<LocationConstraint>${region}</LocationConstraint>`;
  const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${location}</CreateBucketConfiguration>`;
  return { region, service: 's3', credentials: administrator, method: 'PUT', path: `/${BUCKET}`, body };
}
