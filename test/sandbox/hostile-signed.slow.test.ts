/** Who holds good keys and plays with the rest of a request: never a crash, never a yes to what is not theirs. */

import type { Sandbox } from '@leasehold/sandbox';
import fc from 'fast-check';
import { EMPTY_SHA256, scopeText, sha256 } from '../../lib/sandbox/sigv4/canonical';
import { SigningKeys, sign } from '../../lib/sandbox/sigv4/signing-key';
import { aLease, aSandbox, plain } from './support/sandbox';
import { form, type Keys, send, signedHeadersOf, type WireRequest } from './support/wire';

const BUCKET = 'hermes-dev-deploy';
const REGION = 'ap-northeast-2';
// Each run is a request over the wire.
const LIMITS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 3) };
jest.setTimeout(120_000 + LIMITS.numRuns * 50);

let sandbox: Sandbox;
let lease: Keys;
let administrator: Keys;

beforeAll(async () => {
  sandbox = await aSandbox();
  lease = await aLease(sandbox);
  administrator = plain(sandbox.administrator);
});
afterEach(async () => {
  const call = form({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
  expect((await send(sandbox, { service: 'sts', ...call, keys: plain(sandbox.keys) })).status).toBe(200);
});
afterAll(() => sandbox.stop());

const s3 = (method: string, path: string, rest: Partial<WireRequest> = {}) =>
  send(sandbox, { service: 's3', method, path, keys: lease, ...rest });

describe('hosts: the one that is signed says which bucket is meant', () => {
  it.each([
    ["the bucket's own", `${BUCKET}.s3.${REGION}.amazonaws.com`, '/1.4.2/app.js', 200],
    ["the bucket's own, and a port", `${BUCKET}.s3.amazonaws.com:443`, '/1.4.2/app.js', 200],
    ['the service', `s3.${REGION}.amazonaws.com`, `/${BUCKET}/1.4.2/app.js`, 200],
    ["another bucket's, with ours in the path", 'hermes-prod-deploy.s3.amazonaws.com', `/${BUCKET}/1.4.2/app.js`, 403],
    ["another bucket's, with our release", 'hermes-prod-deploy.s3.amazonaws.com', '/1.4.2/app.js', 403],
    ["ours, for another bucket's path", `${BUCKET}.s3.amazonaws.com`, '/hermes-prod-deploy/1.4.2/app.js', 403],
    ['another region', `${BUCKET}.s3.us-east-1.amazonaws.com`, '/1.4.2/app.js', 501],
    ['another service', `dynamodb.${REGION}.amazonaws.com`, `/${BUCKET}/1.4.2/app.js`, 501],
    ['a stranger that ends like AWS', 's3.amazonaws.com.evil.example', `/${BUCKET}/1.4.2/app.js`, 501],
    ['a stranger that begins like AWS', 'evilamazonaws.com', `/${BUCKET}/1.4.2/app.js`, 501],
    ['an access point', `x-123456789012.s3-accesspoint.${REGION}.amazonaws.com`, '/1.4.2/app.js', 501],
    ['the metadata service', '169.254.169.254', `/${BUCKET}/1.4.2/app.js`, 501],
    ['nothing', '', `/${BUCKET}/1.4.2/app.js`, 501],
    ['two names', 'localhost,evil.example', `/${BUCKET}/1.4.2/app.js`, 501],
    ['a user and a name', `localhost@${BUCKET}.s3.amazonaws.com`, '/1.4.2/app.js', 501],
  ])('%s: %s %s → %i', async (_, host, path, status) => {
    expect((await s3('GET', path, { headers: { host } })).status).toBe(status);
  });

  it('no host leads to another release', async () => {
    const label = fc.constantFrom(BUCKET, 'hermes-prod-deploy', 's3', REGION, 'amazonaws', 'com', 'localhost', 'x', '');
    const host = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
    const path = fc.constantFrom(`/${BUCKET}/1.4.1/app.js`, '/1.4.1/app.js', '/hermes-prod-deploy/1.4.2/app.js', '/');
    await fc.assert(
      fc.asyncProperty(host, path, async (name, target) => {
        expect([400, 403, 501]).toContain((await s3('GET', target, { headers: { host: name } })).status);
      }),
      LIMITS,
    );
  });
});

describe('queries', () => {
  it.each([
    ['a prefix of the release', 'list-type=2&prefix=1.4.2%2F', 200],
    ['no prefix', 'list-type=2', 403],
    ['an empty prefix', 'prefix=', 403],
    ['a prefix twice', 'prefix=1.4.2%2F&prefix=', 501],
    ['a prefix in another case', 'Prefix=1.4.2%2F', 501],
    ['a prefix as a list', 'prefix[]=1.4.2%2F', 501],
    ['a prefix encoded twice', 'prefix=1.4.2%252F', 403],
    ['a prefix with a line break', 'prefix=1.4.2%0A', 403],
    ['a prefix with NUL', 'prefix=%001.4.2%2F', 403],
    ['another operation beside it', 'prefix=1.4.2%2F&policy', 501],
    ['another operation alone', 'policy', 403],
    ['a parameter that is none', 'prefix=1.4.2%2F&Action=DeleteBucket', 501],
  ])('listing with %s', async (_, query, status) => {
    expect((await s3('GET', `/${BUCKET}`, { query })).status).toBe(status);
  });

  it.each([
    ['an ACL as a parameter', 'x-amz-acl=public-read'],
    ["another object's tags", 'tagging'],
    ['its ACL', 'acl'],
    ['a copy as a parameter', `x-amz-copy-source=${BUCKET}%2F1.4.1%2Fsecret`],
    ['a part of an upload twice', 'uploadId=a&uploadId=b&partNumber=1'],
    ['the name of another operation', 'x-id=DeleteObject'],
  ])('an upload with %s', async (_, query) => {
    const { status } = await s3('PUT', `/${BUCKET}/1.4.2/app.js`, { query, body: 'x' });
    expect([400, 403, 501]).toContain(status);
  });

  it('no query lists another release', async () => {
    const name = fc.constantFrom('prefix', 'Prefix', 'prefix ', 'delimiter', 'list-type', 'marker', 'versions', 'x');
    const value = fc.oneof(fc.constantFrom('', '2', '1.4', '1.4.1/', '/', '*', '%2F', '1.4.2'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 5 }), async (pairs) => {
        const query = pairs.map(([key, text]) => `${encodeURIComponent(key)}=${encodeURIComponent(text)}`).join('&');
        fc.pre(!pairs.some(([, text]) => text.startsWith('1.4.2/')));
        expect([400, 403, 501]).toContain((await s3('GET', `/${BUCKET}`, { query })).status);
      }),
      LIMITS,
    );
  });
});

