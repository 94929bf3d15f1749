/** A lease of gate `broker`, from the asking to its end: the same call as ever. */

import type { LeaseView } from '@leasehold/contract';
import { BrokerProblem, type LeaseClientOptions, type LeaseRequest, type PendingLease } from '@leasehold/runtime';
import { apart } from '@leasehold/runtime/internal';
import { aHandover, aView, LEASE_ID, REASON } from './examples';
import { type Call, FakeBroker, good, inState, NOW, refusal, SESSION, USER } from './fake-broker';

let broker: FakeBroker;
beforeEach(async () => {
  broker = await FakeBroker.open();
});
afterEach(() => broker.close());

const REQUEST = { reason: REASON, parameters: { release: '1.4.2' } } as const;
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl';
const GRANTED = good(aHandover(), 201);
const PENDING = good({ lease: aView() }, 202);
const stillPending = (sequence = 2) => good(inState('pending', aView(), sequence));
const approved = good(aView({ state: 'approved', sequence: 3 }));
const collected = good(aHandover());

function lease(request: LeaseRequest = REQUEST, options: Partial<LeaseClientOptions> = {}, role = 's3-deploy') {
  return broker.client(options).lease(role, request);
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('a lease that nobody has to approve', () => {
  it('is there with the first answer', async () => {
    broker.answers(GRANTED);
    const held = await lease();
    expect(broker.heard).toEqual(['request']);
    expect(held.id).toBe(LEASE_ID);
    expect(held.role).toBe('s3-deploy');
    expect(held.expiresAt).toEqual(new Date((NOW + 900) * 1000));
    expect((await held.credentials()).accessKeyId).toBe('ASIAIOSFODNN7EXAMPLE');
    expect(held.grant).toEqual({
      role: 's3-deploy',
      reason: REASON,
      parameters: { release: '1.4.2' },
      durationSeconds: 900,
      permissions: [
        {
          effect: 'Allow',
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'],
          conditions: {},
        },
      ],
    });
  });

  it('is over when AWS says so, and attenuated meanwhile', async () => {
    broker.answers(GRANTED);
    const held = await lease();
    const less = await held.attenuate({ actions: ['s3:GetObject'], duration: 60 });
    expect((await less.credentials()).accessKeyId).toBe('ASIALESS');
    broker.now += 901_000;
    await expect(held.credentials()).rejects.toMatchObject({ code: 'expired' });
    await expect(less.credentials()).rejects.toMatchObject({ code: 'expired' });
  });

  it.each([
    ['an IAM user', 'agent', USER],
    ['a role of a workload, whose credentials are temporary', 'worker', SESSION],
  ])('is had by %s', async (_, agent, credentials) => {
    broker.answers(GRANTED);
    await expect(lease(REQUEST, { agent, credentials })).resolves.toMatchObject({ id: LEASE_ID });
  });
});

describe('a lease that people have to approve', () => {
  it('reports its id, its deadline and its approvers while they have not answered', async () => {
    broker.answers(PENDING, approved, collected);
    const heard: PendingLease[] = [];
    await lease({ ...REQUEST, onPending: (pending) => heard.push(pending) });
    expect(heard).toEqual([
      { id: LEASE_ID, gate: 'broker', answerBy: new Date(1_800_001_800_000), approvers: ['lead', 'oncall'] },
    ]);
  });

  it('reports nothing where nobody has to answer', async () => {
    broker.answers(GRANTED);
    const onPending = jest.fn();
    await lease({ ...REQUEST, onPending });
    expect(onPending).not.toHaveBeenCalled();
  });
});

describe('a lease that was requested before', () => {
  const BEFORE = { ...REQUEST, lease: LEASE_ID };

  it('is waited for and collected, and never requested', async () => {
    broker.answers(good(aView()), approved, collected);
    expect(await lease(BEFORE)).toMatchObject({ id: LEASE_ID });
    expect(broker.heard).toEqual(['status', 'status', 'collect']);
  });

  it('is reported while people have not answered', async () => {
    broker.answers(good(aView()), approved, collected);
    const onPending = jest.fn();
    await lease({ ...BEFORE, onPending });
    expect(onPending).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Partial<LeaseRequest>, string]>([
    ['for another reason', { reason: 'Upload release 1.4.2 to the other bucket' }, 'it is for another reason'],
    ['with another parameter', { parameters: { release: '1.4.3' } }, 'its parameters are others'],
    ['for a shorter time', { duration: 60 }, 'it is longer'],
  ])('is not collected if it was requested differently: %s', async (_, change, why) => {
    broker.answers(good(aView({ state: 'approved', sequence: 3 })));
    const error = await rejection(lease({ ...BEFORE, ...change }));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(why) });
    expect(broker.heard).toEqual(['status']);
  });

  it.each<[string, Partial<LeaseRequest>]>([
    ['narrow', { narrow: { actions: ['s3:GetObject'] } }],
    ['narrow', { narrow: {} }],
    ['command', { command: ['aws', 's3', 'ls'] }],
  ])('is not collected with `%s`, which would have no effect', async (field, change) => {
    const error = await rejection(lease({ ...BEFORE, ...change }));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(`\`${field}\``) });
    expect(broker.calls).toEqual([]);
  });

  it('is told as denied, if it was denied', async () => {
    broker.answers(good(aView({ state: 'denied', sequence: 3 })), refusal('approver-denied'));
    expect(await rejection(lease(BEFORE))).toMatchObject({ code: 'denied' });
    expect(broker.heard).toEqual(['status', 'collect']);
  });

  it.each(['', 'lh-', '../roles', 'LH-01'])('has the id of a lease: %j', async (id) => {
    expect(await rejection(lease({ ...REQUEST, lease: id }))).toMatchObject({ code: 'invalid-request' });
    expect(broker.calls).toEqual([]);
  });

  it('is never opened by a code', async () => {
    const error = await rejection(lease({ ...BEFORE, gate: 'mfa' }));
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect(broker.calls).toEqual([]);
  });

  it('is not shared with a request for a new lease', async () => {
    broker.answers(good(aView({ state: 'denied', sequence: 3 })), refusal('approver-denied'), GRANTED);
    const client = broker.client();
    const before = rejection(client.lease('s3-deploy', BEFORE));
    expect(await before).toMatchObject({ code: 'denied' });
    expect(await client.lease('s3-deploy', REQUEST)).toMatchObject({ id: LEASE_ID });
    expect(broker.heard).toEqual(['status', 'collect', 'request']);
  });
});

