/** HTTP APIs with IAM authorization, in front of functions of this process. */

import { loadDefinitions } from '@leasehold/definitions';
import {
  type ApiEvent,
  type IamIdentity,
  type Sandbox,
  type SandboxApi,
  SandboxError,
  startSandbox,
} from '@leasehold/sandbox';
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';
import { anEnvironment, aReleaseRole, definitions } from '../support/environment';
import { aSandbox, DEV, plain } from './support/sandbox';
import { type Keys, send, type WireRequest } from './support/wire';

const ROUTES = {
  list: { method: 'GET', path: '/things' },
  add: { method: 'POST', path: '/things' },
  one: { method: 'GET', path: '/things/{thing}' },
  own: { method: 'GET', path: '/things/mine' },
  part: { method: 'POST', path: '/things/{thing}/parts/{part}' },
} as const;

let sandbox: Sandbox;
/** What the functions were handed. */
let events: ApiEvent[];
/** What the function answers. */
let handler: SandboxApi['handler'];

beforeEach(async () => {
  events = [];
  handler = async () => ({ statusCode: 201, headers: { 'X-Thing': '1' }, body: '{"made":true}' });
  const apis = {
    shop: {
      routes: ROUTES,
      id: 'abcdef1234',
      handler: (event: ApiEvent) => {
        events.push(event);
        return handler(event);
      },
    },
    slow: { routes: ROUTES, handler: () => new Promise(() => undefined), timeoutSeconds: 0.01 },
  };
  sandbox = await aSandbox(DEV, { apis });
});
afterEach(() => sandbox.stop());

const call = (wire: Partial<WireRequest> = {}) =>
  send(sandbox, {
    service: 'execute-api',
    method: 'GET',
    path: '/shop/things',
    keys: plain(sandbox.administrator),
    ...wire,
  });

