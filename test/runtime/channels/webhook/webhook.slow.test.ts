/** A receiver that is told of requests, and answers them: honestly, or as an attacker would. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { webhook } from '@leasehold/runtime/webhook';
import type { ApprovalRequest } from '../../../../runtime/src/approval';
import { secretBytes, sign, TOLERANCE, verifies } from '../../../../runtime/src/channels/webhook/signature';
import { eventually, never, rejection, requestOf, SHOWN } from '../support';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const secret = secretBytes(SECRET);

interface Told {
  readonly type: string;
  readonly data: {
    readonly question: string;
    readonly answerUrl: string;
    readonly lines: string[];
    readonly because?: string;
  };
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let receiver: Server;
let url: string;
let told: Told[];
/** Statuses of the receiver's next answers; 204 when none is left. */
let statuses: number[];

beforeEach(async () => {
  told = [];
  statuses = [];
  receiver = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      told.push({ ...JSON.parse(body), headers: incoming.headers, body });
      response.writeHead(statuses.shift() ?? 204, { location: 'https://elsewhere.example' }).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
});

function ask(
  changes: Partial<ApprovalRequest> = {},
  signal = never().signal,
  channel = webhook({ url, secret: SECRET }),
) {
  const answer = channel(requestOf(changes), { signal });
  answer.catch(() => {});
  return answer;
}

function toldOf(index: number) {
  return eventually(() => told[index]);
}