describe('what is asked for', () => {
  it.each<[string, string, LeaseRequest, object]>([
    ['a role', 's3-deploy', REQUEST, { role: 's3-deploy', ...REQUEST }],
    [
      'a time from a second on',
      's3-deploy',
      { ...REQUEST, duration: 1 },
      { role: 's3-deploy', ...REQUEST, seconds: 1 },
    ],
    [
      'some of its actions',
      's3-deploy',
      { ...REQUEST, narrow: { actions: ['s3:GetObject', 's3:GetObject'] } },
      { role: 's3-deploy', ...REQUEST, actions: ['s3:GetObject'] },
    ],
    [
      'with the command that will run',
      's3-deploy',
      { ...REQUEST, command: ['sh', '-c', 'echo\n"$X" \u202e'] },
      { role: 's3-deploy', ...REQUEST, command: 'sh -c \'echo\\n"$X"␣\\u{202e}\'' },
    ],
    [
      'with so much of a long command as an approver is shown',
      's3-deploy',
      { ...REQUEST, command: ['x'.repeat(5000)] },
      { role: 's3-deploy', ...REQUEST, command: `${'x'.repeat(2008)}… (2992 characters more)` },
    ],
    [
      'on behalf of a user',
      'customer',
      { reason: REASON, parameters: { month: '2026-10' }, subjectToken: TOKEN },
      { role: 'customer', reason: REASON, parameters: { month: '2026-10' }, subjectToken: TOKEN },
    ],
  ])('goes to the broker: %s', async (_, role, request, body) => {
    broker.answers(refusal('reviewer-denied'));
    await rejection(lease(request, {}, role));
    expect(broker.calls).toMatchObject([{ operation: 'request' }]);
    expect(broker.calls[0]?.body).toEqual(body);
  });

  it.each<[string, LeaseRequest, string, string]>([
    ['less than a second', { ...REQUEST, duration: 0 }, 's3-deploy', 'seconds from 1 to 1800'],
    ['longer than the role', { ...REQUEST, duration: 1801 }, 's3-deploy', 'seconds from 1 to 1800'],
    ['a resource', { ...REQUEST, narrow: { resources: ['arn:aws:s3:::x'] } }, 's3-deploy', 'lists resources'],
    [
      'an action that the role has not',
      { ...REQUEST, narrow: { actions: ['s3:DeleteObject'] } },
      's3-deploy',
      'does not allow',
    ],
    ['empty words', { ...REQUEST, reason: 'I need access to do my task' }, 's3-deploy', 'does not state'],
    ['a parameter too few', { reason: REASON }, 's3-deploy', 'the parameter release is missing'],
    [
      'a parameter that comes from an identity',
      { reason: REASON, parameters: { customer: 'c-1', month: '2026-10' }, subjectToken: TOKEN },
      'customer',
      'the parameter customer comes from subject.sub and cannot be chosen',
    ],
    ['nobody to act for', { reason: REASON, parameters: { month: '2026-10' } }, 'customer', 'names no user'],
    ['a token that is none', { ...REQUEST, subjectToken: 'alice' }, 's3-deploy', 'the token of the user is not a JWT'],
    ['a gate that is none', { ...REQUEST, gate: 'window' as never }, 's3-deploy', 'the gate is window'],
    ['a gate that the role has not', { ...REQUEST, gate: 'mfa' }, 's3-deploy', 'has the gate broker, not mfa'],
    ['a gate of another role', { reason: REASON, gate: 'broker' }, 'by-code', 'has the gate mfa, not broker'],
  ])('is refused here: %s', async (_, request, role, message) => {
    expect(await rejection(lease(request, {}, role))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
    });
    expect(broker.calls).toEqual([]);
  });

  it('is refused here for an agent that may not', async () => {
    expect(await rejection(lease(REQUEST, { agent: 'other' }))).toMatchObject({ code: 'invalid-request' });
    expect(broker.calls).toEqual([]);
  });

  it('goes to the broker where a role has both gates, and to a human when asked so', async () => {
    broker.answers(refusal('reviewer-denied'));
    await rejection(lease(REQUEST, {}, 'both'));
    expect(broker.heard).toEqual(['request']);
    const asked: string[] = [];
    const approval = async ({ role }: { role: string }) => {
      asked.push(role);
      throw new Error('not now');
    };
    await rejection(lease({ ...REQUEST, gate: 'mfa' }, { approval }, 'both'));
    expect(asked).toEqual(['both']);
    expect(broker.heard).toEqual(['request']);
  });

  it('needs an approval channel for gate mfa alone', async () => {
    expect(await rejection(lease({ reason: REASON }, {}, 'by-code'))).toMatchObject({
      code: 'invalid-request',
      message: 'there is no approval channel',
    });
  });
});

