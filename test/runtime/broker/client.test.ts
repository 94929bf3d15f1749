/** The client that speaks to a broker: every operation, and nothing that is not of the contract believed. */

import { PROBLEM_CODES } from '@leasehold/contract';
import { LeaseCredentials, LeaseError } from '@leasehold/runtime';
import { BrokerProblem, ConsoleAddress, createBrokerClient } from '@leasehold/runtime/broker';
import { ANSWERS, aHandover, aView, HASH, LEASE_ID, REASON } from './examples';
import { type Answer, FakeBroker, good, refusal, SESSION, USER } from './fake-broker';

let broker: FakeBroker;
beforeEach(async () => {
  broker = await FakeBroker.open();
});
afterEach(() => broker.close());

const client = (credentials: Parameters<typeof createBrokerClient>[0]['credentials'] = USER) =>
  createBrokerClient({ url: broker.url, region: 'ap-northeast-2', credentials });

const answerOf = (operation: keyof typeof ANSWERS) =>
  good(ANSWERS[operation][0] ?? {}, operation === 'request' ? 202 : 200);

it('asks for a lease by role', async () => {
  broker.answers(answerOf('request'));
  const key = 'k'.repeat(32);
  const body = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: REASON };
  expect(await client().request(body, { idempotencyKey: key })).toEqual({ lease: aView() });
  expect(broker.calls).toMatchObject([{ operation: 'request', body, headers: { 'idempotency-key': key } }]);
});

it('hands credentials over so that they are read by name', async () => {
  broker.answers(good(aHandover(), 201));
  const { credentials } = await client().request({ intent: 'Show customer 4711 their transactions' });
  expect(credentials).toBeInstanceOf(LeaseCredentials);
  expect(credentials?.secretAccessKey).toBe(aHandover().credentials.secretAccessKey);
  expect(credentials?.expiration).toEqual(new Date(1_800_000_900_000));
});

it('asks for a proposal', async () => {
  broker.answers(answerOf('propose'));
  const intent = 'Upload release 1.4.2 to the deploy bucket';
  expect(await client().propose({ intent })).toMatchObject({ role: 's3-deploy', humans: 2 });
  expect(broker.calls.map(({ operation, body }) => [operation, body])).toEqual([['propose', { intent }]]);
});

it('lists, looks and waits', async () => {
  broker.answers(answerOf('leases'), answerOf('leases'), answerOf('status'), answerOf('events'), answerOf('roles'));
  const { leases, next } = await client().leases();
  expect([leases.length, next]).toEqual([2, 'x']);
  await client().leases({ open: true, role: 's3-deploy', next: 'x' });
  await client().status(LEASE_ID, { wait: 20, after: 3 });
  expect((await client().events(LEASE_ID)).events).toHaveLength(1);
  expect((await client().roles()).roles[0]?.name).toBe('s3-deploy');
  expect(broker.calls.map(({ operation, parameter, query }) => [operation, parameter, query])).toEqual([
    ['leases', undefined, {}],
    ['leases', undefined, { open: 'true', role: 's3-deploy', next: 'x' }],
    ['status', LEASE_ID, { wait: '20', after: '3' }],
    ['events', LEASE_ID, {}],
    ['roles', undefined, {}],
  ]);
});

it('collects, and opens the console', async () => {
  broker.answers(answerOf('collect'), answerOf('console'));
  expect((await client().collect(LEASE_ID)).credentials.sessionToken).toBe(aHandover().credentials.sessionToken);
  const address = await client().console(LEASE_ID);
  expect(address).toBeInstanceOf(ConsoleAddress);
  expect(address.url).toBe('https://signin.aws.amazon.com/federation?x');
});