interface Sent {
  readonly id?: string;
  readonly secret?: Buffer;
  readonly now?: number;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** POSTs an answer, signed as asked. */
async function answer(to: Told, data: object, { id = 'msg_1', now, type = 'approval.answered', ...sent }: Sent = {}) {
  const body = JSON.stringify({ type, data: { question: to.data.question, ...data } });
  return post(to, body, { ...sign(sent.secret ?? secret, id, body, now), ...sent.headers });
}

async function post(to: Told, body: string, headers: Record<string, string>) {
  const response = await fetch(to.data.answerUrl, { method: 'POST', body, headers });
  return { status: response.status, ...((await response.json()) as { result: string; because?: string }) };
}

const YES = { answer: 'approve', approver: 'oncall', code: '123456' };

describe('a request', () => {
  it('is told whole, signed, and approved by a signed answer', async () => {
    const asked = ask();
    const first = await toldOf(0);
    expect(first.type).toBe('approval.requested');
    expect(verifies(secret, first.headers, first.body)).toBe(true);
    for (const fact of SHOWN) expect(first.data.lines.join('\n')).toContain(fact);
    expect(await answer(first, YES)).toEqual({ status: 200, result: 'taken' });
    const approval = await asked;
    expect([approval.approver, approval.takeCode()]).toEqual(['oncall', '123456']);
    expect(told).toHaveLength(1);
  });

  it('is denied by a signed answer', async () => {
    const asked = ask();
    expect(await answer(await toldOf(0), { answer: 'deny', approver: 'lead' })).toMatchObject({ status: 200 });
    expect(await rejection(asked)).toMatchObject({ code: 'denied', retryable: false });
  });

  it.each([
    ['lapsed', 'Lapsed: nobody answered in time.'],
    ['aborted', 'Withdrawn by the agent.'],
  ])('that was %s is taken back, signed', async (code, because) => {
    const abort = new AbortController();
    const asked = ask(code === 'lapsed' ? { answerBy: new Date(Date.now() + 2_000) } : {}, abort.signal);
    const first = await toldOf(0);
    if (code === 'aborted') abort.abort();
    expect(await rejection(asked)).toMatchObject({ code });
    const over = await toldOf(1);
    expect(over).toMatchObject({ type: 'approval.over', data: { question: first.data.question, because } });
    expect(verifies(secret, over.headers, over.body)).toBe(true);
  });

  it('waits beside others on the same port, each with its own answer', async () => {
    const channel = webhook({ url, secret: SECRET });
    const asked = [ask({ id: 'lh-a' }, never().signal, channel), ask({ id: 'lh-b' }, never().signal, channel)];
    const both = [await toldOf(0), await toldOf(1)];
    expect(both[0]?.data.answerUrl).toBe(both[1]?.data.answerUrl);
    const a = both.find(({ body }) => body.includes('lh-a'));
    const b = both.find(({ body }) => body.includes('lh-b'));
    if (!a || !b) throw new Error('One was not told.');
    await answer(b, { ...YES, code: '222222' });
    await answer(a, { ...YES, code: '111111' });
    expect((await Promise.all(asked)).map((approval) => approval.takeCode())).toEqual(['111111', '222222']);
    await expect(fetch(a.data.answerUrl)).rejects.toThrow();
  });

  it('can be asked again on the same port after it is over', async () => {
    const channel = webhook({ url, secret: SECRET, listen: { port: await freePort() } });
    for (const index of [0, 1, 2]) {
      const asked = ask({}, never().signal, channel);
      await answer(await toldOf(index), YES);
      expect((await asked).takeCode()).toBe('123456');
    }
  });
});

describe('an answer is refused', () => {
  const cases: readonly (readonly [string, number, (to: Told) => Promise<{ status: number }>])[] = [
    ['without a signature', 401, (to) => post(to, JSON.stringify({ data: YES }), {})],
    ['signed with another secret', 401, (to) => answer(to, YES, { secret: Buffer.alloc(32, 1) })],
    ['whose timestamp is too old', 401, (to) => answer(to, YES, { now: Date.now() - (TOLERANCE + 5) * 1000 })],
    ['whose timestamp is too new', 401, (to) => answer(to, YES, { now: Date.now() + (TOLERANCE + 5) * 1000 })],
    [
      'whose timestamp was changed',
      401,
      (to) => answer(to, YES, { headers: { 'webhook-timestamp': `${Math.floor(Date.now() / 1000) - 1}` } }),
    ],
    ['whose id was changed', 401, (to) => answer(to, YES, { headers: { 'webhook-id': 'msg_2' } })],
    ['signed under another version', 401, (to) => answer(to, YES, { headers: { 'webhook-signature': 'v2,AAAA' } })],
    [
      'whose body was changed',
      401,
      (to) => {
        const data = { type: 'approval.answered', data: { question: to.data.question, ...YES } };
        const headers = sign(secret, 'msg_1', JSON.stringify(data));
        return post(to, JSON.stringify({ ...data, data: { ...data.data, approver: 'lead' } }), { ...headers });
      },
    ],
    [
      "that is the agent's own message, sent back",
      400,
      (to) => post(to, to.body, to.headers as Record<string, string>),
    ],
    ['of another type', 400, (to) => answer(to, YES, { type: 'approval.requested' })],
    ['that says neither yes nor no', 400, (to) => answer(to, { ...YES, answer: 'widen' })],
    ['to another request', 404, (to) => answer(to, { ...YES, question: 'another' })],
    ['of a name that every object has', 404, (to) => answer(to, { ...YES, question: '__proto__' })],
    ['of somebody who is no approver', 403, (to) => answer(to, { ...YES, approver: 'mallory' })],
    ['without a code', 422, (to) => answer(to, { answer: 'approve', approver: 'oncall' })],
    ['with a code that is none', 422, (to) => answer(to, { ...YES, code: '12345' })],
    ['that is too large', 413, (to) => answer(to, { ...YES, more: 'x'.repeat(10_000) })],
  ];

  it.each(cases)('%s (%i), and the request goes on waiting', async (_, status, send) => {
    const asked = ask();
    const to = await toldOf(0);
    const refused = await send(to);
    expect(refused).toMatchObject({ status, result: 'refused' });
    expect(JSON.stringify(refused)).not.toContain('123456');
    expect(await answer(to, { ...YES, code: '654321' })).toMatchObject({ status: 200 });
    expect((await asked).takeCode()).toBe('654321');
  });

  it.each(['GET', 'PUT', 'DELETE'])('when it comes by %s, though it is signed', async (method) => {
    const asked = ask();
    const to = await toldOf(0);
    const body = JSON.stringify({ type: 'approval.answered', data: { question: to.data.question, ...YES } });
    const response = await fetch(`${to.data.answerUrl}`, {
      method,
      headers: { ...sign(secret, 'msg_1', body) },
      ...(method === 'GET' ? {} : { body }),
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${to.data.answerUrl}?answer=approve&code=123456`)).status).toBe(404);
    await answer(to, { answer: 'deny', approver: 'lead' });
    await rejection(asked);
  });

  it('when it is a replay: not for the request that it answered, nor for the next one', async () => {
    const channel = webhook({ url, secret: SECRET, listen: { port: await freePort() } });
    const first = ask({}, never().signal, channel);
    const toFirst = await toldOf(0);
    const beside = ask({}, never().signal, channel);
    const toSecond = await toldOf(1);
    expect(await answer(toFirst, YES)).toMatchObject({ status: 200 });
    expect(await answer(toFirst, YES)).toMatchObject({ status: 404, because: expect.stringMatching(/has ended/) });
    await first;
    await answer(toSecond, { ...YES, code: '222222' });
    expect((await beside).takeCode()).toBe('222222');
  });

  it('when its body never ends to grow', async () => {
    const asked = ask();
    const to = await toldOf(0);
    const { hostname, port, pathname } = new URL(to.data.answerUrl);
    const connection = connect(Number(port), hostname);
    connection.on('error', () => {});
    let said = '';
    connection.on('data', (chunk) => {
      said += chunk;
    });
    connection.write(`POST ${pathname} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    for (let chunk = 0; chunk < 20 && said === ''; chunk++) {
      connection.write(`400\r\n${'x'.repeat(1024)}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await eventually(() => said.startsWith('HTTP/1.1 413'));
    connection.destroy();
    await answer(to, { answer: 'deny', approver: 'lead' });
    await rejection(asked);
  });

  it('when another was first', async () => {
    const asked = ask();
    const to = await toldOf(0);
    const replies = await Promise.allSettled([answer(to, YES), answer(to, { answer: 'deny', approver: 'lead' })]);
    const taken = replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status === 200);
    expect(taken).toHaveLength(1);
    await asked.catch(() => {});
  });
});

describe('the receiver', () => {
  it('is told again, under the same id, while it is only busy', async () => {
    statuses = [503, 429];
    const asked = ask();
    const third = await toldOf(2);
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await answer(third, YES);
    expect((await asked).approver).toBe('oncall');
  });

  it.each([
    ['always fails', [500, 500, 500], true, 3],
    ['refuses', [403], false, 1],
    ['sends elsewhere', [307], false, 1],
  ])('that %s fails the channel', async (_, answers, retryable, attempts) => {
    statuses = [...answers];
    expect(await rejection(ask())).toMatchObject({ code: 'channel-failed', retryable });
    expect(told).toHaveLength(attempts);
  });

  it('that is not there fails the channel', async () => {
    const channel = webhook({ url: `http://127.0.0.1:${await freePort()}/?token=hidden`, secret: SECRET });
    const error = await rejection(ask({}, never().signal, channel));
    expect(error).toMatchObject({ code: 'channel-failed', retryable: true });
    expect(error.message).not.toContain('hidden');
  });

  it('is not told of what is over already', async () => {
    expect(await rejection(ask({}, AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect(await rejection(ask({ answerBy: new Date(0) }))).toMatchObject({ code: 'lapsed' });
    expect(told).toEqual([]);
  });
});

describe('options that cannot be kept safe are refused', () => {
  it.each([
    ['no TLS', { url: 'http://approvals.example.com/', secret: SECRET }],
    ['no URL', { url: 'approvals', secret: SECRET }],
    ['another protocol', { url: 'ftp://127.0.0.1/', secret: SECRET }],
    ['a short secret', { url: 'https://approvals.example.com/', secret: 'hunter2' }],
    ['a short secret in base64', { url: 'https://approvals.example.com/', secret: 'whsec_aHVudGVyMg==' }],
  ])('%s', (_, options) => {
    expect(() => webhook(options)).toThrow(expect.objectContaining({ code: 'channel-failed', retryable: false }));
    expect(() => webhook(options)).not.toThrow(/hunter2|aHVud/);
  });

  it('a port that is taken', async () => {
    const { port } = receiver.address() as AddressInfo;
    const channel = webhook({ url, secret: SECRET, listen: { port } });
    expect(await rejection(ask({}, never().signal, channel))).toMatchObject({ code: 'channel-failed' });
    expect(told).toEqual([]);
  });
});

it('signs as the Standard Webhooks libraries do', () => {
  // The example of the libraries' own documentation.
  const body = '{"test": 2432232314}';
  const headers = sign(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, 1_614_265_330_000);
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  const also = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` };
  expect(verifies(secret, also, body, 1_614_265_330_000)).toBe(true);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