describe('headers', () => {
  it.each([
    ['an ACL', { 'x-amz-acl': 'public-read' }],
    ['a grant', { 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }],
    ['a copy of another release', { 'x-amz-copy-source': `${BUCKET}/1.4.1/secret` }],
    ['a copy by a path with dots', { 'x-amz-copy-source': `${BUCKET}/1.4.2/../1.4.1/secret` }],
    ['a copy that is encoded twice', { 'x-amz-copy-source': `${BUCKET}/1.4.2%252f..%252f1.4.1/secret` }],
    ['another method', { 'x-http-method-override': 'DELETE' }],
    ['another path', { 'x-original-url': `/${BUCKET}/1.4.1/app.js` }],
    ['another operation', { 'x-amz-target': 'DynamoDB_20120810.Scan' }],
    ['one that AWS does not know', { 'x-amz-please': 'yes' }],
  ])('an upload with %s', async (_, headers) => {
    const { status } = await s3('PUT', `/${BUCKET}/1.4.2/app.js`, { headers, body: 'x' });
    expect([400, 403, 501]).toContain(status);
  });

  it('of 60 kB are read, of more refused, and neither is a crash', async () => {
    const big = (bytes: number) => ({ 'x-amz-meta-note': 'a'.repeat(bytes) });
    const upload = (bytes: number) => s3('PUT', `/${BUCKET}/1.4.2/app.js`, { headers: big(bytes), body: 'x' });
    expect((await upload(60_000)).status).toBe(200);
    // Node closes the connection, which may also be reset before the answer is read.
    expect((await upload(70_000).catch(() => ({ status: 400 }))).status).toBeGreaterThanOrEqual(400);
  });
});