it('decides, and takes back', async () => {
  const operations = ['approve', 'deny', 'revoke', 'revokeMany', 'revokeMany'] as const;
  broker.answers(...operations.map(answerOf));
  expect((await client().approve(LEASE_ID, { hash: HASH })).state).toBe('approved');
  expect((await client().deny(LEASE_ID, { because: 'Not now.' })).state).toBe('denied');
  expect((await client().revoke(LEASE_ID, { because: 'It was abused.' })).leases).toEqual([LEASE_ID]);
  expect((await client().revokeMany({ role: 's3-deploy', because: 'It was abused.' })).shut).toEqual({
    's3-deploy': 1_800_000_900,
  });
  await client().revokeMany({ all: true, because: 'It was abused.' });
  expect(broker.heard).toEqual(operations);
  expect(broker.calls.map(({ body }) => body)).toEqual([
    { hash: HASH },
    { because: 'Not now.' },
    { because: 'It was abused.' },
    { role: 's3-deploy', because: 'It was abused.' },
    { all: true, because: 'It was abused.' },
  ]);
});

it.each(['alice', 'bob.o+k@example.com', 'a=b,c_d'])('reads and changes the principal %s', async (name) => {
  broker.answers(
    answerOf('principals'),
    answerOf('principal'),
    answerOf('putPrincipal'),
    answerOf('principalEvents'),
    answerOf('principalEvents'),
  );
  expect((await client().principals()).principals).toHaveLength(1);
  expect((await client().principal(name)).version).toBe(0);
  const body = { policy: 'Works in support.', groups: ['support'], version: 0 };
  expect((await client().putPrincipal(name, body)).changedBy).toBe('root');
  expect((await client().principalEvents(name)).events).toHaveLength(1);
  await client().principalEvents(name, { after: 1 });
  expect(broker.calls.slice(1)).toMatchObject([
    { parameter: name },
    { parameter: name, body },
    { parameter: name, query: {} },
    { parameter: name, query: { after: '1' } },
  ]);
});

it('shows administrators what is shut, the budgets and the groups', async () => {
  broker.answers(answerOf('revocations'), answerOf('revocations'), answerOf('budgets'), answerOf('groups'));
  expect((await client().revocations()).shut).toEqual([]);
  await client().revocations({ after: 100 });
  expect((await client().budgets()).requesters[0]?.denials.retryAfter).toBe(9);
  expect((await client().groups()).groups[0]?.members).toEqual(['alice']);
  expect(broker.calls.map(({ operation, query }) => [operation, query])).toEqual([
    ['revocations', {}],
    ['revocations', { after: '100' }],
    ['budgets', {}],
    ['groups', {}],
  ]);
});

describe('signs as', () => {
  it.each([
    ['an IAM user', USER],
    ['a role of a workload', SESSION],
    ['whoever a provider names', async () => SESSION],
  ])('%s', async (_, credentials) => {
    broker.answers(answerOf('roles'));
    await expect(client(credentials).roles()).resolves.toBeDefined();
    expect(broker.calls[0]?.headers.authorization).toContain('/ap-northeast-2/execute-api/aws4_request');
  });

  it('nobody without credentials', async () => {
    await expect(client(() => Promise.reject(new Error('no key'))).roles()).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'there are no AWS credentials for calling the broker',
    });
    expect(broker.calls).toEqual([]);
  });

  it('nobody whom IAM does not let in', async () => {
    await expect(client({ ...USER, secretAccessKey: 'wrong' }).roles()).rejects.toMatchObject({
      code: 'denied',
      retryable: false,
      message: 'AWS does not allow this caller to call the broker',
      hint: expect.stringContaining('the identity that the stack names'),
    });
  });

  it('somebody whose clock is wrong, and says so', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    broker.answers({ status: 403, headers: { date }, body: { message: 'Forbidden' } });
    await expect(client().roles()).rejects.toMatchObject({ code: 'denied', hint: "Set this machine's clock." });
  });
});