it('hands a call on as API Gateway does, in payload format 2.0', async () => {
  sandbox.clock.set(new Date('2027-03-12T19:03:58.390Z'));
  const answer = await call({
    method: 'POST',
    path: '/shop/things/a%40b/parts/7',
    query: 'deep=1&deep=2&wait=a%20b',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k-1', cookie: 'a=1; b=2', 'user-agent': 'test' },
    body: '{"name":"wheel"}',
  });
  expect([answer.status, answer.text, answer.headers['x-thing']]).toEqual([201, '{"made":true}', '1']);
  const { accessKeyId } = sandbox.administrator;
  const [event] = events;
  expect(event).toEqual({
    version: '2.0',
    routeKey: 'POST /things/{thing}/parts/{part}',
    rawPath: '/shop/things/a%40b/parts/7',
    rawQueryString: 'deep=1&deep=2&wait=a%20b',
    cookies: ['a=1', 'b=2'],
    headers: {
      'content-length': '16',
      'content-type': 'application/json',
      host: 'abcdef1234.execute-api.ap-northeast-2.amazonaws.com',
      'idempotency-key': 'k-1',
      'user-agent': 'test',
      'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: { deep: '1,2', wait: 'a b' },
    pathParameters: { thing: 'a@b', part: '7' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdef1234',
      authorizer: {
        iam: {
          accessKey: accessKeyId,
          accountId: '123456789012',
          callerId: 'AIDALEASEHOLDSANDBOXA',
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: 'arn:aws:iam::123456789012:user/leasehold-sandbox-administrator',
          userId: 'AIDALEASEHOLDSANDBOXA',
        },
      },
      domainName: 'abcdef1234.execute-api.ap-northeast-2.amazonaws.com',
      domainPrefix: 'abcdef1234',
      http: {
        method: 'POST',
        path: '/shop/things/a%40b/parts/7',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      routeKey: 'POST /things/{thing}/parts/{part}',
      stage: 'shop',
      time: expect.stringMatching(/^12\/Mar\/2027:19:0\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    body: '{"name":"wheel"}',
    isBase64Encoded: false,
  });
  const { timeEpoch = 0 } = event?.requestContext ?? {};
  expect(new Date(timeEpoch).toISOString()).toMatch(/^2027-03-12T19:0/);
  expect(answer.headers['apigw-requestid']).toBe(event?.requestContext.requestId);
  // It is the type that functions are written against, but for organisations, of which the sandbox has none.
  const { authorizer, ...context } = (event as ApiEvent).requestContext;
  const iam = { ...(authorizer.iam as IamIdentity), principalOrgId: '' };
  const typed: APIGatewayProxyEventV2WithIAMAuthorizer = {
    ...(event as ApiEvent),
    requestContext: { ...context, authorizer: { iam } },
  };
  expect(typed.version).toBe('2.0');
});

it('says who calls by the signature alone, and keeps what proves it', async () => {
  const lies = {
    'x-amzn-iam-user-arn': 'arn:aws:iam::123456789012:user/root',
    'x-forwarded-for': '10.0.0.1',
    host2: 'elsewhere',
  };
  await call({ headers: lies });
  const userArn = events[0]?.requestContext.authorizer.iam?.userArn;
  expect(userArn).toBe('arn:aws:iam::123456789012:user/leasehold-sandbox-administrator');
  expect(events[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
  expect(JSON.stringify(events)).not.toContain('Signature=');
});

it('names the session of a role as STS does', async () => {
  const role = aReleaseRole({
    allow: [{ actions: ['execute-api:Invoke'], resources: ['arn:aws:execute-api:*:123456789012:*'], conditions: {} }],
  });
  const other = await aSandbox(anEnvironment({ roles: [role] }), {
    apis: { shop: { routes: ROUTES, handler: async (event) => event } },
  });
  const lease = await other.lease('s3-deploy', { parameters: { release: '1.4.2' } });
  const answer = await send(other, { service: 'execute-api', method: 'GET', path: '/shop/things', keys: plain(lease) });
  expect(JSON.parse(answer.text).requestContext.authorizer.iam).toMatchObject({
    callerId: expect.stringMatching(/^AROA[A-Z2-7]{17}:lh-1$/),
    userArn: 'arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/lh-1',
  });
  expect(answer.text).not.toContain(lease.sessionToken);
  await other.stop();
});

describe('authorises each route by itself', () => {
  const ARN = 'arn:aws:execute-api:ap-northeast-2:123456789012:abcdef1234';
  const may = async (resource: string, wire: Partial<WireRequest>) => {
    const role = aReleaseRole({ allow: [{ actions: ['execute-api:Invoke'], resources: [resource], conditions: {} }] });
    const other = await aSandbox(anEnvironment({ roles: [role] }), {
      apis: { shop: { routes: ROUTES, id: 'abcdef1234', handler: async () => 'yes' } },
    });
    const keys = plain(await other.lease('s3-deploy', { parameters: { release: '1.4.2' } }));
    const { status } = await send(other, {
      service: 'execute-api',
      method: 'GET',
      path: '/shop/things',
      ...wire,
      keys,
    });
    const resources = other.log.last?.decisions.map((decision) => decision.resource);
    await other.stop();
    return [status, resources];
  };

  it.each([
    ['its ARN', `${ARN}/shop/GET/things`, {}, 200, '/shop/GET/things'],
    [
      'any API with the stage',
      `arn:aws:execute-api:ap-northeast-2:123456789012:*/shop/GET/things`,
      {},
      200,
      '/shop/GET/things',
    ],
    ['another method', `${ARN}/shop/POST/things`, {}, 403, '/shop/GET/things'],
    ['another stage', `${ARN}/slow/GET/things`, {}, 403, '/shop/GET/things'],
    ['a path below', `${ARN}/shop/GET/things/*`, {}, 403, '/shop/GET/things'],
    ['a parameter', `${ARN}/shop/GET/things/*`, { path: '/shop/things/a%40b' }, 200, '/shop/GET/things/a@b'],
  ])('%s', async (_, resource, wire, status, asked) => {
    expect(await may(resource, wire)).toEqual([status, [`${ARN}${asked}`]]);
  });
});

it('takes the route that says more where two fit', async () => {
  await call({ path: '/shop/things/mine' });
  await call({ path: '/shop/things/yours' });
  expect(events.map(({ routeKey }) => routeKey)).toEqual(['GET /things/mine', 'GET /things/{thing}']);
});

describe('refuses, in the words of an HTTP API', () => {
  const NOT_FOUND = [404, '{"message":"Not Found"}'] as const;
  const FORBIDDEN = [403, '{"message":"Forbidden"}'] as const;
  const nobody: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };

  it.each<[string, Partial<WireRequest> | (() => Partial<WireRequest>), readonly [number, string]]>([
    ['a path that is no route', { path: '/shop/nothing' }, NOT_FOUND],
    ['another method of a route', { method: 'DELETE' }, NOT_FOUND],
    ['a slash too many', { path: '/shop/things/' }, NOT_FOUND],
    ['an encoded slash in a parameter', { path: '/shop/things/a%2Fparts' }, NOT_FOUND],
    ['dots for a parameter', { path: '/shop/things/%2e%2e' }, NOT_FOUND],
    ['a stage that is none', { path: '/other/things' }, NOT_FOUND],
    ['a path that is no route, unsigned', { path: '/shop/nothing', keys: null }, NOT_FOUND],
    ['an unsigned call', { keys: null }, FORBIDDEN],
    ['a key of nobody', { keys: nobody }, FORBIDDEN],
    ['another region', { region: 'us-east-1' }, FORBIDDEN],
    ['a body that was changed', { method: 'POST', body: '{}', tamper: { body: '{"a":1}' } }, FORBIDDEN],
    ['a path that was changed', { tamper: { path: '/shop/things/mine' } }, FORBIDDEN],
    ['a signature of an hour ago', { clock: -3600 }, FORBIDDEN],
    ['somebody who may not', () => ({ keys: plain(sandbox.keys) }), FORBIDDEN],
    ['a function that takes too long', { path: '/slow/things' }, [503, '{"message":"Service Unavailable"}']],
  ])('%s', async (_, wire, expected) => {
    const answer = await call(typeof wire === 'function' ? wire() : wire);
    expect([answer.status, answer.text]).toEqual(expected);
    expect(events).toEqual([]);
    expect(sandbox.log.last?.errorCode).toBeDefined();
  });

  it('a signature for another service', async () => {
    const answer = await call({ service: 'lambda' });
    expect(answer.status).toBe(501);
    expect(events).toEqual([]);
  });

  it.each<[string, SandboxApi['handler']]>([
    ['throws', () => Promise.reject(new Error('a secret'))],
    [
      'throws at once',
      () => {
        throw new Error('a secret');
      },
    ],
    ['answers nothing', async () => undefined],
    ['answers a status that is none', async () => ({ statusCode: '200' })],
    ['answers a body that is no text', async () => ({ statusCode: 200, body: { a: 1 } })],
  ])('a function that %s', async (_, failing) => {
    handler = failing;
    const answer = await call();
    expect([answer.status, answer.text]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(JSON.stringify(sandbox.log.events)).not.toContain('a secret');
  });
});

it('takes a plain value for the body of a 200, and base 64 for bytes', async () => {
  handler = async () => ({ roles: [] });
  expect(await call()).toMatchObject({
    status: 200,
    text: '{"roles":[]}',
    headers: { 'content-type': 'application/json' },
  });
  handler = async () => ({ statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true });
  expect(await call()).toMatchObject({ status: 200, text: 'hello' });
});

it('hands bytes that are no text on in base 64', async () => {
  await call({ method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: 'hello' });
  await call({ method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from([0xff, 0xfe]) });
  expect(events.map(({ body, isBase64Encoded }) => [body, isBase64Encoded])).toEqual([
    ['aGVsbG8=', true],
    ['//4=', true],
  ]);
});

it('writes each call down like any other, without its body', async () => {
  await call({ method: 'POST', path: '/shop/things/t-1/parts/7', body: '{"secret":"hush"}', query: 'token=hush' });
  expect(sandbox.log.last).toMatchObject({
    eventSource: 'execute-api.amazonaws.com',
    eventName: 'Invoke',
    awsRegion: 'ap-northeast-2',
    userIdentity: { userName: 'leasehold-sandbox-administrator' },
    requestParameters: {
      apiId: 'abcdef1234',
      stage: 'shop',
      routeKey: 'POST /things/{thing}/parts/{part}',
      thing: 't-1',
      part: '7',
    },
    verdict: 'allowed',
    decisions: [{ action: 'execute-api:Invoke' }],
  });
  expect(JSON.stringify(sandbox.log.events)).not.toContain('hush');
  handler = async () => ({ statusCode: 409, body: '{"secret":"hush"}' });
  await call();
  expect(sandbox.log.last).toMatchObject({ errorCode: 'HTTP409', verdict: 'allowed' });
  await call({ keys: plain(sandbox.keys) });
  expect(sandbox.log.last).toMatchObject({ errorCode: 'AccessDenied', verdict: 'denied' });
  expect(JSON.stringify(sandbox.log.events)).not.toContain('hush');
});

it('is closed to another account, whatever its policies say', async () => {
  const { definitions: project } = loadDefinitions('roles');
  if (!project) throw new Error('the reference project has errors');
  const handed = jest.fn(async () => 'yes');
  const other = await startSandbox({
    source: { definitions: project },
    apis: { shop: { handler: handed, routes: ROUTES, account: '210987654321' } },
  });
  const keys = plain(other.administrator);
  const answer = await send(other, { service: 'execute-api', method: 'GET', path: '/shop/things', keys });
  expect([answer.status, answer.text]).toEqual([403, '{"message":"Forbidden"}']);
  expect(handed).not.toHaveBeenCalled();
  await other.stop();
});

it('has the routes of the broker where none are given', async () => {
  const other = await aSandbox(DEV, { apis: { broker: { handler: async ({ routeKey }) => ({ routeKey }) } } });
  const keys = plain(other.administrator);
  const path = '/broker/leases/lh-1/approve';
  const answer = await send(other, { service: 'execute-api', method: 'POST', path, keys });
  expect(JSON.parse(answer.text)).toEqual({ routeKey: 'POST /leases/{lease}/approve' });
  expect(other.apiUrl('broker')).toBe(`${other.url}/broker`);
  await other.stop();
});

it.each<[string, Record<string, SandboxApi>]>([
  ['a stage that is no name', { 'a/b': { handler: async () => 1 } }],
  ['a greedy parameter', { shop: { handler: async () => 1, routes: { any: { method: 'GET', path: '/{rest+}' } } } }],
  ['an account that is not there', { shop: { handler: async () => 1, account: '999999999999' } }],
])('does not start with %s', async (_, apis) => {
  await expect(startSandbox({ source: { definitions: definitions(DEV) }, apis })).rejects.toThrow(SandboxError);
});

describe('routes behind the JWT authorizer', () => {
  const claims = { iss: 'https://login.example.com', sub: '00a' };
  let open: Sandbox;

  beforeEach(async () => {
    const verify = async (token: string) => {
      if (token !== 'good') throw new Error('bad');
      return claims;
    };
    const shop: SandboxApi = {
      routes: ROUTES,
      withToken: { routes: { mine: { method: 'POST', path: '/people/{as}/things' } }, verify },
      file: (path) => (path === '/page' ? { headers: { 'x-page': '1' }, body: Buffer.from('hello') } : undefined),
      handler: async (event) => {
        events.push(event);
        return { statusCode: 200, body: event.body ?? '' };
      },
    };
    open = await aSandbox(DEV, { apis: { shop } });
  });
  afterEach(() => open.stop());

  const fetched = (path: string, authorization?: string, method = 'POST') =>
    fetch(`${open.url}/shop${path}`, {
      method,
      headers: { 'content-type': 'text/plain', ...(authorization === undefined ? {} : { authorization }) },
      ...(method === 'POST' ? { body: 'x' } : {}),
    });

  it('hand on the claims and the token of a caller, and no signature', async () => {
    const answer = await fetched('/people/requester/things', 'Bearer good');
    expect([answer.status, await answer.text()]).toEqual([200, 'x']);
    expect(events[0]).toMatchObject({
      routeKey: 'POST /people/{as}/things',
      pathParameters: { as: 'requester' },
      headers: { authorization: 'Bearer good' },
      requestContext: { authorizer: { jwt: { claims, scopes: null } } },
    });
    expect(events[0]?.requestContext.authorizer).not.toHaveProperty('iam');
    const { verdict, userIdentity } = open.log.last ?? {};
    expect([verdict, userIdentity]).toEqual([
      'allowed',
      { type: 'WebIdentityUser', identityProvider: claims.iss, userName: '00a' },
    ]);
    expect(JSON.stringify(open.log.events)).not.toContain('good');
  });

  it.each<[string, string, string | undefined, string, number]>([
    ['without a token', '/people/requester/things', undefined, 'POST', 401],
    ['with a token that is not accepted', '/people/requester/things', 'Bearer bad', 'POST', 401],
    ['with another scheme', '/people/requester/things', 'Basic good', 'POST', 401],
    ['with two tokens', '/people/requester/things', 'Bearer good, Bearer bad', 'POST', 401],
    ['with a token at a route for signatures', '/things', 'Bearer good', 'POST', 403],
    ['of another method', '/people/requester/things', 'Bearer good', 'GET', 404],
    ['to a file with another method', '/page', undefined, 'POST', 404],
  ])('a call %s never reaches the function', async (_, path, authorization, method, status) => {
    expect((await fetched(path, authorization, method)).status).toBe(status);
    expect(events).toEqual([]);
    expect(open.log.last?.verdict).toBe('refused');
  });

  it('a signature opens no route for tokens', async () => {
    const keys = plain(open.administrator);
    const path = '/shop/people/requester/things';
    const answer = await send(open, { service: 'execute-api', method: 'POST', path, keys });
    expect([answer.status, events]).toEqual([401, []]);
  });

  it('a file is for everybody, and is no call', async () => {
    const before = open.log.events.length;
    const answer = await fetched('/page', undefined, 'GET');
    expect([answer.status, answer.headers.get('x-page'), await answer.text()]).toEqual([200, '1', 'hello']);
    expect(open.log.events).toHaveLength(before);
  });
});