describe('an intent', () => {
  const INTENT = 'Upload release 1.4.2, which support has waited for';

  it('finds its role', async () => {
    broker.answers(GRANTED);
    const held = await broker.client().leaseFor(INTENT, { subjectToken: TOKEN });
    expect(broker.calls[0]?.body).toEqual({ intent: INTENT, subjectToken: TOKEN });
    expect(held.grant).toMatchObject({ role: 's3-deploy', parameters: { release: '1.4.2' } });
  });

  it('of a session opens a lease that is discarded at the end of the work', async () => {
    broker.answers(GRANTED);
    const provider = await apart(broker.client()).withLeaseFor(INTENT, {}, async ({ credentials }) => {
      expect((await credentials()).accessKeyId).toBe('ASIAIOSFODNN7EXAMPLE');
      return () => credentials();
    });
    expect(await rejection(provider())).toMatchObject({ code: 'expired' });
  });

  it('finds no role that the stack has not', async () => {
    const { credentials } = aHandover();
    const issued = aView({ state: 'issued' });
    const grant = { ...issued.grant, roleArn: 'arn:aws:iam::123456789012:role/admin' } as LeaseView['grant'];
    broker.answers(good({ lease: { ...issued, grant }, credentials }, 201));
    expect(await rejection(broker.client().leaseFor(INTENT))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('a lease that was not requested'),
    });
  });

  it.each([
    ['is empty words', 'please do my task', 'does not state'],
    ['is nothing', undefined as never, 'is missing'],
  ])('is refused when it %s', async (_, intent, message) => {
    expect(await rejection(broker.client().leaseFor(intent))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
    });
  });
});

