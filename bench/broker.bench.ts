/**
 * What the broker costs: the whole handler with a reviewer that answers at once, against DynamoDB and STS on the loopback
 * interface, beside the three calls of AWS that no broker could do without; what it decides without AWS; its cold start.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { awsPorts, localSeal } from '@leasehold/broker/adapters/aws';
import { createHandler } from '@leasehold/broker/http';
import { composePorts } from '@leasehold/broker/lambda';
import { loadDefinitions } from '@leasehold/definitions';
import {
  brokerConfig,
  eventsTableName,
  projectionsTableName,
  RECORD_KEY_VARIABLE,
  roleArn,
} from '@leasehold/documents';
import { zipSync } from 'fflate';
import { leaseItem } from '../lib/broker/adapters/lease-item';
import type { ApiEvent } from '../lib/broker/http/event';
import { fold } from '../lib/broker/lease/fold';
import type { ReviewerPort } from '../lib/broker/ports';
import { brokeredRoles } from '../lib/broker/rules';
import { type Offer, validate } from '../lib/broker/verdict/validate';
import type { Environment } from '../lib/definitions/model';
import {
  type Benchmark,
  byTurns,
  clockMs,
  clockRatio,
  type Measurement,
  median,
  processorMs,
  quantile,
  sized,
} from './benchmark';
import type { Ready } from './broker-aws';
import { compile, ROOT } from './program';

/** KMS is asked once a day and instance, so that it is in none of these numbers. */
const SEAL = localSeal(Buffer.from('a key of the benchmark'));
const TURNS = sized(200, 2);
const WARM_UP = sized(50, 1);
const LOAD = sized(1_500, 20);
const AT_ONCE = 16;
const GRANTS = sized(20_000, 50);
const ROUNDS = sized(9, 1);
const STARTS = sized(15, 1);

const PROJECT = `kind: Project
name: bench
environments:
  dev: { account: "123456789012", region: eu-west-1, approval: { humans: 1 } }
agents:
  agent: { identity: { type: iam-user } }
approvers: [lead, oncall]
---
kind: Broker
reviewer: { provider: openai, model: instant, endpoint: "http://127.0.0.1:9/v1", key: false }
budgets: { requests: { limit: 100000, window: 24h }, denials: { limit: 100000, window: 24h } }
`;

const role = (name: string, lease: string, humans: number) => `kind: Role
name: ${name}
purpose: Upload build artefacts under one release of the deploy bucket. No delete.
access: write
gate: broker
reviewer: decide
approval: { humans: ${humans} }
lease: { default: ${lease}, max: ${lease} }
parameters:
  release: { pattern: "[a-z0-9][a-z0-9.-]{0,62}", description: Release folder }
allow:
  - actions: [s3:GetObject, s3:PutObject]
    resources: ["arn:aws:s3:::bench-deploy/\${param.release}/*"]
  - actions: [s3:ListBucket]
    resources: ["arn:aws:s3:::bench-deploy"]
    conditions: { StringLike: { s3:prefix: "\${param.release}/*" } }
sensitive:
  - { action: s3:GetObject, because: To compare what is there with what was built. }
`;

