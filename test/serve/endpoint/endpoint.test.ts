/** The container credentials endpoint, spoken to as clients and as others do. */
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';
import { type CredentialsEndpoint, type EndpointClient, startCredentialsEndpoint } from '@leasehold/serve';
import { LeaseError } from '../../../runtime/src/lease-error';
import { aClient, aLease, type Double, SECRETS } from './double';

const REASON = 'Upload build 1.4.2 for ticket OPS-481';

let now: number;
let double: Double;
let endpoint: CredentialsEndpoint;
let agent: EndpointClient;
let folder: string;

beforeEach(async () => {
  now = Date.parse('2026-11-22T12:00:00Z');
  double = aClient(() => now);
  endpoint = await startCredentialsEndpoint({ client: double.client, now: () => now });
  agent = endpoint.admit('agent');
  folder = mkdtempSync(join(tmpdir(), 'leasehold-serve-'));
});

afterEach(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

it('says for its clients by which gate and on whose behalf is asked, where they do not say it', async () => {
  let token = 'a.b.alice';
  const own = aClient(() => now);
  const other = await startCredentialsEndpoint({
    client: own.client,
    now: () => now,
    defaults: (role) => (role === 's3-deploy' ? { gate: 'broker', subjectToken: token } : {}),
  });
  const to = other.admit('agent');
  const post = (body: object) =>
    fetch(`${other.url}/leases/s3-deploy`, {
      method: 'POST',
      headers: { authorization: tokenOf(to), 'content-type': 'application/json' },
      body: JSON.stringify({ reason: REASON, ...body }),
    });
  try {
    const users: unknown[] = [];
    for (const [body, next] of [
      [{}, 'a.b.alice'],
      [{}, 'a.b.bob'],
      [{ subjectToken: 'a.b.carol', gate: 'mfa' }, 'a.b.bob'],
    ] as const) {
      token = next;
      const answered = post(body);
      const question = await own.question();
      users.push([question.request.subjectToken, question.request.gate]);
      question.approve();
      expect((await answered).status).toBe(200);
    }
    expect(users).toEqual([
      ['a.b.alice', 'broker'],
      ['a.b.bob', 'broker'],
      ['a.b.carol', 'mfa'],
    ]);
  } finally {
    await other.close();
  }
});

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly as?: EndpointClient | undefined;
  readonly signal?: AbortSignal;
}

function tokenOf(client: EndpointClient): string {
  return client.environment('any').AWS_CONTAINER_AUTHORIZATION_TOKEN ?? '';
}