describe('a lease that waits for approvers', () => {
  it('is waited for by long polls, and collected once', async () => {
    broker.answers(PENDING, stillPending(), stillPending(3), approved, collected);
    const held = await lease();
    expect((await held.credentials()).sessionToken).toBe(aHandover().credentials.sessionToken);
    expect(broker.heard).toEqual(['request', 'status', 'status', 'status', 'collect']);
    expect(broker.calls.slice(1, 4).map(({ query }) => query)).toEqual([
      { wait: '20', after: '2' },
      { wait: '20', after: '2' },
      { wait: '20', after: '3' },
    ]);
  });

  it('is not asked about without rest where the broker does not wait', async () => {
    broker.answers(PENDING, stillPending(), stillPending(), approved, collected);
    await lease();
    expect(broker.pauses).toEqual([1000, 1000]);
  });

  it.each([
    ['approver-denied', 'denied'],
    ['lapsed', 'lapsed'],
    ['revoked', 'denied'],
  ] as const)('is told its end: %s', async (problem, code) => {
    const state = problem === 'approver-denied' ? 'denied' : problem;
    broker.answers(PENDING, good(inState(state, aView(), 3)), refusal(problem, { detail: 'Not on a Friday.' }));
    const error = await rejection(lease());
    expect(error).toBeInstanceOf(BrokerProblem);
    expect(error).toMatchObject({ code, message: 'Not on a Friday.', problem: { code: problem } });
    expect(broker.heard).toEqual(['request', 'status', 'collect']);
  });

  it('is given up when nobody answers within the time', async () => {
    broker.answers(PENDING, stillPending());
    expect(await rejection(lease(REQUEST, { answerWithin: 3 }))).toMatchObject({
      code: 'lapsed',
      retryable: true,
      message: `nobody answered for the lease ${LEASE_ID} within 3 seconds`,
    });
    expect(broker.calls.slice(1).map(({ query }) => query.wait)).toEqual(['3', '2', '1']);
  });

  it('is waited for as long as the broker lets its approvers, unless told otherwise', async () => {
    let left = 400;
    const polled = () => (left-- > 0 ? stillPending() : good(inState('lapsed', aView(), 3)));
    broker.answers(PENDING, ...Array.from({ length: 401 }, () => polled), refusal('lapsed'));
    expect(await rejection(lease())).toMatchObject({ code: 'lapsed', problem: { code: 'lapsed' } });
  });

  it('is waited for through an outage, and collected all the same', async () => {
    broker.answers(
      PENDING,
      'lost',
      refusal('unavailable'),
      { status: 502, body: '' },
      stillPending(),
      approved,
      collected,
    );
    await expect(lease()).resolves.toMatchObject({ id: LEASE_ID });
    expect(broker.pauses).toEqual([500, 1000, 2000]);
  });
});

