/** The clients for a person who signed in: routes for people, with a token in place of a signature. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manifest } from '@leasehold/documents';
import { createLeaseClient } from '@leasehold/runtime';
import { type BrokerClientOptions, createBrokerClient } from '@leasehold/runtime/broker';
import { ANSWERS, REASON } from './examples';
import { DEV, USER } from './fake-broker';

const TOKEN = 'aaaa.bbbb.cccc';

let server: Server;
let url: string;
/** What came in. */
let calls: { readonly path: string | undefined; readonly headers: IncomingHttpHeaders }[];
/** What is answered. */
let reply: { readonly status: number; readonly body: object };

beforeEach(async () => {
  calls = [];
  reply = { status: 200, body: ANSWERS.leases[0] ?? {} };
  server = createServer((request, response) => {
    calls.push({ path: request.url, headers: request.headers });
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/leasehold-hermes-dev`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const person = (token = TOKEN, options: Partial<BrokerClientOptions> = {}) =>
  createBrokerClient({ url, region: 'eu-west-1', signIn: { as: 'approver', token: async () => token }, ...options });

it('calls the routes for people with the token, and without a signature', async () => {
  await person().leases({ open: true });
  expect(calls).toMatchObject([
    { path: '/leasehold-hermes-dev/people/approver/leases?open=true', headers: { authorization: `Bearer ${TOKEN}` } },
  ]);
  expect(Object.keys(calls[0]?.headers ?? {}).filter((name) => name.startsWith('x-amz-'))).toEqual([]);
});

it('is told to sign in again if the token is not accepted, without the token', async () => {
  reply = { status: 401, body: { message: `Unauthorized ${TOKEN}` } };
  const error = await person()
    .leases()
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'denied', hint: expect.stringContaining('leasehold login') });
  expect(JSON.stringify(error)).not.toContain(TOKEN);
});

it('an answer that repeats the token is quoted without it', async () => {
  reply = { status: 200, body: { [TOKEN]: TOKEN } };
  const error = await person()
    .leases()
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'unavailable' });
  expect(String(error)).not.toContain(TOKEN);
});

it.each([
  ['empty', ''],
  ['a word', 'x'],
  ['of two parts', 'a.b'],
  ['with another header', 'a.b.c\r\nx-other: 1'],
  ['with a space', 'a.b.c d'],
  ['too long', `${'a'.repeat(9000)}.b.c`],
])('sends no text that is no token: %s', async (_, text) => {
  await expect(person(text).leases()).rejects.toMatchObject({ code: 'invalid-request' });
  expect(calls).toEqual([]);
});

it('is not an AWS identity, and no agent, at the same time', () => {
  expect(() => person(TOKEN, { credentials: USER })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  const signIn = { token: async () => TOKEN };
  const stack = manifest(DEV, url);
  for (const more of [{ agent: 'agent' }, { credentials: USER }]) {
    expect(() => createLeaseClient({ manifest: stack, signIn, ...more })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  }
});

describe('a lease for a person', () => {
  const client = () => createLeaseClient({ manifest: manifest(DEV, url), signIn: { token: async () => TOKEN } });

  it('is requested as a requester, of any role that has the gate', async () => {
    reply = { status: 403, body: {} };
    const asked = client().lease('s3-deploy', { reason: REASON, parameters: { release: '1.4.2' } });
    await expect(asked).rejects.toMatchObject({ code: 'denied' });
    expect(calls.map(({ path }) => path)).toEqual(['/leasehold-hermes-dev/people/requester/leases']);
  });

  it.each([
    ['by-code', {}],
    ['both', { gate: 'mfa' as const }],
  ])('is never opened by a code of an agent: %s', async (role, options) => {
    await expect(client().lease(role, { reason: REASON, ...options })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('a person who signed in'),
    });
    expect(calls).toEqual([]);
  });
});