function call({ method = 'GET', path = '/credentials/s3-deploy', headers = {}, body, as = agent, signal }: Call = {}) {
  return new Promise<Answered>((resolve, reject) => {
    const sent = request(
      new URL(path, endpoint.url),
      { method, headers: { authorization: tokenOf(as), ...headers }, agent: false, ...defined({ signal }) },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, body: JSON.parse(text), headers: response.headers }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function ask(question: object = {}, more: Call = {}) {
  return call({
    method: 'POST',
    path: '/leases/s3-deploy',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: REASON, parameters: { release: '1.4.2' }, ...question }),
    ...more,
  });
}

async function leased(as?: EndpointClient) {
  const answer = ask({}, { as });
  (await double.question()).approve();
  return answer;
}

describe('a lease is asked for once', () => {
  it('the POST waits for the human, and then credentials come from memory, the same ones at every refresh', async () => {
    const waiting = ask();
    const question = await double.question();
    expect(question).toMatchObject({
      role: 's3-deploy',
      request: { reason: REASON, parameters: { release: '1.4.2' } },
    });
    question.approve();
    expect((await waiting).body).toEqual({
      id: expect.stringMatching(/^lh-/),
      role: 's3-deploy',
      expiresAt: '2026-11-22T12:15:00.000Z',
      reason: REASON,
      parameters: { release: '1.4.2' },
    });
    const first = await call();
    expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(first.body).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: SECRETS[0],
      Token: SECRETS[1],
      Expiration: '2026-11-22T12:15:00.000Z',
    });
    for (let refresh = 0; refresh < 20; refresh += 1) expect((await call()).body).toEqual(first.body);
    expect(double.asked).toHaveLength(1);
  });

  it('the answer to the POST holds no credentials', async () => {
    const { text } = await leased();
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  it('the same request at once, or while its lease lives, asks nobody a second time', async () => {
    const [one, two] = [ask(), ask()];
    (await double.question()).approve();
    const answers = [(await one).body.id, (await two).body.id, (await ask()).body.id];
    expect(new Set(answers).size).toBe(1);
    expect(double.asked).toHaveLength(1);
  });

  it('another reason, parameter, length, gate or user is another lease', async () => {
    await leased();
    const others = [
      { reason: 'Something else' },
      { parameters: { release: '1.4.3' } },
      { duration: 900 },
      { gate: 'broker' },
      { subjectToken: 'a.b.c' },
    ];
    for (const other of others) {
      const answer = ask(other);
      (await double.question()).approve();
      expect((await answer).status).toBe(200);
    }
    expect(double.asked).toHaveLength(6);
    expect(double.asked.at(-1)?.request.subjectToken).toBe('a.b.c');
  });

  it('while one waits, another for the same role is turned away, and asks no human', async () => {
    const waiting = ask();
    const question = await double.question();
    expect(await ask({ reason: 'Another thing to do' })).toMatchObject({ status: 409, body: { code: 'busy' } });
    expect(double.asked).toHaveLength(1);
    question.approve();
    await waiting;
  });

  it('a caller who hangs up takes the question back; the next one asks anew', async () => {
    const hangUp = new AbortController();
    const waiting = ask({}, { signal: hangUp.signal });
    const question = await double.question();
    hangUp.abort();
    await expect(waiting).rejects.toThrow();
    while (!question.takenBack()) await new Promise((resolve) => setTimeout(resolve, 5));
    const again = leased();
    expect((await again).status).toBe(200);
    expect(double.asked).toHaveLength(2);
  });

  it('one of two callers who hangs up takes nothing back', async () => {
    const hangUp = new AbortController();
    const stays = ask();
    const question = await double.question();
    const leaves = ask({}, { signal: hangUp.signal });
    const left = expect(leaves).rejects.toThrow();
    await call({ path: '/leases/s3-deploy' });
    hangUp.abort();
    await left;
    await call({ path: '/leases/s3-deploy' });
    expect(question.takenBack()).toBe(false);
    question.approve();
    expect((await stays).status).toBe(200);
  });
});

describe('without a lease an SDK is answered at once, in words that it shows', () => {
  const told = (answer: Answered) => ({ status: answer.status, code: answer.body.code, message: answer.body.message });

  it('when none was asked for', async () => {
    expect(told(await call())).toEqual({
      status: 403,
      code: 'no-lease',
      message:
        'There is no lease of s3-deploy. Request a lease first: leasehold request s3-deploy --reason "…", or POST /leases/s3-deploy.',
    });
  });

  it('while a human is being asked', async () => {
    const waiting = ask();
    const question = await double.question();
    expect(told(await call())).toMatchObject({ status: 403, code: 'pending' });
    question.approve();
    await waiting;
    expect((await call()).status).toBe(200);
  });

  it('when a human said no, with what the human said', async () => {
    const waiting = ask();
    (await double.question()).refuse();
    expect(told(await waiting)).toEqual({ status: 403, code: 'denied', message: 'oncall said no. Do something else.' });
    expect(told(await call())).toEqual(told(await waiting));
  });

  it('when the lease is over: nothing renews it', async () => {
    await leased();
    now += 899_999;
    expect((await call()).status).toBe(200);
    now += 1;
    expect(told(await call())).toMatchObject({ status: 403, code: 'expired' });
    expect(double.asked).toHaveLength(1);
    const again = ask();
    (await double.question()).approve();
    expect((await again).status).toBe(200);
  });

  it('in the letters that the JavaScript SDK reads, too', async () => {
    const { body } = await call();
    expect({ Code: body.Code, Message: body.Message }).toEqual({ Code: body.code, Message: body.message });
  });

  it.each([
    ['invalid-request', 400],
    ['lapsed', 403],
    ['circuit-open', 429],
    ['channel-failed', 503],
    ['unavailable', 503],
  ] as const)('an error %s of the client is status %d', async (code, status) => {
    const waiting = ask();
    (await double.question()).refuse(new LeaseError(code, 'What happened.', 'What to do.', true));
    expect((await waiting).body).toMatchObject({ code, message: 'What happened. What to do.', retryable: true });
    expect((await waiting).status).toBe(status);
  });

  it('an error that is not the runtime’s own is told without its text', async () => {
    const waiting = ask();
    (await double.question()).refuse(new Error(`leaked ${SECRETS[0]}`));
    expect(await waiting).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect((await waiting).text).not.toContain(SECRETS[0]);
  });
});

describe('who may ask', () => {
  it('a client fetches only its own leases', async () => {
    await leased();
    const other = endpoint.admit('other');
    expect((await call({ as: other })).body.code).toBe('no-lease');
    await leased(other);
    expect(double.asked).toHaveLength(2);
  });

  it.each<[string, Record<string, string>]>([
    ['no token', { authorization: '' }],
    ['a wrong token', { authorization: 'x'.repeat(43) }],
    ['a token with a word before it', { authorization: 'Bearer TOKEN' }],
    ['a part of a token', { authorization: 'TOKEN'.slice(0, 1) }],
  ])('%s is refused', async (_, headers) => {
    await leased();
    const given = { authorization: (headers.authorization ?? '').replace('TOKEN', tokenOf(agent)) };
    const answer = await call({ headers: given });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    for (const secret of SECRETS) expect(answer.text).not.toContain(secret);
  });

  it.each<[string, Record<string, string>]>([
    ['another host', { host: 'attacker.example' }],
    ['localhost', { host: 'localhost' }],
    ['the address without the port', { host: '127.0.0.1' }],
    ['a page of a browser', { origin: 'http://attacker.example' }],
    ['an image on a page', { 'sec-fetch-site': 'cross-site' }],
  ])('a request that comes with the right token from %s is refused', async (_, headers) => {
    await leased();
    expect(await call({ headers })).toMatchObject({ status: 403, body: { code: 'wrong-host' } });
    expect(await ask({}, { headers: { 'content-type': 'application/json', ...headers } })).toMatchObject({
      status: 403,
    });
    expect(double.asked).toHaveLength(1);
  });

  it('nobody reaches it but from the loopback interface', async () => {
    const { port } = new URL(endpoint.url);
    const outside = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const address of ['127.0.0.2', ...outside.map((each) => each.address)]) {
      const refused = new Promise<string>((resolve) => {
        const socket = connect({ host: address, port: Number(port) });
        socket.once('connect', () => resolve('connected'));
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      });
      expect(await refused).toBe('ECONNREFUSED');
    }
  });
});