describe('a denial', () => {
  it('says why, and what could be had', async () => {
    const nearest = { role: 's3-deploy', actions: ['s3:GetObject'], parameters: { release: '[0-9.]+' }, seconds: 900 };
    broker.answers(refusal('reviewer-denied', { detail: 'Nothing says why it is urgent.', nearest }));
    const error = await rejection(lease());
    expect(error).toMatchObject({
      code: 'denied',
      message: 'Nothing says why it is urgent.',
      hint: 'Do something else.',
      retryable: false,
      nearest,
      problem: { code: 'reviewer-denied' },
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ problem: 'reviewer-denied', nearest });
    expect(broker.heard).toEqual(['request']);
  });

  it('is never asked again by itself, and three of them close the client', async () => {
    broker.answers(refusal('reviewer-denied'));
    const client = broker.client();
    for (let times = 0; times < 3; times++) await rejection(client.lease('s3-deploy', REQUEST));
    expect(await rejection(client.lease('s3-deploy', REQUEST))).toMatchObject({ code: 'circuit-open' });
    expect(broker.heard).toEqual(['request', 'request', 'request']);
    broker.now += 901_000;
    broker.answers(GRANTED);
    await expect(client.lease('s3-deploy', REQUEST)).resolves.toMatchObject({ id: LEASE_ID });
  });

  it('for asking too often closes the client for as long as the broker says', async () => {
    broker.answers(refusal('over-budget', { retryAfter: 40 }));
    const client = broker.client();
    expect(await rejection(client.lease('s3-deploy', REQUEST))).toMatchObject({
      code: 'denied',
      retryable: true,
      retryAfter: 40,
    });
    expect(broker.heard).toEqual(['request']);
    expect(await rejection(client.lease('both', REQUEST))).toMatchObject({
      code: 'circuit-open',
      message: 'the agent has sent too many requests to the broker; nobody is asked before 2027-01-15T08:00:40.000Z',
    });
    broker.now += 40_000;
    broker.answers(GRANTED);
    await expect(client.lease('s3-deploy', REQUEST)).resolves.toMatchObject({ id: LEASE_ID });
  });
});

describe('an answer that was lost', () => {
  it.each([
    ['a broken connection', 'lost' as const, [500]],
    ['503', refusal('unavailable'), [500]],
    ['503 with a time', refusal('busy', { retryAfter: 3 }), [3000]],
    ["API Gateway's 429", { status: 429, body: { message: 'Too Many Requests' } }, [500]],
    ['a 429 with a time', { status: 429, headers: { 'retry-after': '4' }, body: {} }, [4000]],
    ["keys of the users' tokens out of reach", refusal('subject-invalid', { retryAfter: 5 }), [5000]],
  ])('is asked for again with the same key: %s', async (_, lost, pauses) => {
    broker.answers(lost, GRANTED);
    await expect(lease()).resolves.toMatchObject({ id: LEASE_ID });
    expect(broker.heard).toEqual(['request', 'request']);
    const [first, second] = broker.calls.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(second).toBe(first);
    expect(broker.calls[1]?.body).toEqual(broker.calls[0]?.body);
    expect(broker.pauses).toEqual(pauses);
  });

  it('of collecting is collected again', async () => {
    broker.answers(PENDING, approved, 'lost', collected);
    await expect(lease()).resolves.toMatchObject({ id: LEASE_ID });
    expect(broker.heard).toEqual(['request', 'status', 'collect', 'collect']);
  });

  it('is asked for five times, and no more', async () => {
    broker.answers('lost');
    expect(await rejection(lease())).toMatchObject({ code: 'unavailable', retryable: true });
    expect(broker.pauses).toEqual([500, 1000, 2000, 4000]);
    expect(broker.heard).toHaveLength(5);
  });

  it('is not waited for beyond the minute in which it can be had again', async () => {
    broker.answers(refusal('busy', { retryAfter: 51 }));
    expect(await rejection(lease())).toMatchObject({ code: 'unavailable', retryAfter: 51 });
    expect(broker.pauses).toEqual([]);
  });

  it('has another key for another lease', async () => {
    broker.answers(GRANTED);
    await lease();
    await lease();
    const [first, second] = broker.calls.map(({ headers }) => headers['idempotency-key']);
    expect(first).not.toBe(second);
  });
});

