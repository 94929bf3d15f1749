/**
 * What a call of AWS takes through the MCP server: the official client, the server and its check of every message in this
 * process, and an HTTP server that answers as S3 does. Beside it, in the same run, the same call by the SDK's own client,
 * which stays open as in an ordinary program.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { loadDefinitions } from '@leasehold/definitions';
import { manifest } from '@leasehold/documents';
import { McpService } from '@leasehold/mcp';
import { type Lease, type LeaseClient, LeaseCredentials, permissionsOf } from '@leasehold/runtime';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type Benchmark, byTurns, clockMs, type Measurement, median, quantile, sized } from './benchmark';
import { ROOT } from './program';

const CALLS = sized(300, 5);
const WARM_UP = sized(50, 1);
const BATCHES = sized(20, 1);
const BATCH = sized(25, 2);
const MANY = sized(10_000, 20);
/** How much more processor time a call through the server takes at most. */
const BOUND = 4.5;

const KEY = {
  accessKeyId: 'ASIALEASEHOLDBENCH00',
  secretAccessKey: 'aBenchmarkKeyThatOpensNothingAnywhere0000',
  sessionToken: 'aBenchmarkTokenThatOpensNothing'.repeat(20),
};
const REQUEST = {
  role: 's3-deploy',
  reason: 'Upload release 1.4.2 to the deploy bucket',
  parameters: { release: '1.4.2' },
};
const INPUT = { Bucket: 'hermes-dev-deploy', Key: '1.4.2/app.js' };
/** What AWS answers. */
const BODY = 'x'.repeat(1000);

export const benchmark: Benchmark = {
  title: 'A call of AWS through the MCP server, beside the same call by the SDK',
  run: async () => {
    const aws = await anAws();
    const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    try {
      const session = await aSession(endpoint);
      const measured = [...(await calls(session, endpoint)), await memory(session)];
      await session.close();
      return measured;
    } finally {
      aws.closeAllConnections();
      aws.close();
    }
  },
};

/** A model's client that has a lease. */
interface Session {
  get(): Promise<void>;
  close(): Promise<void>;
}

async function calls(session: Session, endpoint: string): Promise<readonly Measurement[]> {
  const sdk = new S3Client({ endpoint, forcePathStyle: true, region: 'ap-northeast-2', credentials: KEY });
  const direct = async () => (await sdk.send(new GetObjectCommand(INPUT))).Body?.transformToString();
  const times = await byTurns(
    { mcp: () => clockMs(() => session.get()), sdk: () => clockMs(direct) },
    { turns: CALLS, warmUp: WARM_UP },
  );
  const processor = await byTurns(
    { mcp: () => processorMsOf(() => session.get()), sdk: () => processorMsOf(direct) },
    { turns: BATCHES },
  );
  sdk.destroy();
  return [
    { name: 'call_aws, median', value: median(times.mcp), unit: 'ms' },
    { name: 'call_aws, 99th percentile', value: quantile(times.mcp, 0.99), unit: 'ms' },
    { name: 'the SDK alone, median', value: median(times.sdk), unit: 'ms' },
    { name: 'call_aws, processor time', value: median(processor.mcp), unit: 'ms' },
    {
      name: 'call_aws, beside the SDK alone',
      value: median(processor.mcp) / median(processor.sdk),
      unit: '×',
      atMost: BOUND,
    },
  ];
}

/** Milliseconds of processor time of one call, from several. The server that answers is part of both. */
async function processorMsOf(call: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  for (let index = 0; index < BATCH; index++) await call();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000 / BATCH;
}

async function memory(session: Session): Promise<Measurement> {
  const before = await heapAfter(session, MANY / 20);
  const after = await heapAfter(session, MANY);
  return { name: `heap grown by ${MANY.toLocaleString('en')} calls`, value: after - before, unit: 'MB', atMost: 1 };
}

async function heapAfter({ get }: Session, count: number): Promise<number> {
  for (let index = 0; index < count; index++) await get();
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function anAws(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end(BODY));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function aSession(endpoint: string): Promise<Session> {
  const service = new McpService({ client: aClient(), version: '0.0.0', env: { AWS_ENDPOINT_URL: endpoint } });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const stop = await service.serve(theirs);
  const model = new Client({ name: 'model', version: '1' });
  await model.connect(ours);
  const call = async (name: string, args: object) => {
    const { isError, structuredContent, content } = await model.callTool({ name, arguments: { ...args } });
    if (isError === true) throw new Error(`${name} failed: ${JSON.stringify(content)}`);
    return structuredContent as { readonly lease: string };
  };
  const { lease } = await call('request_lease', REQUEST);
  await call('lease_status', { lease });
  return {
    get: async () => {
      await call('call_aws', { lease, service: 's3', operation: 'GetObject', input: INPUT });
    },
    close: async () => {
      await stop();
      await model.close();
    },
  };
}

/** A client whose leases are there at once, without people and without STS. */
function aClient(): LeaseClient {
  const [environment] = loadDefinitions(join(ROOT, 'roles')).definitions?.environments ?? [];
  if (environment === undefined) throw new Error('the reference project has no environment');
  const deployed = manifest(environment);
  const { role, reason, parameters } = REQUEST;
  const entry = deployed.roles[role];
  if (entry === undefined) throw new Error(`the reference project has no role ${role}`);
  const expiresAt = new Date(Date.now() + 3_600_000);
  const lease: Lease = {
    id: 'lh-bench',
    role,
    expiresAt,
    grant: { role, reason, parameters, permissions: permissionsOf(entry, parameters), durationSeconds: 3600 },
    credentials: async () => new LeaseCredentials({ ...KEY, expiresAt: expiresAt.getTime() }),
    attenuate: () => Promise.reject(new Error('not measured')),
  };
  return {
    manifest: deployed,
    lease: async () => lease,
    leaseFor: async () => lease,
    withLease: (_, __, work) => work(lease),
  };
}