describe('what is asked', () => {
  it.each<[string, Call, number]>([
    ['another method', { method: 'DELETE' }, 405],
    ['another path', { path: '/other/s3-deploy' }, 404],
    ['no role', { path: '/credentials/' }, 404],
    ['more than a role', { path: '/credentials/s3-deploy/x' }, 404],
    ['a name that is no text', { path: '/credentials/%ff' }, 404],
  ])('%s is refused', async (_, wrong, status) => {
    expect((await call(wrong)).status).toBe(status);
  });

  it.each<[string, Call]>([
    ['no JSON', { body: 'reason=x' }],
    ['a key twice', { body: '{"reason":"x","reason":"y"}' }],
    ['the key __proto__', { body: '{"reason":"x","parameters":{"__proto__":"y"}}' }],
    ['a list', { body: '[]' }],
    ['no reason', { body: '{}' }],
    ['a reason that is no text', { body: '{"reason":1}' }],
    ['parameters that are no texts', { body: '{"reason":"x","parameters":{"release":1}}' }],
    ['a duration that is no number', { body: '{"reason":"x","duration":"15m"}' }],
    ['a narrowing that cannot be read', { body: '{"reason":"x","narrow":{"actions":"s3:*"}}' }],
    ['a gate that is none', { body: '{"reason":"x","gate":"window"}' }],
    ['a user that is no text', { body: '{"reason":"x","subjectToken":{}}' }],
    ['a key that nothing reads', { body: '{"reason":"x","approver":"me"}' }],
    ['another type', { body: '{"reason":"x"}', headers: { 'content-type': 'text/plain' } }],
    ['too much', { body: JSON.stringify({ reason: 'x'.repeat(70_000) }) }],
  ])('a body that is %s is refused, and no human is asked', async (_, wrong) => {
    const answer = await call({
      method: 'POST',
      path: '/leases/s3-deploy',
      headers: { 'content-type': 'application/json' },
      ...wrong,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(double.asked).toHaveLength(0);
  });
});

describe('the token', () => {
  it('is written without a newline, for its owner alone, never over what is there', () => {
    const path = join(folder, 'agent.token');
    const remove = agent.writeToken(path);
    expect(readFileSync(path, 'utf8')).toBe(tokenOf(agent));
    expect(readFileSync(path, 'utf8')).toMatch(/^[\w-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => agent.writeToken(path)).toThrow('EEXIST');
    remove();
    expect(() => readFileSync(path)).toThrow('ENOENT');
    remove();
    writeFileSync(join(folder, 'victim'), 'kept');
    symlinkSync(join(folder, 'victim'), path);
    expect(() => agent.writeToken(path)).toThrow();
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('kept');
  });

  it('is shown by nothing', async () => {
    await leased();
    const token = tokenOf(agent);
    const shown = [
      inspect(agent, { depth: 20, showHidden: true }),
      inspect(endpoint, { depth: 20, showHidden: true }),
      JSON.stringify([agent, endpoint]),
      `${agent}`,
    ].join('\n');
    for (const secret of [token, ...SECRETS]) expect(shown).not.toContain(secret);
  });
});

it('an endpoint that was started with one lease serves it, and asks for no other', async () => {
  const alone = await startCredentialsEndpoint();
  try {
    const child = alone.admit('child');
    child.hold(aLease('s3-deploy', { reason: REASON }));
    const env = child.environment('s3-deploy');
    const headers = { authorization: env.AWS_CONTAINER_AUTHORIZATION_TOKEN ?? '' };
    const fetched = await fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers });
    expect(await fetched.json()).toMatchObject({ SecretAccessKey: SECRETS[0] });
    const asked = await fetch(`${alone.url}/leases/other`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: REASON }),
    });
    expect([asked.status, await asked.json()]).toEqual([403, expect.objectContaining({ code: 'denied' })]);
  } finally {
    await alone.close();
  }
});

it('closing takes back what waits', async () => {
  const waiting = ask();
  const failed = expect(waiting).rejects.toThrow();
  const question = await double.question();
  await endpoint.close();
  await failed;
  expect(question.takenBack()).toBe(true);
});
