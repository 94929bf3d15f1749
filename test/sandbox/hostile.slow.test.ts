/** Whoever sends whatever: never a crash, never a yes. */
import { connect } from 'node:net';
import type { Sandbox } from '@leasehold/sandbox';
import fc from 'fast-check';
import { aLease, aSandbox, plain } from './support/sandbox';
import { exchange, form, type Keys, send } from './support/wire';

let sandbox: Sandbox;
let lease: Keys;

beforeAll(async () => {
  sandbox = await aSandbox();
  lease = await aLease(sandbox);
});
afterEach(async () => {
  const { status } = await send(sandbox, {
    service: 'sts',
    ...form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
    keys: plain(sandbox.keys),
  });
  expect(status).toBe(200);
});
afterAll(() => sandbox.stop());

/** Sends bytes as they are, and reads what comes until the connection ends. */
function sendBytes(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.on('error', () => socket.destroy());
    socket.end(bytes);
  });
}

describe('bytes that are no request', () => {
  it.each([
    ['noise', Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])],
    ['a header without end', `GET / HTTP/1.1\r\nx: ${'a'.repeat(200_000)}`],
    ['a header of 70 kB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a broken chunk', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['a body that never comes', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nab'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a whole address as target', 'GET http://169.254.169.254/latest HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ['a tunnel', 'CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    expect(await sendBytes(bytes)).not.toContain('HTTP/1.1 200');
  });
});

/** A signed PUT of the lease's own, to be spoilt. */
const upload = { service: 's3', method: 'PUT', path: '/hermes-dev-deploy/1.4.2/app.js', body: 'hello' } as const;

