/** Where a call goes: to the service of AWS, or to the endpoint that the person set, and nowhere that an input names. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { AwsCaller } from '../../../lib/mcp/aws/call';
import { guardedClient } from '../../../lib/mcp/aws/guarded-client';
import { type SdkArguments, SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { FileFolder } from '../../../lib/mcp/files';
import { SecretList } from '../../../lib/mcp/secrets';
import { DEV } from '../../runtime/support/desk';
import { FakeAws } from '../support/fake-aws';
import { anIssuedLease, KEYS } from '../support/issued';

const packages = new SdkPackages([]);
let aws: FakeAws;
let evil: FakeAws;
beforeEach(async () => {
  [aws, evil] = await Promise.all([FakeAws.open(), FakeAws.open()]);
});
afterEach(() => Promise.all([aws.close(), evil.close()]));

function call(service: string, operation: string, input: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  const caller = new AwsCaller({ manifest: manifest(DEV), packages, secrets: new SecretList(), env });
  const held = anIssuedLease('s3:*', 'sqs:*', 'dynamodb:*', 'lambda:*', 'sns:*', 'cloudwatch:*', 'logs:*');
  return caller.call(held, { service, operation, input }, AbortSignal.timeout(20_000));
}

/** The SDK compares the digest of the message with the answer's. */
const MD5_OF_X = '9dd4e461268c8034f5c8564e155c67a6';

it('an address of a queue does not choose the host', async () => {
  aws.answer = (_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody: MD5_OF_X }));
  };
  const env = { AWS_ENDPOINT_URL: aws.url };
  const answer = await call('sqs', 'SendMessage', { QueueUrl: `${evil.url}/123456789012/q`, MessageBody: 'x' }, env);
  expect(answer.output).toMatchObject({ MessageId: '1' });
  expect(aws.heard).toHaveLength(1);
  expect(evil.heard).toEqual([]);
});

