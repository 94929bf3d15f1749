/** DynamoDB in memory, on the loopback interface: dynalite, with a broker's tables. Nothing of it outlives the process. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localSeal, type RecordSeal } from '@leasehold/broker/adapters/aws';
import { eventsTable, projectionsTable } from '@leasehold/broker/adapters/tables';
import type { Environment } from '@leasehold/definitions';

/** A server that is running. */
export interface LocalDynamoDb {
  /** For example `http://127.0.0.1:40123`. It believes whoever asks: only a sandbox may stand before it. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** What authenticates the records in it, where there is no KMS. */
  readonly seal: RecordSeal;
}

/** Starts it, with the tables of an environment's broker. */
export async function startDynamoDb(environment: Environment): Promise<LocalDynamoDb> {
  const dynalite = require('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // A connection that is closed just when it is to be used again would be a failure that no AWS has.
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
  return { url, stop, seal: localSeal(randomBytes(32)) };
}

/**
 * Makes the tables in a server that runs already, and goes on running. Its records are authenticated with a key that follows
 * from its address, so that whoever uses it next believes them; it is no secret, as nothing on a laptop is.
 */
export async function useDynamoDb(url: string, environment: Environment): Promise<LocalDynamoDb> {
  await makeTables(url, environment);
  return { url, stop: async () => undefined, seal: localSeal(Buffer.from(`leasehold dev ${url}`)) };
}

/** Milliseconds. */
const LONG = 3_600_000;

/** Dynalite throws what befalls a request that breaks off, which would end the whole process. */
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

async function makeTables(url: string, environment: Environment): Promise<void> {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'nobody-asks' };
  const { region } = environment;
  const client = new DynamoDBClient({ endpoint: url, region, credentials, maxAttempts: 1 });
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