describe('an upload in signed chunks', () => {
  const PARTS = ['hello ', 'w'.repeat(40), '!'];

  /** The frame of the parts, and the request that goes with it. */
  function streaming(): { readonly wire: WireRequest; readonly body: Buffer } {
    const wire: WireRequest = {
      service: 's3',
      method: 'PUT',
      path: `/${BUCKET}/1.4.2/app.js`,
      keys: lease,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': String(PARTS.join('').length),
      },
    };
    const headers = signedHeadersOf(sandbox, wire);
    const timestamp = headers['x-amz-date'] ?? '';
    const scope = { date: timestamp.slice(0, 8), region: REGION, service: 's3' };
    const key = new SigningKeys().of(lease.secretAccessKey, scope);
    let last = /Signature=([0-9a-f]{64})/.exec(headers.authorization ?? '')?.[1] ?? '';
    const framed = [...PARTS, ''].map((part) => {
      const text = [timestamp, scopeText(scope), last, EMPTY_SHA256, sha256(part)].join('\n');
      last = sign(key, `AWS4-HMAC-SHA256-PAYLOAD\n${text}`);
      return `${part.length.toString(16)};chunk-signature=${last}\r\n${part}\r\n`;
    });
    return { wire: { ...wire, tamper: { headers } }, body: Buffer.from(framed.join('')) };
  }

  const sendChunks = async (change: (body: Buffer) => Buffer) => {
    const { wire, body } = streaming();
    return (await send(sandbox, { ...wire, tamper: { ...wire.tamper, body: change(body) } })).status;
  };

  it('is let through as it was signed', async () => {
    expect(await sendChunks((body) => body)).toBe(200);
  });

  it('is refused with another byte anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 255 }), async (place, byte) => {
        const status = await sendChunks((body) => {
          const at = place % body.length;
          const same = String.fromCharCode(byte).toLowerCase() === String.fromCharCode(body[at] ?? 0).toLowerCase();
          fc.pre(!same);
          const changed = Buffer.from(body);
          changed[at] = byte;
          return changed;
        });
        expect([400, 403]).toContain(status);
      }),
      LIMITS,
    );
  });

  it('is refused wherever it is cut off, and with more behind it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.string({ minLength: 1, maxLength: 40 }), async (place, more) => {
        // The last line break is the only thing that may be missing.
        expect([400, 403]).toContain(await sendChunks((body) => body.subarray(0, place % (body.length - 2))));
        expect(await sendChunks((body) => Buffer.concat([body, Buffer.from(more)]))).toBe(400);
      }),
      LIMITS,
    );
  });

  it('is refused with its chunks in another order, or one of them twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }), async (order) => {
        fc.pre(order.join() !== '0,1,2,3');
        const status = await sendChunks((body) => {
          const chunks = body.toString().split(/(?<=\r\n)(?=[0-9a-f]+;chunk)/);
          return Buffer.from(order.map((index) => chunks[index]).join(''));
        });
        expect([400, 403]).toContain(status);
      }),
      LIMITS,
    );
  });
});

/** A call of each service that speaks JSON, which the administrator may make. */
const JSON_CALLS = [
  ['dynamodb', '1.0', 'DynamoDB_20120810.GetItem', '{"TableName":"orders","Key":{"id":{"S":"1"}}}'],
  ['kms', '1.1', 'TrentService.Decrypt', '{"KeyId":"1234abcd-12ab-34cd-56ef-1234567890ab","CiphertextBlob":"eA=="}'],
  ['logs', '1.1', 'Logs_20140328.GetLogEvents', '{"logGroupName":"/shop","logStreamName":"web"}'],
  ['monitoring', '1.0', 'GraniteServiceVersion20100801.PutMetricData', '{"Namespace":"Shop","MetricData":[]}'],
  ['secretsmanager', '1.1', 'secretsmanager.GetSecretValue', '{"SecretId":"shop"}'],
  ['sqs', '1.0', 'AmazonSQS.SendMessage', '{"QueueUrl":"http://localhost/123456789012/jobs","MessageBody":"x"}'],
  ['ssm', '1.1', 'AmazonSSM.GetParameter', '{"Name":"/a/b"}'],
] as const;

describe('JSON that is cut off', () => {
  it.each(JSON_CALLS)(
    'of %s is refused, also to whom everything is allowed',
    async (service, version, target, body) => {
      const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
      const call = (text: string) => send(sandbox, { service, headers, body: text, keys: administrator });
      expect((await call(body)).status).toBe(200);
      for (let length = 0; length < body.length; length++) {
        expect([400, 501]).toContain((await call(body.slice(0, length))).status);
      }
    },
  );
});