export const benchmark: Benchmark = {
  title: 'The broker: requests, decisions, cold start',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-broker-'));
    try {
      const roles = join(folder, 'roles');
      mkdirSync(roles);
      writeFileSync(
        join(roles, 'all.yaml'),
        [PROJECT, role('deploy', '15m', 0), role('quick', '1m', 0), role('asked', '15m', 1)].join('---\n'),
      );
      const environment = environmentOf(roles);
      const program = join(folder, 'program');
      compile(['bench/broker-aws.ts'], program);
      const aws = await Aws.start(program, roles);
      try {
        return [
          ...(await wholeHandler(aws, environment)),
          ...(await callsALease(aws, environment)),
          ...(await decisions(environment)),
          ...(await coldStart(aws, environment, folder)),
        ];
      } finally {
        await aws.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

class Aws {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  static async start(program: string, roles: string): Promise<Aws> {
    const child = fork(
      join(program, 'bench', 'broker-aws.js'),
      [join(ROOT, 'lib', 'cli', 'dist', 'dev', 'index.js'), roles],
      {
        execArgv: [],
      },
    );
    const [ready]: Ready[] = await once(child, 'message');
    if (!ready) throw new Error('AWS did not start');
    return new Aws(child, ready);
  }

  /** Calls since this was asked before. */
  async calls(): Promise<Readonly<Record<string, number>>> {
    this.child.send('calls');
    const [calls] = await once(this.child, 'message');
    return calls;
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
  }
}

/** Says yes to whatever is asked for, at once. */
const INSTANT: ReviewerPort = {
  model: 'instant',
  review: async ({ untrusted, roles }) => ({
    decision: 'allow',
    role: untrusted.role,
    actions: roles[0]?.actions ?? [],
    parameters: untrusted.parameters ?? {},
    minutes: roles[0]?.maxMinutes ?? 1,
    risk: 'low',
    sentence: 'It fits the policy.',
  }),
};

function handlerOf({ ready: { url, keys } }: Aws, environment: Environment) {
  const endpoints = { dynamodb: url, sts: url, iam: url };
  const nobody = () => undefined;
  const telemetry = { count: nobody, issueLatency: nobody, answered: nobody, error: nobody };
  const aws = awsPorts({ environment, credentials: keys, endpoints, records: { seal: SEAL } });
  return createHandler(composePorts({ environment, aws, telemetry, reviewer: INSTANT }), environment);
}

let asked = 0;

function request(name: string, agentArn: string): ApiEvent {
  asked += 1;
  return {
    version: '2.0',
    routeKey: 'POST /leases',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      role: name,
      parameters: { release: `1.4.${asked}` },
      reason: `Upload release 1.4.${asked} to the deploy bucket`,
    }),
    requestContext: { authorizer: { iam: { userArn: agentArn, accountId: '123456789012' } } },
  };
}

async function wholeHandler(aws: Aws, environment: Environment): Promise<readonly Measurement[]> {
  const handler = handlerOf(aws, environment);
  const { agentArn } = aws.ready;
  const granted = async () => {
    const { statusCode, body } = await handler(request('deploy', agentArn));
    if (statusCode !== 201) throw new Error(`the broker answered ${statusCode}: ${body}`);
  };
  const bare = bareCalls(aws, environment);
  const times = await byTurns(
    { broker: () => clockMs(granted), bare: () => clockMs(bare) },
    { turns: TURNS, warmUp: WARM_UP },
  );
  const began = process.hrtime.bigint();
  let left = LOAD;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await granted();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return [
    { name: 'request to credentials, median', value: median(times.broker), unit: 'ms' },
    { name: 'request to credentials, 99th percentile', value: quantile(times.broker, 0.99), unit: 'ms' },
    { name: 'the same three calls of AWS alone, median', value: median(times.bare), unit: 'ms' },
    {
      name: 'request, times the three calls',
      value: clockRatio(times.broker, times.bare),
      unit: '×',
      atMost: 2.2,
    },
    { name: `requests a second, ${AT_ONCE} at once`, value: LOAD / seconds, unit: '1/s' },
  ];
}

/** A counter, a record and a session: what any broker has to ask of AWS. */
function bareCalls({ ready: { url, keys } }: Aws, environment: Environment): () => Promise<void> {
  const settings = { endpoint: url, region: environment.region, credentials: { ...keys } };
  const dynamodb = new DynamoDBClient(settings);
  const sts = new STSClient(settings);
  const [deploy] = environment.roles.filter(({ name }) => name === 'deploy');
  if (!deploy) throw new Error('there is no role deploy');
  let calls = 0;
  return async () => {
    calls += 1;
    const id = `lh-bare${calls}`;
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: projectionsTableName(environment),
        Key: { pk: { S: 'principal#bare' }, sk: { S: 'principal' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    await dynamodb.send(
      new PutItemCommand({
        TableName: eventsTableName(environment),
        Item: { lease: { S: id }, sequence: { N: '1' }, events: { S: 'x'.repeat(2000) } },
        ConditionExpression: 'attribute_not_exists(lease)',
      }),
    );
    await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn(deploy, environment),
        RoleSessionName: id,
        SourceIdentity: 'agent',
        DurationSeconds: 900,
        Tags: Object.entries({
          'lease-id': id,
          reason: 'Upload a release to the deploy bucket',
          requester: 'agent',
          'param.release': `1.4.${calls}`,
        }).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  };
}

async function callsALease(aws: Aws, environment: Environment): Promise<readonly Measurement[]> {
  const handler = handlerOf(aws, environment);
  const { agentArn } = aws.ready;
  const counted = async (event: ApiEvent) => {
    await aws.calls();
    const { body } = await handler(event);
    const calls = Object.values(await aws.calls()).reduce((sum, each) => sum + each, 0);
    return { calls, id: JSON.parse(body).lease?.id as string };
  };
  const long = await counted(request('deploy', agentArn));
  const short = await counted(request('quick', agentArn));
  const { requestContext } = request('deploy', agentArn);
  const status = await counted({
    version: '2.0',
    routeKey: 'GET /leases/{lease}',
    headers: {},
    pathParameters: { lease: long.id },
    requestContext,
  });
  return [
    { name: 'calls of AWS a lease', value: long.calls, unit: '', atMost: 4 },
    { name: 'calls of AWS a lease of a minute', value: short.calls, unit: '', atMost: 4 },
    { name: 'calls of AWS a status', value: status.calls, unit: '', atMost: 1 },
    ...(await written(environment)),
  ];
}

/** What a granted lease writes, in units of 1 kB. */
async function written(environment: Environment): Promise<readonly Measurement[]> {
  let bytes = 0;
  const ports = composePorts({
    environment,
    aws: {
      ...awsPorts({ environment, records: { seal: SEAL } }),
      leases: {
        read: async () => [],
        append: async (events) => {
          const item = leaseItem(events, fold(events), 'w'.repeat(22));
          bytes = Object.entries(item).reduce((sum, [key, { S, N }]) => sum + key.length + (S ?? N ?? '').length, 0);
          return 'appended';
        },
        list: async () => ({ leases: [] }),
      },
      principals: {
        spend: async () => ({ requests: { current: 1, previous: 0 }, denials: { current: 0, previous: 0 } }),
        reserve: async () => ({ current: 1, previous: 0 }),
        giveBack: async () => undefined,
        account: async () => ({ requests: { current: 1, previous: 0 }, denials: { current: 0, previous: 0 } }),
        all: async () => ({}),
        get: async () => undefined,
        put: async () => 'stored',
      },
    },
    telemetry: { count: () => {}, issueLatency: () => {}, answered: () => {}, error: () => {} },
    reviewer: INSTANT,
  });
  const arn = 'arn:aws:iam::123456789012:user/agents/bench-dev-agent';
  await createHandler(ports, environment)(request('asked', arn));
  return [{ name: 'bytes of a record, request to question', value: bytes, unit: 'B' }];
}

/**
 * Answers of a model, judged, and their grants built; beside `JSON.parse` of what is judged, the answer and the role. In
 * processor time.
 */
async function decisions(environment: Environment): Promise<readonly Measurement[]> {
  const roles = brokeredRoles(environment);
  const answer = (number: number) => ({
    decision: 'allow',
    role: 'deploy',
    actions: ['s3:PutObject', 's3:ListBucket'],
    parameters: { release: `1.4.${number}` },
    minutes: 15,
    risk: 'low',
    sentence: 'It fits the policy.',
  });
  const decide = () => {
    for (let number = 0; number < GRANTS; number += 1) {
      const offer: Offer = {
        lease: `lh-${number}`,
        requester: { kind: 'agent', name: 'agent', key: '123456789012 user/agents/bench-dev-agent', groups: [] },
        reason: 'Upload a release to the deploy bucket',
        asked: { by: 'intent' },
        roles,
      };
      if (validate(answer(number), offer).kind !== 'grant') throw new Error('a fair answer was refused');
    }
  };
  const role = environment.roles.find(({ name }) => name === 'deploy');
  const text = JSON.stringify({ answer: answer(1), role });
  const parse = () => {
    for (let number = 0; number < GRANTS; number += 1) JSON.parse(text);
  };
  // Two rounds until V8 has compiled all of it; what a first request takes is the cold start.
  const times = await byTurns(
    { decide: () => processorMs(decide), parse: () => processorMs(parse) },
    { turns: ROUNDS, warmUp: 2 },
  );
  const [decided, parsed] = [median(times.decide), median(times.parse)];
  return [
    { name: 'answers judged and grants built, a second of one core', value: (GRANTS / decided) * 1000, unit: '1/s' },
    { name: 'the same, beside JSON.parse of answer and role', value: decided / parsed, unit: '×', atMost: 13 },
  ];
}

/** KMS, which makes MACs at once: a cold start asks it for one. */
async function startKms(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Mac: Buffer.alloc(32, 7).toString('base64') }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

/** From the start of a process with the function's own file to its first answer: a lease that waits for a human. */
async function coldStart(aws: Aws, environment: Environment, folder: string): Promise<readonly Measurement[]> {
  const bundle = readFileSync(join(ROOT, 'lib', 'constructs', 'dist', 'broker-function', 'index.js'));
  const place = join(folder, 'function');
  mkdirSync(place);
  writeFileSync(join(place, 'index.js'), bundle);
  const { reviewer: _, ...broker } = environment.broker ?? {};
  const plain = { ...environment, broker, roles: environment.roles.map(unreviewed) } as Environment;
  writeFileSync(join(place, 'config.json'), brokerConfig(plain));
  writeFileSync(
    join(place, 'first.js'),
    `require('./index.js').handler(${JSON.stringify(request('asked', aws.ready.agentArn))}).then(({ statusCode }) => {
  process.stdout.write(String(statusCode));
  process.exit();
});\n`,
  );
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.ready.keys;
  const kms = await startKms();
  // What Lambda sets, and nothing of this shell: a variable like NODE_EXTRA_CA_CERTS alone can double the time.
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL_DYNAMODB: aws.ready.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
    [RECORD_KEY_VARIABLE]: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd',
    AWS_REGION: environment.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_TRACE_ENABLED: 'false',
  };
  const run = async (script: string) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, [script], { cwd: place, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    await once(child, 'exit');
    if (!['202', 'x'].includes(String(said))) throw new Error(`the function answered ${said}`);
    return milliseconds;
  };
  writeFileSync(join(place, 'nothing.js'), `process.stdout.write('x');\n`);
  const times = await byTurns({ first: () => run('first.js'), nothing: () => run('nothing.js') }, { turns: STARTS });
  kms.stop();
  const zipped = zipSync({ 'index.js': [bundle, { level: 9 }] }).length;
  return [
    { name: 'cold start: process to first answer, median', value: median(times.first), unit: 'ms' },
    { name: 'cold start of a program that does nothing, median', value: median(times.nothing), unit: 'ms' },
    {
      name: 'cold start, beside a program that does nothing',
      value: clockRatio(times.first, times.nothing),
      unit: '×',
      atMost: 9,
    },
    { name: 'the function, zipped', value: zipped / 1000, unit: 'kB', atMost: 1000 },
  ];
}

function unreviewed(role: Environment['roles'][number]): Environment['roles'][number] {
  return role.broker === undefined ? role : { ...role, broker: { ...role.broker, reviewer: 'off' } };
}

function environmentOf(roles: string): Environment {
  const { definitions, findings } = loadDefinitions(roles);
  const environment = definitions?.environments[0];
  if (environment === undefined) throw new Error(JSON.stringify(findings));
  return environment;
}