describe('a refusal', () => {
  it.each(PROBLEM_CODES)('%s is a BrokerProblem', async (code) => {
    broker.answers(refusal(code));
    const error = await client()
      .collect(LEASE_ID)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(BrokerProblem);
    expect(error).toBeInstanceOf(LeaseError);
    expect(error).toMatchObject({
      message: `The broker says ${code}.`,
      hint: 'Do something else.',
      problem: { code },
      retryable: code === 'busy' || code === 'unavailable',
    });
  });

  it.each([
    ['not-eligible', 'denied'],
    ['approver-denied', 'denied'],
    ['reviewer-failed', 'denied'],
    ['over-budget', 'denied'],
    ['malformed', 'invalid-request'],
    ['too-large', 'invalid-request'],
    ['lapsed', 'lapsed'],
    ['expired', 'expired'],
    ['busy', 'unavailable'],
  ] as const)('%s is %s to whoever knows no broker', async (code, leaseCode) => {
    broker.answers(refusal(code));
    await expect(client().collect(LEASE_ID)).rejects.toMatchObject({ code: leaseCode });
  });

  it('tells a model all that it needs to ask for less', async () => {
    const nearest = { role: 's3-deploy', actions: ['s3:GetObject'], parameters: { release: '[0-9.]+' }, seconds: 900 };
    broker.answers(refusal('outside-envelope', { nearest, lease: LEASE_ID, retryAfter: 30 }));
    const error = await client()
      .request({ role: 's3-deploy', reason: REASON })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ nearest, retryAfter: 30 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'BrokerProblem',
      code: 'denied',
      message: 'The broker says outside-envelope.',
      hint: 'Do something else.',
      retryable: true,
      problem: 'outside-envelope',
      lease: LEASE_ID,
      nearest,
      retryAfter: 30,
    });
  });

  it('shows nothing that a terminal would obey', async () => {
    broker.answers(refusal('reviewer-denied', { detail: 'No.\x1b[2J\u202eyes', hint: 'Stop\nApproved' }));
    await expect(client().collect(LEASE_ID)).rejects.toMatchObject({
      message: 'No.\\x1b[2J\\u{202e}yes',
      hint: 'Stop\\nApproved',
    });
  });

  it('counts by its header, which proxies change', async () => {
    broker.answers({ ...refusal('busy', { retryAfter: 1 }), headers: { 'retry-after': '7' } });
    await expect(client().roles()).rejects.toMatchObject({ retryAfter: 7 });
  });
});

