/** The functions in AWS, with the parts of AWS that they call played by the test. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { AssistantEvent } from '@leasehold/contract/assistant';
import { MemoryStore } from '../../../examples/bank/assistant/core/memory-store';
import { AccessToken, kindOf } from '../../../examples/bank/assistant/core/person';
import type { TurnOf } from '../../../examples/bank/assistant/core/turn';
import { tokenInHeader, tokenVerifier } from '../../../examples/bank/assistant/core/verify-token';
import { authorizerFor } from '../../../examples/bank/assistant/lambda/authorizer';
import { messageHandler } from '../../../examples/bank/assistant/lambda/message';
import { runnerHandler } from '../../../examples/bank/assistant/lambda/runner';
import { contextOf } from '../../../examples/bank/assistant/lambda/signed-in';
import { runnerFunction } from '../../../examples/bank/assistant/lambda/worker';

const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI';
const CLIENT = '1a2b3c';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] };
const verify = tokenVerifier({
  issuer: ISSUER,
  clientId: CLIENT,
  fetcher: { fetch: async () => new TextEncoder().encode(JSON.stringify(jwks)).buffer as ArrayBuffer },
});

const now = Math.floor(Date.now() / 1000);
const CLAIMS = {
  iss: ISSUER,
  sub: '6f1c',
  username: 'c-1001',
  client_id: CLIENT,
  token_use: 'access',
  iat: now - 10,
  exp: now + 600,
};

function tokenOf(claims: object, header: object = { alg: 'RS256', kid: 'k' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part({ ...CLAIMS, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

describe('the authorizer', () => {
  const authorize = authorizerFor(verify);
  const connect = (header: string | undefined) =>
    authorize({
      headers: header === undefined ? {} : { 'Sec-WebSocket-Protocol': header },
      methodArn: 'arn:aws:execute-api:eu-central-1:111122223333:a1b2/chat/$connect',
    });

  it('lets a customer in, and hands on who it is', async () => {
    const { context, policyDocument } = await connect(`leasehold.assistant.v1, bearer.${tokenOf({})}`);
    expect(context).toMatchObject({ name: 'c-1001', kind: 'customer', key: `${ISSUER} 6f1c` });
    expect(policyDocument.Statement).toMatchObject([{ Effect: 'Allow', Action: 'execute-api:Invoke' }]);
  });

  it.each<[string, object]>([
    ['an ID token', { token_use: 'id' }],
    ['a token of another client', { client_id: 'other' }],
    ['a token for another audience', { aud: 'other' }],
    ['a token of another issuer', { iss: 'https://evil.example' }],
    ['an expired token', { exp: now - 1 }],
    ['a token that lives too long', { iat: now - 7200, exp: now + 7200 }],
    ['somebody who is neither a customer nor of the staff', { username: 'mallory' }],
    ['a customer in a group', { 'cognito:groups': ['staff'] }],
    ['a token without a name', { username: undefined }],
  ])('refuses %s', async (_, claims) => {
    await expect(connect(`leasehold.assistant.v1, bearer.${tokenOf(claims)}`)).rejects.toThrow('Unauthorized');
  });

  it.each([
    ['an unsigned token', `${tokenOf({}, { alg: 'none', kid: 'k' }).replace(/[^.]*$/, '')}x`],
    ['a token with another algorithm', tokenOf({}, { alg: 'HS256', kid: 'k' })],
    ['a token that was changed', tokenOf({}).replace(/.{4}$/, 'AAAA')],
  ])('refuses %s', async (_, token) => {
    await expect(connect(`leasehold.assistant.v1, bearer.${token}`)).rejects.toThrow('Unauthorized');
  });

  it.each([
    undefined,
    '',
    'leasehold.assistant.v1',
    'bearer.a.b.c',
    'bearer.a.b.c, leasehold.assistant.v1',
    'leasehold.assistant.v1, a.b.c',
    'leasehold.assistant.v1, bearer.a.b.c, bearer.d.e.f',
    'leasehold.assistant.v2, bearer.a.b.c',
  ])('finds no token in %j', (header) => {
    expect(tokenInHeader(header)).toBeUndefined();
  });
});

it.each<[string, readonly string[], ReturnType<typeof kindOf>]>([
  ['c-1001', [], 'customer'],
  ['c-1001', ['security'], undefined],
  ['c-1', [], undefined],
  ['emil', ['approvers', 'staff'], 'employee'],
  ['ada', ['security', 'staff'], 'administrator'],
  ['ada', ['security'], undefined],
])('%s of %j is %s', (name, groups, kind) => {
  expect(kindOf(name, groups)).toBe(kind);
});

describe('the functions behind it', () => {
  const SECRET = 'header.payload.signature';
  const signedIn = {
    person: { key: 'issuer mara', name: 'c-1001', kind: 'customer' },
    token: new AccessToken(SECRET, now + 600),
  } as const;

  it('a message starts one turn, with the token of the connection', async () => {
    const store = new MemoryStore();
    const sent: AssistantEvent[] = [];
    const turns: TurnOf[] = [];
    const conversations = new Map<string, string>();
    const handle = messageHandler({
      store,
      conversations: {
        get: async (id) => conversations.get(id),
        set: async (id, conversation) => conversations.set(id, conversation) !== undefined,
      },
      remove: async (id) => void conversations.delete(id),
      send: async (_, event) => void sent.push(event),
      start: async (turn) => void turns.push(turn),
    });
    const event = (eventType: string, body?: object) =>
      handle({
        requestContext: { eventType, connectionId: 'abc', authorizer: contextOf(signedIn) },
        ...(body && { body: JSON.stringify(body) }),
      } as unknown as Parameters<typeof handle>[0]);
    expect(await event('CONNECT')).toMatchObject({ headers: { 'Sec-WebSocket-Protocol': 'leasehold.assistant.v1' } });
    await event('MESSAGE', { type: 'resume' });
    await event('MESSAGE', { type: 'say', id: '0123456789abcdef', text: 'Hello' });
    expect(sent.map(({ type }) => type)).toEqual(['opened', 'said']);
    expect(turns.map(({ person, token }) => [person, token.reveal()])).toEqual([[signedIn.person, SECRET]]);
    expect(JSON.stringify([sent, turns])).not.toContain(SECRET);
    await event('DISCONNECT');
    expect(conversations.size).toBe(0);
  });

  it('a message without the authorizer is not handled', async () => {
    const nothing = async () => undefined;
    const handle = messageHandler({
      store: new MemoryStore(),
      conversations: { get: nothing, set: async () => true },
      remove: nothing,
      send: nothing,
      start: nothing,
    });
    const event = { requestContext: { eventType: 'MESSAGE', connectionId: 'abc' }, body: '{"type":"resume"}' };
    await expect(handle(event as unknown as Parameters<typeof handle>[0])).rejects.toThrow();
  });

  it('the worker calls the runner with the token, and gets back what the runner says', async () => {
    const seen: unknown[] = [];
    const handle = runnerHandler({
      start: async ({ token, ...call }) => {
        seen.push([token.reveal(), call]);
        return { outcome: { kind: 'waiting', lease: 'lh-1', sequence: 3 } };
      },
      proceed: async (_, lease, after) => {
        seen.push([lease, after]);
        return { outcome: { kind: 'done', rows: [{ a: 'b' }] } };
      },
    });
    const send = async ({ input }: { input: { Payload: Buffer } }) => ({
      Payload: Buffer.from(JSON.stringify(await handle(JSON.parse(String(input.Payload))))),
    });
    const runner = runnerFunction({ send } as unknown as Parameters<typeof runnerFunction>[0], 'runner');
    const call = { token: signedIn.token, key: 'k', tool: 'read_balances', input: { reason: 'x' } };
    expect(await runner.start(call)).toMatchObject({ outcome: { kind: 'waiting' } });
    expect(await runner.proceed(call, 'lh-1', 3)).toEqual({ outcome: { kind: 'done', rows: [{ a: 'b' }] } });
    expect(seen).toEqual([
      [SECRET, { key: 'k', tool: 'read_balances', input: { reason: 'x' } }],
      ['lh-1', 3],
    ]);
  });
});
