/** Every other service: mapped, decided, and only then handed on. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '@leasehold/sandbox';
import type { ServiceMapping } from '../../lib/sandbox/service-mapping';
import { DYNAMODB, S3 } from './support/mapping';
import { aLease, aSandbox } from './support/sandbox';
import { exchange, type Keys, send } from './support/wire';

const GREETS: ServiceMapping = {
  signingNames: ['greeter'],
  eventSource: 'greeter.amazonaws.com',
  protocols: ['query'],
  denial: { status: 403, code: 'AuthorizationError' },
  map: () => ({
    operation: 'Greet',
    needs: [{ action: 'sns:Publish', resource: '*', context: {} }],
    parameters: {},
  }),
};

describe('without a server behind', () => {
  let sandbox: Sandbox;
  let keys: Keys;

  beforeAll(async () => {
    sandbox = await aSandbox(undefined, { mappings: [S3, DYNAMODB, GREETS] });
    keys = await aLease(sandbox);
  });
  afterAll(() => sandbox.stop());

  it('an allowed call gets a receipt', async () => {
    const answer = await send(sandbox, {
      service: 's3',
      method: 'PUT',
      path: '/hermes-dev-deploy/1.4.2/app.js',
      body: 'x',
      keys,
    });
    expect([answer.status, answer.headers['x-leasehold-verdict']]).toEqual([200, 'allowed']);
    expect(sandbox.log.last).toMatchObject({
      eventName: 'PutObject',
      verdict: 'allowed',
      decisions: [
        {
          action: 's3:PutObject',
          outcome: 'allowed',
          statement: { policy: 'inline policy s3-deploy', index: 0 },
          because: 'Statement 1 of inline policy s3-deploy allows it.',
        },
      ],
    });
  });

  it.each([
    ['another release', 'PUT', '/hermes-dev-deploy/1.4.20/app.js'],
    ['a release above', 'PUT', '/hermes-dev-deploy/app.js'],
    ['another bucket', 'PUT', '/hermes-prod-deploy/1.4.2/app.js'],
    ['a deletion', 'DELETE', '/hermes-dev-deploy/1.4.2/app.js'],
  ])('%s is denied in the words of S3', async (_, method, path) => {
    const answer = await send(sandbox, { service: 's3', method, path, body: '', keys });
    expect([answer.status, answer.code]).toEqual([403, 'AccessDenied']);
    expect(answer.message).toMatch(
      /^User: arn:aws:sts::123456789012:assumed-role\/hermes-dev-s3-deploy\/lh-test-1 is not authorized to perform: s3:\w+ on resource: "arn:aws:s3:::[^"]+" because no identity-based policy allows the s3:\w+ action$/,
    );
    expect(sandbox.log.last?.verdict).toBe('denied');
  });

  it('a path with dots is refused, however it is written', async () => {
    for (const path of [
      '/hermes-dev-deploy/1.4.2/../1.4.1/x',
      '/hermes-dev-deploy/1.4.2/%2e%2e/1.4.1/x',
      '/hermes-dev-deploy/1.4.2/..%2f1.4.1/x',
      '/hermes-dev-deploy/1.4.2/./x',
    ]) {
      const answer = await send(sandbox, { service: 's3', method: 'PUT', path, body: 'x', keys });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  it('the denial of a JSON service names its type', async () => {
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' };
    const answer = await send(sandbox, { service: 'dynamodb', headers, body: '{"TableName":"t"}', keys });
    expect([answer.status, answer.code]).toEqual([400, 'AccessDeniedException']);
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:GetItem'),
    });
  });

  it('a service may write denials in its own way', async () => {
    const answer = await send(sandbox, { service: 'greeter', keys });
    expect([answer.status, answer.code]).toEqual([403, 'AuthorizationError']);
  });

  it.each([
    ['a service without a table', { service: 'quicksight' }],
    ['a request that no row fits', { service: 's3', method: 'POST', path: '/hermes-dev-deploy/1.4.2/app.js' }],
    ['a table that fails', { service: 'dynamodb', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } }],
    [
      'a body with a key twice',
      {
        service: 'dynamodb',
        headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
        body: '{"TableName":"a","TableName":"b"}',
      },
    ],
  ])('%s is refused, and the answer says so', async (_, request) => {
    const answer = await send(sandbox, { ...request, keys });
    expect([answer.status, answer.code]).toEqual([501, 'NotImplemented']);
    expect(answer.text).toContain(
      'The sandbox refuses this request because it cannot determine what AWS would authorize',
    );
    expect(sandbox.log.last?.verdict).toBe('refused');
  });

  it('a need that makes no sense is refused', async () => {
    const broken: ServiceMapping = {
      ...GREETS,
      map: () => ({ operation: 'Greet', needs: [{ action: 'no action', resource: 'x', context: {} }], parameters: {} }),
    };
    const other = await aSandbox(undefined, { mappings: [broken] });
    const answer = await send(other, { service: 'greeter', keys: other.administrator });
    await other.stop();
    expect([answer.status, answer.code]).toEqual([500, 'InternalFailure']);
  });

  it('every need must be allowed', async () => {
    const both: ServiceMapping = {
      ...GREETS,
      map: () => ({
        operation: 'Copy',
        needs: [
          { action: 's3:PutObject', resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/a', context: {} },
          { action: 's3:GetObject', resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.1/a', context: {} },
        ],
        parameters: {},
      }),
    };
    const other = await aSandbox(undefined, { mappings: [both] });
    const answer = await send(other, { service: 'greeter', keys: await aLease(other) });
    expect(answer.message).toContain('s3:GetObject on resource: arn:aws:s3:::hermes-dev-deploy/1.4.1/a');
    expect(other.log.last?.decisions.map(({ outcome }) => outcome)).toEqual(['allowed', 'implicitly denied']);
    await other.stop();
  });
});

const inside = { service: 's3', method: 'PUT', path: '/hermes-dev-deploy/1.4.2/a', body: 'x' };

describe('with a server behind', () => {
  let server: Server;
  let sandbox: Sandbox;
  let keys: Keys;
  const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (request.url?.endsWith('/missing'))
        response.writeHead(404, { 'content-type': 'text/xml' }).end('<Error><Code>NoSuchKey</Code></Error>');
      else if (request.url?.endsWith('/moved'))
        response.writeHead(308, { location: `http://${origin()}/elsewhere` }).end();
      else response.writeHead(200, { etag: '"1"' }).end('stored');
    });
    const origin = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sandbox = await aSandbox(undefined, { mappings: [S3], backing: `http://${origin()}` });
    keys = await aLease(sandbox);
  });
  afterAll(async () => {
    await sandbox.stop();
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
  });

  it('an allowed call arrives, and its answer comes back', async () => {
    const answer = await send(sandbox, {
      service: 's3',
      method: 'PUT',
      path: '/hermes-dev-deploy/1.4.2/a%20b.js',
      query: 'x=1',
      body: 'hello',
      keys,
    });
    expect([answer.status, answer.text, answer.headers.etag]).toEqual([200, 'stored', '"1"']);
    expect(seen).toMatchObject([{ method: 'PUT', url: '/hermes-dev-deploy/1.4.2/a%20b.js?x=1', body: 'hello' }]);
  });

  it('it carries whose key it was and no way to use it', async () => {
    await send(sandbox, {
      service: 's3',
      method: 'PUT',
      path: '/hermes-dev-deploy/1.4.2/a',
      keys,
      headers: { 'x-moto-account-id': '999999999999' },
    });
    const headers: Record<string, unknown> = seen[0]?.headers ?? {};
    expect(headers.authorization).toMatch(
      new RegExp(
        `Credential=${keys.accessKeyId}/\\d{8}/ap-northeast-2/s3/aws4_request, SignedHeaders=host, Signature=0{64}$`,
      ),
    );
    expect(headers['x-moto-account-id']).toBe('123456789012');
    expect(headers).not.toHaveProperty('x-amz-security-token');
    expect(headers.host).toBe(new URL(sandbox.url).host);
  });

  it('a denied call never arrives', async () => {
    await send(sandbox, { service: 's3', method: 'PUT', path: '/hermes-dev-deploy/1.4.1/a', body: 'x', keys });
    expect(seen).toEqual([]);
  });

  it("the server's own errors come back, and the log has their code", async () => {
    const answer = await send(sandbox, {
      service: 's3',
      method: 'GET',
      path: '/hermes-dev-deploy/1.4.2/missing',
      keys,
    });
    expect([answer.status, answer.code]).toEqual([404, 'NoSuchKey']);
    expect(sandbox.log.last).toMatchObject({ errorCode: 'NoSuchKey', verdict: 'allowed' });
  });

  it('an answer cannot lead a client past the sandbox', async () => {
    const answer = await send(sandbox, { service: 's3', method: 'GET', path: '/hermes-dev-deploy/1.4.2/moved', keys });
    expect([answer.status, answer.headers.location]).toEqual([308, undefined]);
  });

  it('a header that is not signed is not handed on', async () => {
    await send(sandbox, {
      service: 's3',
      method: 'PUT',
      path: '/hermes-dev-deploy/1.4.2/a',
      body: 'x',
      keys,
      unsignedHeaders: { 'if-none-match': '*', 'x-http-method-override': 'DELETE' },
    });
    expect(seen[0]?.headers).not.toHaveProperty('x-http-method-override');
  });

  it('an unsigned call never arrives', async () => {
    const answer = await exchange(sandbox, {
      method: 'GET',
      path: '/hermes-dev-deploy/1.4.2/a',
      headers: { host: 'localhost' },
      body: Buffer.alloc(0),
    });
    expect([answer.status, seen.length]).toEqual([403, 0]);
  });

  it('an answer that cannot be handed on ends that connection and nothing else', async () => {
    const off = sandbox.log.subscribe(() => {
      throw new Error('a listener of the test');
    });
    await expect(send(sandbox, { ...inside, keys })).rejects.toThrow();
    off();
    expect((await send(sandbox, { ...inside, keys })).status).toBe(200);
  });

  it('a server that is gone is an error, not a yes', async () => {
    const other = await aSandbox(undefined, { mappings: [S3], backing: 'http://127.0.0.1:9' });
    const answer = await send(other, {
      service: 's3',
      method: 'GET',
      path: '/hermes-dev-deploy/1.4.2/a',
      keys: await aLease(other),
    });
    await other.stop();
    expect([answer.status, answer.code]).toEqual([503, 'ServiceUnavailable']);
  });
});
