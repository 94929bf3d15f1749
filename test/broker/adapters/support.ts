/** Real servers of AWS's protocols for the adapters: dynalite, and a proxy that fails as networks do. */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AwsPortsOptions, awsPorts, localSeal } from '@leasehold/broker/adapters/aws';
import { eventsTable, projectionsTable } from '@leasehold/broker/adapters/tables';
import type { AwsOptions } from '../../../lib/broker/adapters/clients';
import type { Broker, Environment } from '../../../lib/definitions/model';
import { anEnvironment, aReleaseRole } from '../../support/environment';

export const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-a-secret' };

/** Stands for KMS, where a test does not speak of it. */
export const SEAL = localSeal(Buffer.from('a key of the tests'));

const nowhere = () => ({ file: 'roles/broker.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 });

/** Ten requests a minute, five denials in ten minutes. */
export const BROKER: Broker = {
  budgets: { requests: { limit: 10, windowSeconds: 60 }, denials: { limit: 5, windowSeconds: 600 } },
  subjects: [],
  locate: nowhere,
};

/** Role `s3-deploy`, which the broker opens for agent `agent`. */
export const BROKERED = aReleaseRole({
  gates: ['broker'],
  lease: { defaultSeconds: 600, maxSeconds: 3600 },
  broker: { humans: 1, windowSeconds: 1800, reviewer: 'off', eligible: { agents: ['agent'], groups: [] } },
});

/** Environment `dev` with a broker that opens `s3-deploy`. */
export const ENVIRONMENT: Environment = anEnvironment({ roles: [BROKERED], broker: BROKER });

/** A server on the loopback interface. */
export interface Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** DynamoDB in memory, with the broker's tables. */
export async function aDynamoDb(): Promise<Running> {
  const dynalite = require('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // A connection that is closed while a busy machine is about to use it is a failure that no test asked for.
  server.keepAliveTimeout = 300_000;
  const running = await listen(server);
  const client = aDynamoDbClient(running.url);
  for (const table of [eventsTable(ENVIRONMENT), projectionsTable(ENVIRONMENT)]) {
    await client.send(new CreateTableCommand(table));
    const describe = new DescribeTableCommand({ TableName: table.TableName });
    while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await turn();
  }
  client.destroy();
  return running;
}

/** A client that looks at what the adapters left behind. */
export function aDynamoDbClient(url: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint: url, region: ENVIRONMENT.region, credentials: KEY });
}

/** The ports, with all of AWS at these addresses. A machine that is busy with many calls at once is no network that fails. */
export function portsAt(endpoints: NonNullable<AwsOptions['endpoints']>, options: Partial<AwsPortsOptions> = {}) {
  const timeouts = { connect: 60_000, request: 60_000 };
  return awsPorts({
    environment: ENVIRONMENT,
    credentials: KEY,
    endpoints,
    timeouts,
    records: { seal: SEAL },
    ...options,
  });
}

/** What becomes of one call. */
export type Fate =
  | 'pass'
  /** The connection breaks before the server hears of it. */
  | 'break'
  /** The server does it, and the answer is lost. */
  | 'lose'
  /** Nobody answers. */
  | 'hang'
  /** The server refuses, in the words of AWS. */
  | { readonly status: number; readonly body: string; readonly type?: string };

/** AWS asks to slow down, in the protocol of DynamoDB. */
export const THROTTLED: Fate = {
  status: 400,
  type: 'application/x-amz-json-1.0',
  body: JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' }),
};

/** A call as the proxy sees it. */
export interface Seen {
  /** `x-amz-target` of JSON protocols, `Action` of the query protocol. */
  readonly operation: string;
  readonly body: string;
}

/** A proxy in front of a server, which decides over each call. */
export class Network implements Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Every call that arrived, in order. */
  readonly seen: Seen[] = [];
  /** What becomes of the next calls; of each `pass` when it is not said. */
  fate: (call: Seen, index: number) => Fate | Promise<Fate> = () => 'pass';

  private constructor({ url, stop }: Running, set: (answer: Handler) => void, to: string) {
    this.url = url;
    this.stop = stop;
    set((message, response) => this.#answer(message, response, new URL(to)));
  }

  static async before(to: string): Promise<Network> {
    let handler: Handler = async () => undefined;
    const server = createServer({ keepAliveTimeout: 300_000 }, (message, response) => {
      void handler(message, response).catch(() => response.destroy());
    });
    const running = await listen(server);
    return new Network(
      running,
      (answer) => {
        handler = answer;
      },
      to,
    );
  }

  /** The operations that arrived. */
  get operations(): readonly string[] {
    return this.seen.map(({ operation }) => operation);
  }

  /** Fails these calls first, in their order, and lets the others pass. */
  first(...fates: readonly Fate[]): void {
    const from = this.seen.length;
    this.fate = (_, index) => fates[index - from] ?? 'pass';
  }

  async #answer(message: IncomingMessage, response: ServerResponse, to: URL): Promise<void> {
    const body = await textOf(message);
    const target = String(message.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action') ?? '');
    const call = { operation: target.slice(target.lastIndexOf('.') + 1), body };
    const index = this.seen.push(call) - 1;
    const fate = await this.fate(call, index);
    if (fate === 'hang') return;
    if (fate === 'break') {
      message.socket.destroy();
      return;
    }
    if (typeof fate === 'object') {
      response.writeHead(fate.status, { 'content-type': fate.type ?? 'text/xml' }).end(fate.body);
      return;
    }
    const answer = await forward(message, body, to);
    if (fate === 'lose') message.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections?.();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** The whole body of a message. */
export async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

type Handler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

async function forward(message: IncomingMessage, body: string, to: URL) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { method, url: path, headers } = message;
    httpRequest({ host: to.hostname, port: to.port, method, path, headers }, resolve).on('error', reject).end(body);
  });
  const { statusCode = 500, headers } = answer;
  const text = await textOf(answer);
  const { 'transfer-encoding': _, 'content-length': __, ...kept } = headers;
  return { status: statusCode, headers: kept, body: text };
}