describe('a signed request that is spoilt', () => {
  it.each([
    ['the date is another', { headers: { 'x-amz-date': '20270101T000000Z' } }],
    ['the method is another', { method: 'DELETE' }],
    ['the path leads to another release', { path: '/hermes-dev-deploy/1.4.3/app.js' }],
    ['the key has other case', { path: '/hermes-dev-deploy/1.4.2/APP.js' }],
    ['a query is added', { query: 'acl' }],
    ['a query of a presigned URL is added', { query: 'X-Amz-Signature=00' }],
    ['the host is another', { headers: { host: 'hermes-prod-deploy.s3.amazonaws.com' } }],
    ['the host is missing', { headers: { host: null } }],
    ['the payload hash says unsigned', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
    ['the payload hash says streaming', { headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' } }],
    ['the token is missing', { headers: { 'x-amz-security-token': null } }],
  ] as const)('%s', async (_, tamper) => {
    const { status } = await send(sandbox, { ...upload, keys: lease, tamper });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each(['host', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'])(
    '%s stays out of the signature',
    async (leftOut) => {
      const { status } = await send(sandbox, { ...upload, keys: lease, leftOut });
      expect(status).toBe(403);
    },
  );
});

const PRESIGNED =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20270101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20270101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host';

describe('a presigned URL', () => {
  it.each([
    ['without a signature', PRESIGNED, 400],
    ['without an end', `${PRESIGNED.replace('X-Amz-Expires=60&', '')}&X-Amz-Signature=${'0'.repeat(64)}`, 400],
    ['with a short signature', `${PRESIGNED}&X-Amz-Signature=abc`, 400],
    ['of another algorithm', `${PRESIGNED.replace('HMAC-SHA256', 'ECDSA')}&X-Amz-Signature=${'0'.repeat(64)}`, 400],
    ['for longer than a week', `${PRESIGNED.replace('=60&', '=604801&')}&X-Amz-Signature=${'0'.repeat(64)}`, 400],
    ['that lasts for a word', `${PRESIGNED.replace('=60&', '=ever&')}&X-Amz-Signature=${'0'.repeat(64)}`, 400],
    ['with a parameter twice', `${PRESIGNED}&X-Amz-Expires=604800&X-Amz-Signature=${'0'.repeat(64)}`, 400],
    ['of a key that does not exist', `${PRESIGNED}&X-Amz-Signature=${'0'.repeat(64)}`, 403],
    ['with a broken escape', `${PRESIGNED}&X-Amz-Signature=${'0'.repeat(64)}&x=%zz`, 400],
    ['with a plus sign', `${PRESIGNED}&X-Amz-Signature=${'0'.repeat(64)}&x=a+b`, 400],
  ])('%s', async (_, query, status) => {
    const answer = await exchange(sandbox, {
      method: 'GET',
      path: `/b/k?${query}`,
      headers: { host: 'x' },
      body: Buffer.alloc(0),
    });
    expect(answer.status).toBe(status);
  });

  it('beside an Authorization header', async () => {
    const query = `${PRESIGNED}&X-Amz-Signature=${'0'.repeat(64)}`;
    const answer = await send(sandbox, { ...upload, query, keys: lease });
    expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument']);
  });
});

// Each run is a request over the wire.
const LIMITS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 3) };
jest.setTimeout(120_000 + LIMITS.numRuns * 50);

describe('property: nothing that is made up gets a yes', () => {
  it('not an Authorization header', async () => {
    const part = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        'AWS4-HMAC-SHA256',
        'Credential=',
        'SignedHeaders=host',
        'Signature=',
        ',',
        '/',
        lease.accessKeyId,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const authorization = parts.join(' ').replace(/[^\x20-\x7e]/g, '?');
        const { status } = await exchange(sandbox, {
          method: 'GET',
          path: '/b/k',
          headers: { host: 'x', authorization },
          body: Buffer.alloc(0),
        });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      LIMITS,
    );
  });

  it('not a session token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom('A', '/', '=', ''), async (place, char) => {
        const token = lease.sessionToken ?? '';
        const at = place % token.length;
        const changed = token.slice(0, at) + char + token.slice(at + 1);
        fc.pre(changed !== token);
        const { status } = await send(sandbox, { ...upload, keys: { ...lease, sessionToken: changed } });
        expect(status).toBe(400);
      }),
      LIMITS,
    );
  });

  it('not a body of STS', async () => {
    const name = fc.constantFrom(
      'Action',
      'Version',
      'RoleArn',
      'RoleSessionName',
      'Tags.member.1.Key',
      'Tags.member.2.Value',
      'Tags.member.x',
      'Policy',
      'PolicyArns.member.0.arn',
      'DurationSeconds',
      'TransitiveTagKeys.member.1',
      '__proto__',
      'constructor',
    );
    const value = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom('AssumeRole', '2011-06-15', 'toString', '__proto__', '9'.repeat(400)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, value), { maxLength: 12 }),
        async (pairs: readonly [string, string][]) => {
          const body = pairs.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join('&');
          const { status } = await send(sandbox, { service: 'sts', ...form({}), body, keys: plain(sandbox.keys) });
          expect([400, 403, 501]).toContain(status);
        },
      ),
      LIMITS,
    );
  });

  it('not a path outside the release', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2E%2e',
        '..%2f',
        '%2f',
        '',
        '1.4.2',
        '1.4.1',
        'hermes-dev-deploy',
        '%00',
        '%c0%ae',
        '%252e%252e',
        ';',
        '\\',
      ),
      fc.stringMatching(/^[a-z0-9]{1,5}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 6 }), async (segments) => {
        const path = `/hermes-dev-deploy/1.4.1/${segments.join('/')}`;
        const { status } = await send(sandbox, { ...upload, path, keys: lease }).catch(() => ({ status: 400 }));
        expect([400, 403, 501]).toContain(status);
      }),
      LIMITS,
    );
  });

  it('not a truncated body', async () => {
    const text = '{"TableName":"t","Key":{"id":{"S":"1"}}}';
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' };
    for (let length = 0; length < text.length; length++) {
      const { status } = await send(sandbox, {
        service: 'dynamodb',
        headers,
        body: text.slice(0, length),
        keys: lease,
      });
      expect([400, 501]).toContain(status);
    }
  });
});

it('an upload of 64 MB is let through, and one of more than the limit is not', async () => {
  const { status } = await send(sandbox, { ...upload, body: Buffer.alloc(64 * 1024 * 1024, 'a'), keys: lease });
  expect(status).toBe(200);
  const bytes = `PUT /b/k HTTP/1.1\r\nhost: x\r\ncontent-length: ${300 * 1024 * 1024}\r\nconnection: close\r\n`;
  const { accessKeyId } = sandbox.keys;
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const answer = await sendBytes(`${bytes}x-amz-date: ${day}T000000Z\r\nauthorization: ${authorization}\r\n\r\n`);
  expect(answer).toContain('HTTP/1.1 413');
});

it('a body of STS that goes on and on is not read to its end', async () => {
  const { accessKeyId } = sandbox.keys;
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const head = `POST / HTTP/1.1\r\nhost: x\r\nx-amz-date: ${day}T000000Z\r\nauthorization: ${authorization}\r\n`;
  const chunk = `${(300 * 1024).toString(16)}\r\n${'a'.repeat(300 * 1024)}\r\n`;
  await sendBytes(`${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(20)}`);
  expect(sandbox.log.last).toMatchObject({ errorCode: 'EntityTooLarge', verdict: 'refused' });
});
