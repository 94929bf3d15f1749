/** The broker on a laptop: the same handler, over HTTP, and whatever AWS would refuse is refused. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRoleTagsCommand, PutRolePolicyCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { brokerRoleName, eventsTableName, projectionsTableName, roleArn } from '@leasehold/documents';
import { createLeaseClient } from '@leasehold/runtime';
import { SandboxError } from '@leasehold/sandbox';
import { type Dev, startDev } from 'leasehold/dev';
import type { Answered, Telemetry } from '../../../lib/broker/ports';
import { aBrokeredEnvironment, aPerson, BROKERED } from '../../sandbox/support/broker';
import { anAgent, anEnvironment, definitions, IDENTITIES } from '../../support/environment';
import { ASK, aDev, awsAs, keysOf, speakingAs } from './support';

const ENVIRONMENT = aBrokeredEnvironment();
const TWO_HUMANS = {
  ...BROKERED,
  broker: {
    humans: 2,
    windowSeconds: 600,
    reviewer: 'off' as const,
    eligible: { agents: ['agent'], groups: ['staff'] },
  },
};

let dev: Dev;

afterEach(() => dev.stop());

const upload = async (keys: Parameters<typeof keysOf>[0], Key: string, Bucket = 'hermes-dev-deploy') => {
  const s3 = new S3Client({ ...awsAs(dev, keysOf(keys)), forcePathStyle: true });
  return s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })).then(
    () => 'allowed',
    ({ name }: Error) => name,
  );
};

it('grants an agent a lease, which is good for exactly one thing', async () => {
  dev = await aDev();
  const agent = speakingAs(dev, dev.agent());
  const { lease, credentials } = await agent.request(ASK);
  expect(lease).toMatchObject({ state: 'issued', requester: 'agent', collected: true });
  const { Arn } = await new STSClient(awsAs(dev, keysOf(credentials))).send(new GetCallerIdentityCommand());
  expect(Arn).toBe(`arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/${lease.id}`);
  expect(await upload(credentials, '1.4.2/app.js')).toBe('allowed');
  expect(await upload(credentials, '1.4.3/app.js')).toBe('AccessDenied');
  expect(await upload(credentials, '1.4.2/app.js', 'hermes-dev-other')).toBe('AccessDenied');
  const { events } = await agent.events(lease.id);
  expect(events.map(({ body }) => body.type)).toEqual(['requested', 'proposed', 'issued', 'collected']);
  const { log } = dev.sandbox;
  const byFunction = log.events.filter(({ userIdentity }) => userIdentity.arn?.includes('/hermes-dev-broker/'));
  expect(byFunction.map(({ eventName, verdict }) => [eventName, verdict]).slice(0, 3)).toEqual([
    ['UpdateItem', 'allowed'],
    ['PutItem', 'allowed'],
    ['AssumeRole', 'allowed'],
  ]);
  expect(log.events.filter(({ errorCode }) => errorCode !== undefined)).toHaveLength(2);
});

it('leases by the runtime, which needs to know nothing of the laptop but a file', async () => {
  dev = await aDev();
  const { accessKeyId, secretAccessKey } = dev.agent();
  const client = createLeaseClient({ manifest: dev.manifest, credentials: { accessKeyId, secretAccessKey } });
  const lease = await client.lease('s3-deploy', { reason: ASK.reason, parameters: ASK.parameters });
  expect(await upload(await lease.credentials(), '1.4.2/app.js')).toBe('allowed');
  expect(JSON.stringify(dev.manifest)).not.toContain(secretAccessKey);
});

describe('what needs people waits for people', () => {
  let waiting: string[];

  beforeEach(async () => {
    waiting = [];
    const onWaiting = (lease: string) => waiting.push(lease);
    dev = await aDev(aBrokeredEnvironment({ roles: [TWO_HUMANS] }), { onWaiting });
  });

  it('until as many have approved what they were shown, with MFA', async () => {
    const agent = speakingAs(dev, dev.agent());
    const asked = await agent.request(ASK);
    expect(asked).toMatchObject({ lease: { state: 'pending', approval: { humans: 2, approvals: [] } } });
    expect(asked.credentials).toBeUndefined();
    const { id, grant } = asked.lease;
    expect(waiting).toEqual([id]);
    const hash = grant?.hash ?? '';
    for (const name of ['lead', 'oncall']) {
      await expect(agent.collect(id)).rejects.toMatchObject({ problem: { code: 'wrong-state' } });
      await speakingAs(dev, await dev.sandbox.signIn(name, 'approver')).approve(id, { hash });
    }
    const { credentials } = await agent.collect(id);
    expect(await upload(credentials, '1.4.2/app.js')).toBe('allowed');
  });

  it('and AWS lets nobody else say yes', async () => {
    const { lease } = await speakingAs(dev, dev.agent()).request(ASK);
    const approval = { hash: lease.grant?.hash ?? '' };
    const { sandbox } = dev;
    for (const keys of [dev.agent(), sandbox.person('lead').keys, await sandbox.signIn('alice', 'requester')]) {
      await expect(speakingAs(dev, keys).approve(lease.id, approval)).rejects.toMatchObject({ code: 'denied' });
      expect(sandbox.log.last).toMatchObject({ eventName: 'Invoke', verdict: 'denied' });
    }
  });

  it('a person who asks does not approve their own lease', async () => {
    const { sandbox } = dev;
    const requester = speakingAs(dev, await sandbox.signIn('lead', 'requester'));
    await expect(requester.request(ASK)).rejects.toMatchObject({ problem: { code: 'not-eligible' } });
  });
});

it('takes a lease back at its next call, and forgets it when it would have ended', async () => {
  dev = await aDev();
  const { lease, credentials } = await speakingAs(dev, dev.agent()).request(ASK);
  const other = await speakingAs(dev, dev.agent()).request(ASK);
  const approver = speakingAs(dev, await dev.sandbox.signIn('lead', 'approver'));
  await approver.revoke(lease.id, { because: 'It went wrong' });
  expect(await upload(credentials, '1.4.2/app.js')).toBe('AccessDenied');
  expect(await upload(other.credentials, '1.4.2/app.js')).toBe('allowed');
  const iam = new IAMClient(awsAs(dev, dev.sandbox.administrator));
  const tags = async () => (await iam.send(new ListRoleTagsCommand({ RoleName: 'hermes-dev-s3-deploy' }))).Tags;
  expect(await tags()).toEqual([{ Key: 'revoked.1', Value: lease.id }]);
  dev.sandbox.clock.advance(3600);
  await dev.sweep();
  expect(await tags()).toEqual([]);
});

it('cuts a lease of a minute, which ends after a minute', async () => {
  dev = await aDev();
  const { credentials } = await speakingAs(dev, dev.agent()).request({ ...ASK, seconds: 60 });
  dev.sandbox.clock.advance(55);
  expect(await upload(credentials, '1.4.2/app.js')).toBe('allowed');
  dev.sandbox.clock.advance(10);
  expect(await upload(credentials, '1.4.2/app.js')).toBe('ExpiredToken');
});

it('goes on for days: the function has new credentials before its own end', async () => {
  dev = await aDev();
  await speakingAs(dev, dev.agent()).request(ASK);
  for (const seconds of [3400, 3400, 100_000]) {
    dev.sandbox.clock.advance(seconds);
    const { credentials } = await speakingAs(dev, dev.agent()).request(ASK);
    expect(await upload(credentials, '1.4.2/app.js')).toBe('allowed');
  }
});

describe('what is deployed for the function holds for it here', () => {
  const EVENTS = eventsTableName(ENVIRONMENT);
  const PROJECTIONS = projectionsTableName(ENVIRONMENT);
  const Key = { lease: { S: 'lh-1' }, sequence: { N: '1' } };
  const own = { pk: { S: 'a' }, sk: { S: 'b' } };
  const lease = {
    RoleSessionName: 'lh-1',
    Tags: [{ Key: 'lease-id', Value: 'lh-1' }],
  };

  type Try = (as: ReturnType<typeof awsAs>) => Promise<unknown>;
  const dynamodb =
    (send: (client: DynamoDBClient) => Promise<unknown>): Try =>
    (as) =>
      send(new DynamoDBClient(as));

  it.each<[string, 'allowed' | 'AccessDenied' | 'AccessDeniedException', Try]>([
    [
      'adds an event',
      'allowed',
      dynamodb((client) => client.send(new PutItemCommand({ TableName: EVENTS, Item: Key }))),
    ],
    [
      'changes no event',
      'AccessDeniedException',
      dynamodb((client) => client.send(new UpdateItemCommand({ TableName: EVENTS, Key }))),
    ],
    [
      'deletes no event',
      'AccessDeniedException',
      dynamodb((client) => client.send(new DeleteItemCommand({ TableName: EVENTS, Key }))),
    ],
    [
      'changes a projection',
      'allowed',
      dynamodb((client) => client.send(new UpdateItemCommand({ TableName: PROJECTIONS, Key: own }))),
    ],
    [
      'reads no other table',
      'AccessDeniedException',
      dynamodb((client) =>
        client.send(
          new QueryCommand({
            TableName: 'customers',
            KeyConditionExpression: 'a = :a',
            ExpressionAttributeValues: { ':a': { S: 'x' } },
          }),
        ),
      ),
    ],
    [
      'opens no role for people',
      'AccessDenied',
      (as) =>
        new STSClient(as).send(
          new AssumeRoleCommand({
            RoleArn: 'arn:aws:iam::123456789012:role/leasehold-people/hermes-dev-approver',
            RoleSessionName: 'lead',
          }),
        ),
    ],
    [
      'opens no role for a lease without a reason',
      'AccessDenied',
      (as) => new STSClient(as).send(new AssumeRoleCommand({ RoleArn: roleArn(BROKERED, ENVIRONMENT), ...lease })),
    ],
    [
      'sets no tag but those that take back',
      'AccessDenied',
      (as) =>
        new IAMClient(as).send(
          new TagRoleCommand({ RoleName: 'hermes-dev-s3-deploy', Tags: [{ Key: 'param.release', Value: 'x' }] }),
        ),
    ],
    [
      'writes no policy',
      'AccessDenied',
      (as) =>
        new IAMClient(as).send(
          new PutRolePolicyCommand({ RoleName: 'hermes-dev-s3-deploy', PolicyName: 'more', PolicyDocument: '{}' }),
        ),
    ],
  ])('it %s', async (_, outcome, attempt) => {
    dev = await aDev(ENVIRONMENT);
    const credentials = dev.sandbox.platformCredentials(brokerRoleName(ENVIRONMENT));
    const found = await attempt(awsAs(dev, credentials)).then(
      () => 'allowed',
      ({ name }: Error) => name,
    );
    expect(found).toBe(outcome);
  });
});

describe('a reviewer', () => {
  const reviewed = aBrokeredEnvironment({
    roles: [
      {
        ...BROKERED,
        broker: { humans: 0, windowSeconds: 600, reviewer: 'decide', eligible: { agents: ['agent'], groups: [] } },
      },
    ],
  });

  it('that is not there leaves the decision to people', async () => {
    dev = await aDev(reviewed);
    const { lease } = await speakingAs(dev, dev.agent()).request(ASK);
    expect(lease).toMatchObject({ state: 'pending', approval: { humans: 1 } });
  });

  it('behind the interface of OpenAI is asked by its address, with the key if there is one', async () => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { model } = JSON.parse(Buffer.concat(chunks).toString());
        asked.push([request.url, model, request.headers.authorization]);
        response.statusCode = 500;
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    dev = await aDev(reviewed, { reviewer: { url, model: 'small', key: 'sk-1' } });
    await expect(speakingAs(dev, dev.agent()).request(ASK)).rejects.toMatchObject({
      problem: { code: 'reviewer-failed' },
    });
    expect(asked[0]).toEqual(['/v1/chat/completions', 'small', 'Bearer sk-1']);
    server.close();
    server.closeAllConnections();
  });

  it('of a test is asked as it stands', async () => {
    const reviewer = {
      model: 'test',
      review: async () => ({
        decision: 'allow',
        role: 's3-deploy',
        actions: ['s3:PutObject'],
        parameters: ASK.parameters,
        minutes: 15,
        risk: 'low',
        sentence: 'It uploads one release.',
      }),
    };
    dev = await aDev(reviewed, { reviewer });
    const { lease, credentials } = await speakingAs(dev, dev.agent()).request(ASK);
    expect(lease).toMatchObject({ state: 'issued', review: { model: 'test', decision: 'allow' } });
    expect(await upload(credentials, '1.4.2/app.js')).toBe('allowed');
  });
});

it('tells whoever watches what was asked and how it went, without a word of the agent', async () => {
  const lines: Answered[] = [];
  const telemetry: Telemetry = {
    count: () => undefined,
    issueLatency: () => undefined,
    answered: (line) => lines.push(line),
    error: () => undefined,
  };
  dev = await aDev(ENVIRONMENT, { telemetry });
  await speakingAs(dev, dev.agent()).request(ASK);
  expect(lines).toMatchObject([{ operation: 'request', status: 201 }]);
  expect(JSON.stringify(lines)).not.toContain('Upload');
});

it('no call leaves the machine: there is no console to sign in to, and the lease stays usable', async () => {
  dev = await aDev(aBrokeredEnvironment({ roles: [TWO_HUMANS] }));
  const { sandbox } = dev;
  const alice = speakingAs(dev, await sandbox.signIn('alice', 'requester'));
  const { id, grant } = (await alice.request(ASK)).lease;
  for (const name of ['lead', 'oncall']) {
    await speakingAs(dev, await sandbox.signIn(name, 'approver')).approve(id, { hash: grant?.hash ?? '' });
  }
  await expect(alice.console(id)).rejects.toMatchObject({
    problem: { code: 'invalid-request', retryable: false, hint: expect.stringContaining('--lease') },
  });
  expect(sandbox.log.events.filter(({ verdict }) => verdict === 'refused')).toEqual([]);
  expect((await alice.collect(id)).lease.state).toBe('issued');
});

it('speaks for any agent: a user by its keys, a workload by what its platform hands it', async () => {
  const agents = [anAgent({ name: 'batch', identity: IDENTITIES.lambda }), anAgent()];
  const role = {
    ...BROKERED,
    agents: ['agent', 'batch'],
    broker: {
      humans: 0,
      windowSeconds: 600,
      reviewer: 'off' as const,
      eligible: { agents: ['agent', 'batch'], groups: [] },
    },
  };
  dev = await aDev(aBrokeredEnvironment({ agents, roles: [role] }));
  for (const name of ['agent', 'batch']) {
    const { lease } = await speakingAs(dev, dev.agent(name)).request(ASK);
    expect([lease.requester, lease.state]).toEqual([name, 'issued']);
  }
  expect(dev.env(dev.agent('batch'))).toMatchObject({ AWS_SESSION_TOKEN: expect.any(String) });
  expect(dev.env(dev.agent('agent'))).not.toHaveProperty('AWS_SESSION_TOKEN');
  expect(() => dev.agent('nobody')).toThrow(SandboxError);
});

it('names everybody who speaks to it', async () => {
  dev = await aDev();
  expect(dev.people).toEqual({
    requester: ['alice', 'lead', 'root'],
    approver: ['oncall', 'lead'],
    administrator: ['root'],
  });
  expect(JSON.stringify(dev)).toBe(JSON.stringify(dev.broker));
});

describe('does not start', () => {
  beforeEach(async () => {
    dev = await aDev();
  });

  const broken = aBrokeredEnvironment({ principals: [aPerson('alice')] });
  it.each([
    ['without a broker', { source: { definitions: definitions(anEnvironment()) } }, 'No environment has a broker'],
    [
      'for an environment without one',
      { source: { definitions: definitions(anEnvironment()) }, environment: 'dev' },
      'Environment dev has no broker',
    ],
    [
      'for an environment that is none',
      { source: { definitions: definitions(broken) }, environment: 'none' },
      'There is no environment none',
    ],
    ['from a folder of nothing', { source: { paths: 'no-such-folder' } }, 'The definitions have errors'],
    [
      'with a model that has no name',
      { source: { definitions: definitions(broken) }, reviewer: { url: 'http://127.0.0.1:1/v1' } },
      'No model is named',
    ],
    [
      'with a model elsewhere, in the clear',
      { source: { definitions: definitions(broken) }, reviewer: { url: 'http://example.com/v1', model: 'm' } },
      'is not called',
    ],
    [
      'on a port that is taken',
      () => ({ source: { definitions: definitions(broken) }, port: Number(new URL(dev.sandbox.url).port) }),
      'is not available',
    ],
  ])('%s', async (_, options, message) => {
    await expect(startDev(typeof options === 'function' ? options() : options)).rejects.toThrow(message);
  });
});
