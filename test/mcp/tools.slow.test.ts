/** A model's way to AWS, from the list of roles to the end of a lease, on a sandbox that enforces what is deployed. */

import { Approval, type ApprovalChannel, LeaseError } from '@leasehold/runtime';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Desk, REQUEST } from '../runtime/support/desk';
import { McpSession } from './support/session';

/** Nested lists. */
function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

let desk: Desk;
const sessions: McpSession[] = [];

beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  await desk.close();
});

type Opening = Parameters<typeof McpSession.open>;

/** A session whose requests an approver answers at once, unless told otherwise. */
async function open(
  approval: ApprovalChannel = desk.yes,
  options: Opening[1] = {},
  client: Opening[2] = {},
): Promise<McpSession> {
  const session = await McpSession.open(
    desk.client({ approval }),
    { env: { AWS_ENDPOINT_URL: desk.sandbox.url }, ...options },
    client,
  );
  sessions.push(session);
  return session;
}

/** A channel that answers when it is told to, and what it was asked. */
function later() {
  let answer: () => void = () => {};
  let withdrawn = false;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const channel: ApprovalChannel = async (request, context) => {
    context.signal.addEventListener('abort', () => {
      withdrawn = true;
    });
    await told;
    return desk.yes(request, context);
  };
  return { channel, answer, isWithdrawn: () => withdrawn };
}

const DEPLOY = { role: 's3-deploy', ...REQUEST };
const Bucket = 'hermes-dev-deploy';

async function issued(session: McpSession): Promise<string> {
  const { data } = await session.call('request_lease', DEPLOY);
  const { data: status } = await session.call('lease_status', { lease: data.lease });
  expect(status.state).toBe('issued');
  return String(data.lease);
}

describe('the tools', () => {
  it('have titles, descriptions, schemas for both directions, and annotations', async () => {
    const session = await open();
    const { tools } = await session.client.listTools();
    expect(
      tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.destructiveHint]),
    ).toEqual([
      ['list_roles', true, false],
      ['request_lease', false, false],
      ['lease_status', true, false],
      ['end_lease', false, true],
      ['call_aws', false, true],
      ['explain_denial', true, false],
    ]);
    for (const { title, description, inputSchema, outputSchema } of tools) {
      expect(title).toMatch(/^[A-Z]/);
      expect(description?.length).toBeGreaterThan(60);
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
    }
  });

  it('refuse what is in no schema', async () => {
    const session = await open();
    const { isError } = await session.call('request_lease', { ...DEPLOY, subjectToken: 'x.y.z' });
    expect(isError).toBe(true);
    expect(desk.asked).toEqual([]);
  });

  it('show the roles of this agent, with what each may and must not do', async () => {
    const session = await open();
    const { data } = await session.call('list_roles');
    expect(data).toMatchObject({
      environment: 'dev',
      agent: 'agent',
      roles: [
        {
          role: 's3-deploy',
          gates: ['mfa'],
          services: ['s3'],
          parameters: [{ name: 'release', pattern: '[a-z0-9][a-z0-9.-]{0,62}' }],
          may: [
            {
              actions: ['s3:GetObject', 's3:PutObject'],
              resources: ['arn:aws:s3:::hermes-dev-deploy/${param.release}/*'],
            },
            { actions: ['s3:ListBucket'] },
          ],
        },
      ],
    });
  });
});