it.each([
  ['the endpoint of the service itself', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
  ['the endpoint of every service', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SQS'],
])('%s is used', async (_, used, unused) => {
  await call('s3', 'PutObject', { Bucket: 'b-1', Key: 'k', Body: 'x' }, { [used]: aws.url, [unused]: evil.url });
  expect(aws.heard.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual(['PUT /b-1/k']);
  expect(evil.heard).toEqual([]);
});

/** A signed request as the last step before the network sees it; a refusal as its code. */
async function sent(service: string, operation: string, input: object): Promise<{ host: string; signature: string }> {
  const found = packages.operation({ prefix: service, packages: [service] }, operation);
  const client = await guardedClient(found, {
    region: 'eu-west-1',
    credentials: async () => KEYS as never,
    env: {},
    isRead: true,
  });
  const seen = { host: '', signature: '' };
  // Added later, so it runs after the guard.
  const stop = () => async (args: SdkArguments) => {
    const { hostname, headers } = args.request as SdkArguments['request'] & { headers: Record<string, string> };
    seen.host = hostname;
    seen.signature = headers.authorization ?? '';
    throw new Error('not sent');
  };
  client.middlewareStack.add(stop, { step: 'deserialize', priority: 'low', name: 'test' });
  await client.send(found.newCommand(input), { abortSignal: AbortSignal.timeout(20_000) }).catch((error) => {
    if (seen.host === '') seen.host = error.code ?? error.name;
  });
  return seen;
}

it.each([
  ['s3', 'PutObject', { Bucket: 'deploy-1', Key: 'k', Body: 'x' }, 'deploy-1.s3.eu-west-1.amazonaws.com'],
  ['s3', 'PutObject', { Bucket: 'deploy.with.dots', Key: 'k', Body: 'x' }, 's3.eu-west-1.amazonaws.com'],
  ['s3', 'ListBuckets', {}, 's3.eu-west-1.amazonaws.com'],
  ['dynamodb', 'ListTables', {}, 'dynamodb.eu-west-1.amazonaws.com'],
  ['cloudwatch', 'ListMetrics', {}, 'monitoring.eu-west-1.amazonaws.com'],
  ['cloudwatch-logs', 'DescribeLogGroups', {}, 'logs.eu-west-1.amazonaws.com'],
  ['ec2', 'DescribeInstances', {}, 'ec2.eu-west-1.amazonaws.com'],
  ['iam', 'ListUsers', {}, 'iam.amazonaws.com'],
  ['sqs', 'SendMessage', { QueueUrl: 'https://evil.example/1/q', MessageBody: 'x' }, 'sqs.eu-west-1.amazonaws.com'],
])('%s %s %j goes to %s', async (service, operation, input, host) => {
  expect((await sent(service, operation, input)).host).toBe(host);
});

it.each([
  ['a host of somebody else', 'evil.example'],
  ['a host of somebody else that ends alike', 'evil-sqs.eu-west-1.amazonaws.com'],
  ['an API of somebody at AWS', 'x1y2z3.execute-api.eu-west-1.amazonaws.com'],
  ['a bucket of somebody', 'evil.s3.eu-west-1.amazonaws.com'],
  ['the metadata of the machine', '169.254.169.254'],
])('a request that a middleware of the SDK sends to %s is not sent', async (_, hostname) => {
  const found = packages.operation({ prefix: 'sqs', packages: ['sqs'] }, 'ListQueues');
  const client = await guardedClient(found, {
    region: 'eu-west-1',
    credentials: async () => KEYS as never,
    env: {},
    isRead: true,
  });
  const redirect = (next: (args: SdkArguments) => Promise<unknown>) => (args: SdkArguments) => {
    Object.assign(args.request, { hostname });
    return next(args);
  };
  client.middlewareStack.add(redirect, { step: 'finalizeRequest', name: 'redirect' } as never);
  await expect(client.send(found.newCommand({}), { abortSignal: AbortSignal.timeout(20_000) })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('nothing was sent'),
  });
});

it.each([
  ['in the clear', { protocol: 'http:' }],
  ['on another port', { port: 8443 }],
])('a request that a middleware of the SDK sends %s is not sent', async (_, changed) => {
  const found = packages.operation({ prefix: 'sqs', packages: ['sqs'] }, 'ListQueues');
  const client = await guardedClient(found, {
    region: 'eu-west-1',
    credentials: async () => KEYS as never,
    env: {},
    isRead: true,
  });
  const redirect = (next: (args: SdkArguments) => Promise<unknown>) => (args: SdkArguments) => {
    Object.assign(args.request, changed);
    return next(args);
  };
  client.middlewareStack.add(redirect, { step: 'finalizeRequest', name: 'redirect' } as never);
  await expect(client.send(found.newCommand({}), { abortSignal: AbortSignal.timeout(20_000) })).rejects.toMatchObject({
    message: expect.stringContaining('nothing was sent'),
  });
});

it.each([
  ['http://aws.example', false],
  ['http://10.0.0.7:4566', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://169.254.169.254', false],
  ['ftp://127.0.0.1', false],
  ['nonsense', false],
  ['https://aws.example', true],
  ['http://localhost:4566', true],
  ['http://[::1]:4566', true],
])('the endpoint %s of the environment is used: %s', async (AWS_ENDPOINT_URL, isUsed) => {
  const found = packages.operation({ prefix: 'sqs', packages: ['sqs'] }, 'ListQueues');
  const client = guardedClient(found, {
    region: 'eu-west-1',
    credentials: async () => KEYS as never,
    env: { AWS_ENDPOINT_URL },
    isRead: true,
  });
  if (isUsed) await expect(client).resolves.toBeDefined();
  else await expect(client).rejects.toMatchObject({ code: 'unsupported' });
});

describe('a call whose answer was lost', () => {
  beforeEach(() => {
    aws.answer = (_, response) => response.destroy();
  });

  it.each([
    ['s3', 'GetObject', { Bucket: 'b-1', Key: 'k' }, 3],
    ['s3', 'HeadObject', { Bucket: 'b-1', Key: 'k' }, 3],
    ['dynamodb', 'ListTables', {}, 3],
    ['sqs', 'ReceiveMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q' }, 1],
    ['logs', 'StartQuery', { logGroupName: 'g', startTime: 0, endTime: 1, queryString: 'limit 1' }, 1],
    ['s3', 'PutObject', { Bucket: 'b-1', Key: 'k', Body: 'x' }, 1],
    ['sns', 'Publish', { Message: 'x', TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t' }, 1],
    ['lambda', 'Invoke', { FunctionName: 'f' }, 1],
  ])('%s %s %j is sent %d times', async (service, operation, input, times) => {
    const answer = call(service, operation, input, { AWS_ENDPOINT_URL: aws.url });
    await expect(answer).rejects.toMatchObject({ code: 'aws-error' });
    expect(aws.heard).toHaveLength(times);
  });
});

describe('a file for the answer', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leasehold-mcp-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const get = async (saveAs: string) => {
    const files = await FileFolder.open(root);
    const caller = new AwsCaller({
      manifest: manifest(DEV),
      packages,
      secrets: new SecretList(),
      files,
      env: { AWS_ENDPOINT_URL: aws.url },
    });
    const input = { Bucket: 'b-1', Key: 'k' };
    return caller.call(
      anIssuedLease('s3:*'),
      { service: 's3', operation: 'GetObject', input, saveAs },
      AbortSignal.timeout(20_000),
    );
  };

  it('is there before the call is sent', async () => {
    aws.answer = (_, response) => {
      expect(readdirSync(root)).toEqual(['new.bin']);
      response.end('body');
    };
    expect(await get('new.bin')).toMatchObject({ files: [{ file: 'new.bin', bytes: 4 }] });
    expect(readFileSync(join(root, 'new.bin'), 'utf8')).toBe('body');
  });

  it('that exists already, or has no place, prevents the call', async () => {
    writeFileSync(join(root, 'old.bin'), 'old');
    for (const name of ['old.bin', 'no-folder/new.bin', '../new.bin']) {
      await expect(get(name)).rejects.toMatchObject({ code: 'file-refused' });
    }
    expect(aws.heard).toEqual([]);
  });

  it('is removed if the call fails', async () => {
    aws.answer = (_, response) => response.writeHead(404).end();
    await expect(get('new.bin')).rejects.toMatchObject({ code: 'aws-error' });
    expect(readdirSync(root)).toEqual([]);
  });
});

it('a bearer token of the environment does not replace the lease', async () => {
  process.env.AWS_BEARER_TOKEN_BEDROCK = 'a-token-of-somebody';
  try {
    const input = { modelId: 'anthropic.claude', messages: [{ role: 'user', content: [{ text: 'hi' }] }] };
    const { signature } = await sent('bedrock-runtime', 'Converse', input);
    expect(signature).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIALEASEHOLDTESTKEY\//);
  } finally {
    delete process.env.AWS_BEARER_TOKEN_BEDROCK;
  }
});