describe('is not believed', () => {
  const view = aView();
  it.each<[string, Answer, boolean]>([
    ['an answer with an unknown field', good({ ...view, approvedBy: 'lead' }), false],
    ['an answer without a field', good({ ...view, state: undefined }), false],
    ['an answer with a state that is none', good({ ...view, state: 'granted' }), false],
    ['an answer about another lease', good({ ...view, id: 'lh-2' }), false],
    ['a list', good([view]), false],
    ['text', { status: 200, type: 'text/html', body: '<h1>Welcome</h1>' }, false],
    ['JSON that is said to be text', { status: 200, type: 'text/plain', body: JSON.stringify(view) }, false],
    ['broken JSON', { status: 200, body: '{"id":' }, false],
    ['nothing', { status: 200, body: '' }, false],
    ['an answer of another status', good(view, 203), false],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' }, body: '' }, false],
    [
      'a redirect to itself',
      { status: 307, headers: { location: `/leasehold-hermes-dev/leases/${LEASE_ID}` }, body: '' },
      false,
    ],
    ['a problem of another status', { ...refusal('busy'), status: 403 }, false],
    ['a problem with a code that is none', refusal('no-such-code' as never, { status: 400 }), false],
    ['a problem with an unknown field', refusal('busy', { more: 1 } as never), true],
    ['a page of a proxy', { status: 502, type: 'text/html', body: 'Bad gateway' }, true],
    ["API Gateway's own haste", { status: 429, body: { message: 'Too Many Requests' } }, true],
    ['a broken connection', 'lost', true],
    [
      'an answer without an end',
      { status: 200, body: JSON.stringify({ ...view, because: 'x'.repeat(7_000_000) }) },
      true,
    ],
  ])('%s', async (_, reply, retryable) => {
    broker.answers(reply);
    await expect(client().status(LEASE_ID)).rejects.toMatchObject({ code: 'unavailable', retryable });
    // Asked once, and nowhere else.
    expect(broker.heard).toEqual(['status']);
  });

  it('credentials of a lease that is not issued', async () => {
    broker.answers(good({ ...aHandover(), lease: view }));
    await expect(client().collect(LEASE_ID)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a console at an address that is none of the web’s', async () => {
    broker.answers(good({ lease: aView({ state: 'issued' }), url: 'javascript:alert(1)', expiresAt: 1 }));
    await expect(client().console(LEASE_ID)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('names the place, and not what stands there', async () => {
    broker.answers(good({ ...aHandover(), credentials: { ...aHandover().credentials, expiresAt: 'soon-and-secret' } }));
    const error = await client()
      .collect(LEASE_ID)
      .catch((thrown) => thrown);
    expect(error.message).toContain('credentials.expiresAt');
    expect(error.message).not.toContain('secret');
    broker.answers(good({ ...view, 'secret-field': 1 }));
    await expect(client().status(LEASE_ID)).rejects.toThrow('contract: at the whole (an unknown field)');
  });
});

describe('is refused before anything is sent', () => {
  it.each<[string, (broker: ReturnType<typeof client>) => Promise<unknown>, string]>([
    ['an id with a way out', (own) => own.collect('lh-1/../../principals/x'), 'there is no lease of that name'],
    ['an empty id', (own) => own.status(''), 'there is no lease of that name'],
    ['a principal with a way out', (own) => own.principal('../leases'), 'there is no principal of that name'],
    [
      'a hash that is none',
      (own) => own.approve(LEASE_ID, { hash: 'yes' }),
      "the body does not match the broker's contract at hash",
    ],
    ['a reason of two lines', (own) => own.deny(LEASE_ID, { because: 'a\nb' }), 'at because'],
    [
      'a resource',
      (own) => own.request({ role: 's3-deploy', reason: REASON, resources: ['*'] } as never),
      'Unrecognized key',
    ],
    [
      'a wait without end',
      (own) => own.status(LEASE_ID, { wait: 21 }),
      "the query does not match the broker's contract at wait",
    ],
    [
      'a key that can be guessed',
      (own) => own.request({ role: 'a', reason: REASON }, { idempotencyKey: '1' }),
      'idempotency key',
    ],
  ])('%s', async (_, ask, message) => {
    const error = await ask(client()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(message) });
    expect(broker.calls).toEqual([]);
  });

  it.each([
    ['an address in the clear', 'http://broker.example.com/stage'],
    ['an address with a password', 'https://a:hunter2@broker.example.com/stage'],
    ['an address with a query', 'https://broker.example.com/stage?x=hunter2'],
    ['an empty query', 'https://broker.example.com/stage?'],
    ['a file', 'file:///etc/passwd'],
    ['no address', 'hunter2'],
  ])('%s', (_, url) => {
    const make = () => createBrokerClient({ url, region: 'eu-west-1' });
    expect(make).toThrow('the URL of the broker is not one to which signed calls can be sent');
    expect(make).not.toThrow('hunter2');
  });

  it('no region', () => {
    expect(() => createBrokerClient({ url: broker.url, region: '' })).toThrow('the region is invalid');
  });
});

describe('taking a call back', () => {
  it('sends nothing when it happened before', async () => {
    await expect(client().roles({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(broker.calls).toEqual([]);
  });

  it('does not wait for the answer', async () => {
    const stop = new AbortController();
    broker.answers(() => {
      stop.abort();
      return new Promise(() => {});
    });
    await expect(client().status(LEASE_ID, { wait: 20, signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
      retryable: true,
    });
  });

  it('does not wait for the rest of an answer', async () => {
    const stop = new AbortController();
    broker.answers(() => {
      setImmediate(() => stop.abort());
      return { status: 200, headers: { 'content-length': '1000' }, body: '{' };
    });
    await expect(client().roles({ signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});

it('is out of reach where nobody listens, and does not say where that is', async () => {
  const nobody = createBrokerClient({ url: 'http://127.0.0.1:1/stage', region: 'eu-west-1', credentials: USER });
  const error = await nobody.roles().catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'unavailable', retryable: true, cause: { message: 'ECONNREFUSED' } });
  expect(`${error.stack}${error.cause.stack}`).not.toContain('127.0.0.1');
});