describe('an answer that is none', () => {
  const changed = (change: Partial<LeaseView['grant'] & object>, view: Partial<LeaseView> = {}) => {
    const issued = aView({ state: 'issued', ...view });
    return good({ ...aHandover(), lease: { ...issued, grant: { ...issued.grant, ...change } } }, 201);
  };

  it.each([
    [
      'another role',
      changed({ role: 'both', roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-both' }),
    ],
    ['the same name, another role', changed({ roleArn: 'arn:aws:iam::123456789012:role/admin' })],
    ['another reason', changed({ reason: 'Delete the deploy bucket, all of it' })],
    ['other parameters', changed({ parameters: { release: '1.4.3' } })],
    ['a longer time', changed({ seconds: 1801 })],
    ['another environment', changed({}, { environment: 'prod' })],
    [
      'a policy that cannot be shown',
      changed({
        policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] },
      }),
    ],
    ['no grant', good({ ...aHandover(), lease: aView({ state: 'issued', grant: undefined }) }, 201)],
    ['no lease', good({ credentials: aHandover().credentials }, 201)],
    ['an unknown field', good({ ...aHandover(), admin: true }, 201)],
  ])('gives no lease: %s', async (_, reply) => {
    broker.answers(reply);
    const error = await rejection(lease());
    expect(error).toMatchObject({ code: 'unavailable', retryable: false });
    expect(broker.heard).toEqual(['request']);
  });
});

describe('two identical requests at once', () => {
  it('are one, and get the same lease', async () => {
    broker.answers(PENDING, approved, collected);
    const client = broker.client();
    const leases = await Promise.all([client.lease('s3-deploy', REQUEST), client.lease('s3-deploy', { ...REQUEST })]);
    expect(leases[0]).toBe(leases[1]);
    expect(broker.heard).toEqual(['request', 'status', 'collect']);
  });

  it.each<[string, LeaseRequest]>([
    ['a reason', { ...REQUEST, reason: `${REASON} again` }],
    ['a user', { ...REQUEST, subjectToken: TOKEN }],
    ['a duration', { ...REQUEST, duration: 60 }],
    ['actions', { ...REQUEST, narrow: { actions: ['s3:GetObject'] } }],
  ])('are two when they differ in %s', async (_, other) => {
    const echo = ({ body }: Call) => {
      const { reason, seconds = 900 } = body as { reason: string; seconds?: number };
      const { lease: issued, credentials } = aHandover();
      return good({ lease: { ...issued, grant: { ...issued.grant, reason, seconds } }, credentials }, 201);
    };
    broker.answers(echo);
    const client = broker.client();
    await Promise.all([client.lease('s3-deploy', REQUEST), client.lease('s3-deploy', other)]);
    expect(broker.heard).toEqual(['request', 'request']);
  });
});

describe('taking a request back', () => {
  it('ends the wait, and collects nothing', async () => {
    const stop = new AbortController();
    broker.answers(PENDING, () => {
      stop.abort();
      return new Promise(() => {});
    });
    expect(await rejection(lease({ ...REQUEST, signal: stop.signal }))).toMatchObject({ code: 'aborted' });
    expect(broker.heard).toEqual(['request', 'status']);
  });

  it('ends a pause', async () => {
    const stop = new AbortController();
    broker.answers(() => {
      stop.abort();
      return refusal('busy');
    });
    expect(await rejection(lease({ ...REQUEST, signal: stop.signal }))).toMatchObject({ code: 'aborted' });
    expect(broker.heard).toEqual(['request']);
  });
});

describe('a client', () => {
  it('asks the broker that it is told of', async () => {
    broker.answers(GRANTED);
    const { manifest } = broker.client();
    const elsewhere = {
      ...manifest,
      broker: { url: 'https://broker.invalid/stage', region: manifest.region, people: {} },
    };
    await expect(lease(REQUEST, { manifest: elsewhere, broker: broker.url })).resolves.toMatchObject({ id: LEASE_ID });
    process.env.LEASEHOLD_BROKER_URL = broker.url;
    try {
      await expect(lease(REQUEST, { manifest: elsewhere })).resolves.toMatchObject({ id: LEASE_ID });
    } finally {
      delete process.env.LEASEHOLD_BROKER_URL;
    }
  });

  it('is not made for a broker in the clear', () => {
    expect(() => broker.client({ broker: 'http://broker.example.com/' })).toThrow('the URL of the broker is not one');
  });

  it('is not made with a channel that is none', () => {
    expect(() => broker.client({ approval: 'terminal' as never })).toThrow('there is no approval channel');
  });
});
