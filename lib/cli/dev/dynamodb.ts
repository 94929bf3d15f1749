/**
 * In-memory DynamoDB on the loopback interface: dynalite with a broker's tables. The data is lost when the process
 * ends.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { localSeal, type RecordSeal } from '@leasehold/broker/adapters/aws';
import { eventsTable, projectionsTable } from '@leasehold/broker/adapters/tables';
import type { Environment } from '@leasehold/definitions';
import { eventsTableName } from '@leasehold/documents';

/** A running server. */
export interface LocalDynamoDb {
  /**
   * Address of the server, for example `http://127.0.0.1:40123`. The server does not authenticate requests, so only the
   * sandbox may send requests to it.
   */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /**
   * Deletes all leases except the newest `most`. Does not delete anything if the server is also used by other
   * processes.
   */
  readonly forget: (most: number) => Promise<void>;
  /** The key that authenticates the records. It replaces the KMS key. */
  readonly seal: RecordSeal;
}

/** Starts dynalite with the tables of an environment's broker. */
export async function startDynamoDb(environment: Environment): Promise<LocalDynamoDb> {
  const dynalite = require('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // If the server closed an idle connection just before it is reused, the request would fail. AWS does not cause this
  // failure.
  server.keepAliveTimeout = LONG;
  forgiveBrokenRequests(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  try {
    await makeTables(url, environment);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop, forget: (most) => forgetLeases(url, environment, most), seal: localSeal(randomBytes(32)) };
}

/**
 * Creates the tables in an existing server, which keeps running. The key that authenticates the records is derived from
 * the server's address, so that the next process that uses the server accepts the records. Like everything in local
 * development, the key is not a secret.
 */
export async function useDynamoDb(url: string, environment: Environment): Promise<LocalDynamoDb> {
  await makeTables(url, environment);
  const forget = async () => undefined;
  return { url, stop: async () => undefined, forget, seal: localSeal(Buffer.from(`leasehold dev ${url}`)) };
}

/** Milliseconds. */
const LONG = 3_600_000;

/** Dynalite throws when a client aborts a request. The exception would end the whole process. */
function forgiveBrokenRequests(server: Server): void {
  const [answer] = server.listeners('request');
  if (typeof answer !== 'function') throw new TypeError('dynalite does not answer requests');
  server.removeAllListeners('request');
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    answer.call(server, message, response);
    message.removeAllListeners('error');
    message.on('error', () => response.destroy());
  });
}

/** A client that calls the server directly, not through the sandbox. */
function clientOf(url: string, { region }: Environment): DynamoDBClient {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'nobody-asks' };
  return new DynamoDBClient({ endpoint: url, region, credentials, maxAttempts: 1 });
}

async function forgetLeases(url: string, environment: Environment, most: number): Promise<void> {
  const client = clientOf(url, environment);
  const TableName = eventsTableName(environment);
  const items = new Map<string, { last: number; readonly keys: Record<string, AttributeValue>[] }>();
  try {
    const names = { '#lease': 'lease', '#sequence': 'sequence', '#at': 'at' };
    const scan = { TableName, ProjectionExpression: '#lease, #sequence, #at', ExpressionAttributeNames: names };
    for await (const { Items: page = [] } of paginateScan({ client }, scan)) {
      for (const { lease = { S: '' }, sequence = { N: '0' }, at } of page) {
        const known = items.get(lease.S ?? '') ?? { last: 0, keys: [] };
        known.last = Math.max(known.last, Number(at?.N ?? 0));
        known.keys.push({ lease, sequence });
        items.set(lease.S ?? '', known);
      }
    }
    const oldest = [...items.values()].sort((one, other) => other.last - one.last).slice(most);
    for (const Key of oldest.flatMap(({ keys }) => keys)) {
      await client.send(new DeleteItemCommand({ TableName, Key }));
    }
  } finally {
    client.destroy();
  }
}

async function makeTables(url: string, environment: Environment): Promise<void> {
  const client = clientOf(url, environment);
  try {
    for (const table of [eventsTable(environment), projectionsTable(environment)]) {
      await client.send(new CreateTableCommand(table));
      const describe = new DescribeTableCommand({ TableName: table.TableName });
      while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await turn();
    }
  } finally {
    client.destroy();
  }
}