describe('a lease', () => {
  it('is pending at once, and issued when the human has approved', async () => {
    const { channel, answer } = later();
    const session = await open(channel, { approveWith: 'Answer with `leasehold approve`.' });
    const { data: asked } = await session.call('request_lease', DEPLOY);
    expect(asked).toMatchObject({
      state: 'pending',
      gate: 'mfa',
      approvers: ['lead', 'oncall'],
      next: expect.stringContaining('Answer with `leasehold approve`.'),
    });
    const { data: waiting } = await session.call('lease_status', { lease: asked.lease, waitSeconds: 0 });
    expect(waiting).toEqual(asked);
    answer();
    const { data } = await session.call('lease_status', { lease: asked.lease });
    expect(data).toMatchObject({
      lease: asked.lease,
      state: 'issued',
      services: ['s3'],
      may: [{ resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'] }, {}],
    });
    expect(desk.asked[0]?.id).toBe(asked.lease);
  });

  it('that a human denies is denied, with the reason, and nothing can be called', async () => {
    const session = await open(async () => {
      throw new LeaseError('denied', 'the approver lead denied it', 'Stop here.', false);
    });
    const { data } = await session.call('request_lease', DEPLOY);
    expect(await session.call('lease_status', { lease: data.lease })).toMatchObject({
      data: { state: 'denied', problem: { code: 'denied', retryable: false }, next: expect.stringContaining('final') },
    });
    const call = { lease: data.lease, service: 's3', operation: 'GetObject', input: { Bucket, Key: '1.4.2/a' } };
    expect(await session.call('call_aws', call)).toMatchObject({ isError: true, data: { code: 'not-issued' } });
  });

  it.each([
    ['a role that is not there', { ...DEPLOY, role: 'admin' }, 'invalid-manifest'],
    ['a name that every object has', { ...DEPLOY, role: 'constructor' }, 'invalid-manifest'],
    ['a parameter that breaks out', { ...DEPLOY, parameters: { release: '*' } }, 'invalid-request'],
    ['a parameter too many', { ...DEPLOY, parameters: { release: '1.4.2', x: 'y' } }, 'invalid-request'],
    ['no reason worth the name', { ...DEPLOY, reason: 'access needed please' }, 'invalid-request'],
    ['more time than the role has', { ...DEPLOY, duration: 43_200 }, 'invalid-request'],
    ['an intent, where there is no broker', { intent: 'Upload release 1.4.2 to the bucket' }, 'invalid-request'],
  ])('is refused before anybody is asked: %s', async (_, request, code) => {
    const session = await open();
    const { data } = await session.call('request_lease', request);
    expect(data).toMatchObject({ state: 'failed', lease: '', problem: { code } });
    expect(desk.asked).toEqual([]);
  });

  it.each([
    ['a role and an intent', { ...DEPLOY, intent: 'Upload the release 1.4.2' }],
    ['no role', { reason: REQUEST.reason }],
    ['no reason', { role: 's3-deploy' }],
  ])('is not asked for with %s', async (_, request) => {
    const session = await open();
    expect(await session.call('request_lease', request)).toMatchObject({
      isError: true,
      data: { code: 'invalid-input' },
    });
  });

  it('that is requested twice asks one human once, also when it is there already', async () => {
    const { channel, answer } = later();
    const session = await open(channel);
    const { data: first } = await session.call('request_lease', DEPLOY);
    const { data: second } = await session.call('request_lease', { ...DEPLOY, parameters: { release: '1.4.2' } });
    answer();
    await session.call('lease_status', { lease: first.lease });
    const { data: third } = await session.call('request_lease', DEPLOY);
    expect([second.lease, third.lease]).toEqual([first.lease, first.lease]);
    expect(third.state).toBe('issued');
    expect(desk.asked).toHaveLength(1);
  });

  it('survives a cancelled call: the question stays, and the answer is found later', async () => {
    const { channel, answer, isWithdrawn } = later();
    const session = await open(channel);
    const { data } = await session.call('request_lease', DEPLOY);
    const gone = new AbortController();
    const waiting = session.call('lease_status', { lease: data.lease }, { signal: gone.signal });
    gone.abort('the user pressed Escape');
    await expect(waiting).rejects.toBeDefined();
    expect(isWithdrawn()).toBe(false);
    answer();
    expect(await session.call('lease_status', { lease: data.lease })).toMatchObject({ data: { state: 'issued' } });
  });

  it('tells a client that wants to know that people have not answered yet', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      const { channel } = later();
      const session = await open(channel);
      const { data } = await session.call('request_lease', DEPLOY);
      const heard: (string | undefined)[] = [];
      const waiting = session.call(
        'lease_status',
        { lease: data.lease },
        { onprogress: ({ progress, total, message }) => heard.push(`${progress} of ${total}: ${message}`) },
      );
      await jest.advanceTimersByTimeAsync(45_000);
      expect((await waiting).data.state).toBe('pending');
      expect(heard.slice(0, 2)).toEqual([
        `5 of 45: ${data.lease} waits for people`,
        `10 of 45: ${data.lease} waits for people`,
      ]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('that is given back is over here, and its request is withdrawn while it waits', async () => {
    const { channel, isWithdrawn } = later();
    const session = await open(channel);
    const { data } = await session.call('request_lease', DEPLOY);
    expect(await session.call('end_lease', { lease: data.lease })).toMatchObject({ data: { state: 'ended' } });
    expect(isWithdrawn()).toBe(true);
    expect(await session.call('end_lease', { lease: data.lease })).toMatchObject({ data: { state: 'ended' } });
  });

  it('belongs to its session alone, and ends with it', async () => {
    const first = await open();
    const lease = await issued(first);
    const second = await open();
    for (const [tool, more] of [
      ['lease_status', {}],
      ['end_lease', {}],
      ['explain_denial', { action: 's3:GetObject', resource: '*' }],
      ['call_aws', { service: 's3', operation: 'ListObjectsV2', input: { Bucket } }],
    ] as const) {
      expect(await second.call(tool, { lease, ...more })).toMatchObject({ isError: true, data: { code: 'no-lease' } });
    }
    const withdrawn = later();
    const third = await open(withdrawn.channel);
    await third.call('request_lease', DEPLOY);
    await third.stop();
    expect(withdrawn.isWithdrawn()).toBe(true);
  });

  it('is one of at most twenty', async () => {
    const { channel } = later();
    const session = await open(channel);
    const request = (number: number) => ({ ...DEPLOY, reason: `Upload build number ${number} of the release` });
    for (let number = 0; number < 20; number++) await session.call('request_lease', request(number));
    expect(await session.call('request_lease', request(20))).toMatchObject({ isError: true, data: { code: 'busy' } });
  });
});

describe('a call of AWS', () => {
  it('uses the lease, and nothing beside it', async () => {
    const session = await open();
    const lease = await issued(session);
    const put = (Key: string) =>
      session.call('call_aws', { lease, service: 's3', operation: 'PutObject', input: { Bucket, Key, Body: 'hello' } });
    expect(await put('1.4.2/app.js')).toMatchObject({ isError: false, data: { lease, region: 'ap-northeast-2' } });
    expect(desk.sandbox.log.events.at(-1)).toMatchObject({ eventName: 'PutObject', verdict: 'allowed' });
    expect(await put('1.4.3/app.js')).toMatchObject({
      isError: true,
      data: {
        code: 'access-denied',
        retryable: false,
        hint: expect.stringContaining('Do not retry'),
        message: expect.stringContaining('is not authorized to perform: s3:PutObject'),
        explanation: {
          action: 's3:PutObject',
          resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.3/app.js',
          permitted: false,
          reasons: expect.arrayContaining([expect.stringContaining('"arn:aws:s3:::hermes-dev-deploy/1.4.2/*"')]),
          nearest: [
            { actions: ['s3:GetObject', 's3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'] },
          ],
          retry: false,
        },
      },
    });
  });

  it.each([
    ['a service that the role does not name', { service: 'iam', operation: 'ListUsers' }, 'outside-role', 's3'],
    ['the client of another service', { service: 'client-sts', operation: 'GetCallerIdentity' }, 'outside-role', 's3'],
    ['a path in place of a service', { service: '../../etc', operation: 'ListUsers' }, 'outside-role', 's3'],
    ['an address in place of a service', { service: 'https://evil.example', operation: 'X' }, 'outside-role', 's3'],
    ['a name that every object has', { service: '__proto__', operation: 'toString' }, 'outside-role', 's3'],
    ['a misspelled operation', { service: 's3', operation: 'PutObjekt' }, 'unknown-operation', 'PutObject'],
    [
      'an operation as the AWS CLI writes it',
      { service: 's3', operation: 'put-object' },
      'unknown-operation',
      'PutObject',
    ],
    ['a method of the module', { service: 's3', operation: '__Client' }, 'unknown-operation', ''],
    ['a class of the module', { service: 's3', operation: '$' }, 'unknown-operation', ''],
    ['credentials of directory buckets', { service: 's3', operation: 'CreateSession' }, 'credentials-withheld', ''],
    [
      'a member that is none',
      { service: 's3', operation: 'PutObject', input: { bucket: 'x' } },
      'invalid-input',
      'Bucket',
    ],
    [
      'another endpoint',
      { service: 's3', operation: 'PutObject', input: { endpoint: 'http://evil' } },
      'invalid-input',
      '',
    ],
    ['a region that is none', { service: 's3', operation: 'GetObject', region: 'evil.example/#' }, 'invalid-input', ''],
    ['a region of China', { service: 's3', operation: 'GetObject', region: 'cn-north-1' }, 'invalid-input', ''],
    ['a stream of events', { service: 's3', operation: 'SelectObjectContent' }, 'unsupported', ''],
    ['a file without a folder', { service: 's3', operation: 'GetObject', saveAs: 'a' }, 'file-refused', ''],
    [
      'a file to send without a folder',
      { service: 's3', operation: 'PutObject', input: { Body: { $file: 'a' } } },
      'file-refused',
      '',
    ],
    ['a deep input', { service: 's3', operation: 'PutObject', input: { Body: deep(15_000) } }, 'too-large', ''],
    ['a huge input', { service: 's3', operation: 'PutObject', input: { Body: 'x'.repeat(300_000) } }, 'too-large', ''],
  ])('is refused here for %s', async (_, call, code, nearest) => {
    const session = await open();
    const lease = await issued(session);
    const calls = desk.sandbox.log.events.length;
    const { isError, data } = await session.call('call_aws', { lease, ...call });
    expect({ isError, ...data }).toMatchObject({ isError: true, code });
    expect(`${data.message} ${data.hint}`).toContain(nearest);
    expect(desk.sandbox.log.events).toHaveLength(calls);
  });

  it('is refused when it has too many members', async () => {
    const session = await open();
    const lease = await issued(session);
    const Metadata = Object.fromEntries(Array.from({ length: 25_000 }, (__, index) => [`k${index}`, '']));
    const call = { lease, service: 's3', operation: 'PutObject', input: { Bucket, Key: 'k', Metadata } };
    expect(await session.call('call_aws', call)).toMatchObject({
      isError: true,
      data: { message: expect.stringContaining('more than the maximum of 20000 elements') },
    });
  });

  it('is refused when the lease is over', async () => {
    const session = await open();
    const lease = await issued(session);
    desk.sandbox.clock.advance(1000);
    const call = { lease, service: 's3', operation: 'GetObject', input: { Bucket, Key: '1.4.2/a' } };
    expect(await session.call('call_aws', call)).toMatchObject({ isError: true, data: { code: 'expired' } });
    await session.call('end_lease', { lease });
    expect(await session.call('call_aws', call)).toMatchObject({ isError: true, data: { code: 'not-issued' } });
  });
});

describe('the explanation of a denial', () => {
  it.each([
    ['s3:PutObject', 'arn:aws:s3:::hermes-dev-deploy/1.4.2/a', true],
    ['s3:PutObject', 'arn:aws:s3:::hermes-dev-deploy/1.4.20/a', false],
    ['s3:DeleteObject', 'arn:aws:s3:::hermes-dev-deploy/1.4.2/a', false],
    ['iam:CreateUser', 'arn:aws:iam::123456789012:user/x', false],
  ])('%s on %s: %s', async (action, resource, permitted) => {
    const session = await open();
    const lease = await issued(session);
    const { data } = await session.call('explain_denial', { lease, action, resource });
    expect(data).toMatchObject({ action, resource, permitted, retry: false });
    expect((data.reasons as string[]).join(' ')).toContain(
      permitted ? 'Another policy denied the request' : 'implicitly denied',
    );
    expect(data.nearest).not.toEqual([]);
  });

  it.each(['s3:*', 's3', 'x'])('refuses %s, which is no action', async (action) => {
    const session = await open();
    const lease = await issued(session);
    expect(await session.call('explain_denial', { lease, action, resource: '*' })).toMatchObject({ isError: true });
    expect(await session.call('explain_denial', { lease, action: 's3:GetObject', resource: 'bucket' })).toMatchObject({
      isError: true,
      data: { code: 'invalid-input' },
    });
  });
});

describe('what a model reads first', () => {
  it('is the text of the deployed roles, as a prompt and as resources', async () => {
    const { client } = await open();
    const { messages } = await client.getPrompt({ name: 'aws-leases' });
    const { contents } = await client.readResource({ uri: 'leasehold://skill' });
    const [{ text } = {}] = contents as { text?: string }[];
    expect(messages[0]?.content).toMatchObject({ text });
    for (const part of ['### `s3-deploy`', 'Ask once, then wait', 'Never ask for, accept, repeat', '`request_lease`']) {
      expect(text).toContain(part);
    }
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['leasehold://skill', 'leasehold://roles/s3-deploy']);
    const role = await client.readResource({ uri: 'leasehold://roles/s3-deploy' });
    expect((role.contents as { text: string }[])[0]?.text).toContain(
      'arn:aws:s3:::hermes-dev-deploy/${param.release}/*',
    );
    expect(client.getInstructions()).toContain('A denial is final');
  });
});

describe('an invitation to the page for approvers', () => {
  const page = (lease: string) => `https://leases.example.com/leases/${lease}`;
  const asks = (capabilities: ClientCapabilities, action: 'accept' | 'decline') => {
    const asked: unknown[] = [];
    return {
      asked,
      client: {
        capabilities,
        before: (client: McpSession['client']) => {
          if (capabilities.elicitation === undefined) return;
          client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
            asked.push(params);
            return { action };
          });
        },
      },
    };
  };

  it.each(['accept', 'decline'] as const)(
    'is a link, and the answer of the user (%s) decides nothing',
    async (action) => {
      const { channel, answer } = later();
      const { asked, client } = asks({ elicitation: { url: {} } }, action);
      const session = await open(channel, { approvalPage: page }, client);
      const { data } = await session.call('request_lease', DEPLOY);
      await session.call('request_lease', DEPLOY);
      expect(asked).toEqual([
        {
          mode: 'url',
          url: page(String(data.lease)),
          elicitationId: expect.any(String),
          message: expect.stringContaining(String(data.lease)),
        },
      ]);
      expect((await session.call('lease_status', { lease: data.lease, waitSeconds: 0 })).data.state).toBe('pending');
      answer();
      expect((await session.call('lease_status', { lease: data.lease })).data.state).toBe('issued');
      expect(session.received).toContain('notifications/elicitation/complete');
    },
  );

  it.each([
    ['knows forms only', { elicitation: { form: {} } }],
    ['knows nothing of it', {}],
  ])('is not sent to a client that %s', async (_, capabilities) => {
    const { channel } = later();
    const { asked, client } = asks(capabilities, 'accept');
    const session = await open(channel, { approvalPage: page }, client);
    await session.call('request_lease', DEPLOY);
    expect(asked).toEqual([]);
  });
});

it('an approval of somebody who is no approver opens nothing', async () => {
  const session = await open(async () => new Approval('mallory', '123456'));
  const { data } = await session.call('request_lease', DEPLOY);
  expect(await session.call('lease_status', { lease: data.lease })).toMatchObject({
    data: { state: 'failed', problem: { code: 'channel-failed' } },
  });
});
