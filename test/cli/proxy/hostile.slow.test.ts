/** What the proxy refuses, and what it never passes on: a server in place of AWS records what reaches it. */
import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { type Lease, LeaseCredentials } from '@leasehold/runtime';
import { ClientKey } from '../../../lib/cli/proxy/client-key';
import { Upstream } from '../../../lib/cli/proxy/upstream';
import { FakeAws } from '../../mcp/support/fake-aws';
import { KEYS } from '../../mcp/support/issued';
import { removeFolders } from '../support';
import { Proxied } from './support/proxied';

const Bucket = 'hermes-dev-deploy';
let now: number;
let aws: FakeAws;
let proxied: Proxied;
beforeEach(async () => {
  now = Date.now();
  aws = await FakeAws.open();
  proxied = await Proxied.open(aLease(), aws.url, () => now);
});
afterEach(async () => {
  await proxied.proxy.close();
  await aws.close();
  removeFolders();
});

function aLease(): Lease {
  const reason = 'Upload release 1.4.2 to the deploy bucket';
  const expiresAt = new Date(Date.now() + 900_000);
  return {
    id: 'lh-01m8n00000000000000000000',
    role: 's3-deploy',
    expiresAt,
    grant: { role: 's3-deploy', reason, parameters: {}, permissions: [], durationSeconds: 900 },
    credentials: async () => new LeaseCredentials({ ...KEYS, expiresAt: expiresAt.getTime() }),
    attenuate: () => Promise.reject(new Error('not needed here')),
  };
}

const put = (s3: S3Client, Body: string | Buffer = 'x') =>
  s3.send(new PutObjectCommand({ Bucket, Key: '1.4.2/app.js', Body, CacheControl: 'no-cache' }));
const s3 = (...args: Parameters<Proxied['settings']>) => new S3Client(proxied.settings(...args));

it('AWS gets the call of the client, signed with the lease, and nothing of the signature of the client', async () => {
  await put(s3());
  const [{ method, url, headers, body } = aws.heard[0] as never] = aws.heard;
  expect({ method, url, body }).toEqual({ method: 'PUT', url: `/${Bucket}/1.4.2/app.js?x-id=PutObject`, body: 'x' });
  expect(headers).toMatchObject({
    authorization: expect.stringContaining(`Credential=${KEYS.accessKeyId}/`),
    'x-amz-security-token': KEYS.sessionToken,
    'cache-control': 'no-cache',
    host: new URL(aws.url).host,
  });
  const [own] = proxied.keys;
  for (const secret of [own?.accessKeyId, own?.secretAccessKey]) {
    expect(JSON.stringify(aws.heard)).not.toContain(secret);
  }
});

it('the client gets the answer of AWS, and nothing of the lease', async () => {
  aws.answer = (_, response) => {
    response.writeHead(200, { 'x-amz-request-id': 'REQUEST1', etag: '"e"', 'content-type': 'text/plain' });
    response.end('hello');
  };
  const { Body, ETag, $metadata } = await s3().send(new GetObjectCommand({ Bucket, Key: '1.4.2/app.js' }));
  expect([await Body?.transformToString(), ETag, $metadata.requestId]).toEqual(['hello', '"e"', 'REQUEST1']);
  expect(proxied.lines).toMatchObject([{ eventName: 'GetObject', requestID: 'REQUEST1' }]);
});

it.each<[string, (keys: { accessKeyId: string; secretAccessKey: string }) => object, string]>([
  ['a key that nobody has', (keys) => ({ ...keys, accessKeyId: 'LEASEHOLDAAAAAAAAAA' }), 'InvalidAccessKeyId'],
  ['a wrong secret', (keys) => ({ ...keys, secretAccessKey: 'x'.repeat(40) }), 'SignatureDoesNotMatch'],
  ['the secret of another client', (keys) => ({ ...keys, ...secretOfOther() }), 'SignatureDoesNotMatch'],
  ['a session token', (keys) => ({ ...keys, sessionToken: 'a-token' }), 'InvalidToken'],
  [
    'a key of AWS',
    () => ({ accessKeyId: KEYS.accessKeyId, secretAccessKey: KEYS.secretAccessKey }),
    'InvalidAccessKeyId',
  ],
])('a call with %s is refused', async (_, changed, name) => {
  const [keys] = proxied.keys;
  if (keys === undefined) throw new Error('there is no client');
  await expect(put(s3(changed(keys) as never))).rejects.toMatchObject({ name });
  expect(aws.heard).toEqual([]);
  expect(proxied.lines).toMatchObject([{ errorCode: name, additionalEventData: { forwarded: false } }]);
  expect(proxied.lines[0]?.additionalEventData).not.toHaveProperty('client');
});

const secretOfOther = () => ({ secretAccessKey: proxied.keys[1]?.secretAccessKey ?? '' });

it('each client is logged by its name', async () => {
  for (const keys of proxied.keys) await put(s3(keys));
  expect(proxied.lines.map(({ additionalEventData }) => additionalEventData.client)).toEqual(['agent', 'other']);
});

it('after the end of the lease, calls are refused, and nothing is sent', async () => {
  now += 901_000;
  await expect(put(s3())).rejects.toMatchObject({ name: 'ExpiredToken' });
  expect(aws.heard).toEqual([]);
});

it('of STS, only who calls is passed on', async () => {
  const sts = new STSClient(proxied.settings());
  await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: 'NotImplemented' });
  expect(aws.heard).toEqual([]);
  expect(proxied.lines).toMatchObject([{ eventName: 'GetSessionToken', errorCode: 'NotImplemented' }]);
  aws.answer = (_, response) => {
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  };
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: 'a' });
});

it.each<[string, number, string]>([
  [
    'an error that repeats what was signed',
    403,
    `<Error><Code>SignatureDoesNotMatch</Code><StringToSign>AWS4\n${KEYS.sessionToken}</StringToSign></Error>`,
  ],
  ['an error about the token', 400, `<Error><Code>InvalidToken</Code><Token-0>${KEYS.sessionToken}</Token-0></Error>`],
  [
    'any error with the token',
    400,
    `<Error><Code>Odd</Code><Message>${encodeURIComponent(KEYS.sessionToken)}</Message></Error>`,
  ],
  ['any error with the secret key', 500, `<Error><Code>Odd</Code><Message>${KEYS.secretAccessKey}</Message></Error>`],
  [
    'an error about the end of the token',
    400,
    `<Error><Code>ExpiredToken</Code><Token-0>${KEYS.sessionToken}</Token-0></Error>`,
  ],
  ['an error about the key', 403, `<Error><Code>InvalidAccessKeyId</Code><Key>${KEYS.accessKeyId}</Key></Error>`],
  ['an error that does not end', 400, `<Error>${'x'.repeat(300_000)}${KEYS.sessionToken}`],
])('%s is not passed on', async (_, status, body) => {
  aws.answer = (__, response) => response.writeHead(status).end(body);
  const { text } = await sent('GET', `/${Bucket}/1.4.2/app.js`);
  for (const part of [KEYS.sessionToken, encodeURIComponent(KEYS.sessionToken), KEYS.secretAccessKey, 'StringToSign']) {
    expect(text).not.toContain(part);
  }
  expect(text).toMatch(/<Code>(?:AccessDenied|ExpiredToken|BadGateway)</);
});

const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'escaped for URLs': encodeURIComponent,
  'escaped for URLs in lower case': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (each) => each.toLowerCase()),
  'escaped for URLs twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'escaped for JSON': (secret) => secret.replaceAll('/', '\\/'),
  'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
  'in Base64': (secret) => Buffer.from(secret).toString('base64'),
  'in Base64 after other bytes': (secret) => Buffer.from(`x${secret}`).toString('base64'),
};

it.each(
  Object.entries(FORMS).flatMap(([form, write]) =>
    (['secretAccessKey', 'sessionToken'] as const).flatMap((name) =>
      (['body', 'header'] as const).map((place) => ({ form, write, name, place })),
    ),
  ),
)('an error with the $name $form in its $place is not passed on', async ({ write, name, place }) => {
  const text = write(KEYS[name]);
  aws.answer = (_, response) => {
    if (place === 'header') response.setHeader('x-amz-meta-a', text);
    response.writeHead(400).end(`<Error><Code>Odd</Code><Message>${place === 'body' ? text : 'm'}</Message></Error>`);
  };
  const answer = await sent('GET', `/${Bucket}/1.4.2/app.js`);
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('<Code>AccessDenied<') });
  expect(answer.text).not.toContain(text);
});

it.each([
  ['AccessDenied', 403],
  ['NoSuchKey', 404],
  ['XAmzContentSHA256Mismatch', 400],
  ['AuthorizationHeaderMalformed', 400],
  ['SlowDown', 503],
])('an error %s is passed on as AWS wrote it', async (code, status) => {
  const body = `<Error><Code>${code}</Code><Message>m</Message></Error>`;
  aws.answer = (_, response) => response.writeHead(status, { 'x-amz-request-id': 'R1' }).end(body);
  expect(await sent('GET', `/${Bucket}/1.4.2/app.js`)).toEqual({ status, text: body });
  expect(proxied.lines).toMatchObject([{ errorCode: code, requestID: 'R1' }]);
});

it('calls that cannot be read are refused, and nothing is sent', async () => {
  for (const [path, service] of [
    ['/hermes-dev-deploy/1.4.2/..%2f..%2fapp.js', 's3'],
    ['/hermes-dev-deploy/1.4.2/../app.js', 's3'],
    ['/hermes-dev-deploy?unknown-subresource', 's3'],
    ['/model/m/invoke', 'bedrock'],
    ['/', 'iam'],
  ] as const) {
    const { status } = await sent('GET', path, service);
    expect({ path, isRefused: status >= 400 }).toEqual({ path, isRefused: true });
  }
  expect(aws.heard).toEqual([]);
});

it('unsigned requests, other algorithms, and what is not HTTP/1.1 are refused', async () => {
  const plain = await fetch(`${proxied.url}/${Bucket}/1.4.2/app.js`);
  expect(plain.status).toBe(403);
  const authorization =
    'AWS4-ECDSA-P256-SHA256 Credential=a/20261130/s3/aws4_request, SignedHeaders=host, Signature=00';
  const sigv4a = await fetch(`${proxied.url}/${Bucket}/k`, { headers: { authorization } });
  expect([sigv4a.status, await sigv4a.text()]).toEqual([
    400,
    expect.stringContaining('only AWS4-HMAC-SHA256 is accepted'),
  ]);
  expect(await spoken('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toContain('leasehold proxy speaks HTTP/1.1 only');
  expect(await spoken(`GET ${aws.url}/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toContain('400 Bad Request');
  expect(await spoken('CONNECT s3.amazonaws.com:443 HTTP/1.1\r\nhost: x\r\n\r\n')).not.toContain(' 200 ');
  expect(aws.heard).toEqual([]);
});

it('a large upload is passed on while it is read, and its hash is left to AWS', async () => {
  const body = Buffer.alloc(3 * 1024 * 1024, 'x');
  await put(s3(), body);
  const [call] = aws.heard;
  expect(call?.headers['x-amz-content-sha256']).toMatch(
    /^(?:[0-9a-f]{64}|STREAMING-UNSIGNED-PAYLOAD-TRAILER|UNSIGNED-PAYLOAD)$/,
  );
  expect(call?.body.length).toBeGreaterThanOrEqual(body.length);
});

it.each([
  ['whole', true],
  ['with another byte', false],
])('an upload in chunks that the client signed, %s, is passed on: %s', async (_, isWhole) => {
  const [keys] = proxied.keys;
  const chunk = isWhole ? 'contents' : 'Contents';
  const { status } = await sent('PUT', `/${Bucket}/1.4.2/app.js`, 's3', {
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '8',
    },
    body: (authorization, date) => signedChunks(keys?.secretAccessKey ?? '', authorization, date, 'contents', chunk),
  });
  expect([status, ...aws.heard.map(({ body }) => body)]).toEqual(isWhole ? [200, 'contents'] : [403]);
  for (const { headers } of aws.heard) {
    expect(headers['x-amz-content-sha256']).toBe(sha256('contents'));
    expect(headers['content-encoding']).toBeUndefined();
  }
});

it('a body that differs from its signed hash is refused', async () => {
  const options = { headers: { 'x-amz-content-sha256': sha256('other') }, body: () => 'contents' };
  expect(await sent('PUT', `/${Bucket}/1.4.2/app.js`, 's3', options)).toMatchObject({ status: 400 });
  expect(aws.heard).toEqual([]);
});

it('a large body that changes what a call does is refused', async () => {
  const { status, text } = await sent('PUT', `/${Bucket}`, 's3', { body: () => 'x'.repeat(2 * 1024 * 1024) });
  expect([status, text]).toEqual([413, expect.stringContaining('EntityTooLarge')]);
  expect(aws.heard).toEqual([]);
});

it('an upload that AWS refuses early gets the answer of AWS', async () => {
  aws.server.removeAllListeners('request');
  aws.server.on('request', (_, response) => {
    response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
  });
  await expect(put(s3(), Buffer.alloc(8 * 1024 * 1024))).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('without AWS, clients get an error that they may retry', async () => {
  await aws.close();
  await expect(put(s3())).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  aws = await FakeAws.open();
});

it('if the log cannot be written, the answer is withheld, and no further call is made', async () => {
  proxied.isFull = true;
  await expect(put(s3())).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  proxied.isFull = false;
  await expect(put(s3())).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  expect(aws.heard).toHaveLength(1);
});

describe('a client that closes its connection', () => {
  const lines = () =>
    proxied.lines.map(({ eventName, errorCode, additionalEventData: { forwarded, client } }) => ({
      ...{ eventName, errorCode, forwarded, client },
    }));

  it('before AWS answers is logged once, because AWS may carry out the call', async () => {
    const ended = new Promise<void>((resolve) => {
      aws.answer = (_, response) => {
        response.once('close', resolve);
        client.abort();
      };
    });
    const client = new AbortController();
    const { signal } = client;
    await expect(sent('PUT', `/${Bucket}/1.4.2/app.js`, 's3', { body: () => 'x', signal })).rejects.toThrow();
    await ended;
    aws.answer = (_, response) => response.end();
    await put(s3(proxied.keys[1]), 'the next call');
    expect(aws.heard.map(({ body }) => body)).toEqual(['x', 'the next call']);
    expect(lines()).toEqual([
      { eventName: 'PutObject', errorCode: 'ClientDisconnected', forwarded: true, client: 'agent' },
      { eventName: 'PutObject', errorCode: undefined, forwarded: true, client: 'other' },
    ]);
  });

  it('while it reads the answer is logged once', async () => {
    const client = new AbortController();
    const { signal } = client;
    const ended = new Promise<void>((resolve) => {
      aws.answer = (_, response) => {
        response.once('close', resolve);
        response.writeHead(200, { 'content-length': '1000' }).write('x');
      };
    });
    const began = () => client.abort();
    await expect(sent('GET', `/${Bucket}/1.4.2/app.js`, 's3', { signal, began })).rejects.toThrow();
    await ended;
    expect(lines()).toEqual([{ eventName: 'GetObject', errorCode: undefined, forwarded: true, client: 'agent' }]);
  });

  it('does not hide why its call was refused', async () => {
    const { port } = new URL(proxied.url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.end(`GET /${Bucket}/1.4.2/app.js HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(lines()).toMatchObject([{ errorCode: 'AccessDenied', forwarded: false }]);
  });
});

it('an answer that cannot be passed on is logged once', async () => {
  // Node reads this status from a server, and refuses to write it.
  aws.server.removeAllListeners('request');
  aws.server.on('request', (message) => {
    message.socket.end('HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n');
  });
  expect(await sent('GET', `/${Bucket}/1.4.2/app.js`)).toMatchObject({ status: 500 });
  expect(proxied.lines).toMatchObject([{ eventName: 'GetObject', additionalEventData: { forwarded: true } }]);
});

it('actions and resources are logged, without the contents', async () => {
  const dynamodb = new DynamoDBClient(proxied.settings());
  aws.answer = (_, response) => response.end('{}');
  await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'the-key' } } }));
  await dynamodb.send(new ListTablesCommand({}));
  await put(s3(), 'the contents');
  expect(proxied.lines.map(({ eventName, resources }) => [eventName, ...resources.map(({ ARN }) => ARN)])).toEqual([
    ['GetItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders'],
    ['ListTables'],
    ['PutObject', `arn:aws:s3:::${Bucket}/1.4.2/app.js`],
  ]);
  expect(JSON.stringify(proxied.lines)).not.toMatch(/the contents|the-key/);
});

it('a key of a client does not show its secret', () => {
  const key = new ClientKey('agent');
  const secret = ClientKey.secretOf(key);
  for (const shown of [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify(key), String(key)]) {
    expect(shown).not.toContain(secret);
  }
});

it.each([
  ['http://aws.example', false],
  ['http://169.254.169.254', false],
  ['http://127.0.0.1:4566/path', false],
  ['http://127.0.0.1:4566/?', false],
  ['http://127.0.0.1:4566/?a=b', false],
  ['http://127.0.0.1:4566/#', false],
  ['http://127.0.0.1:4566#a', false],
  ['http://user@127.0.0.1:4566', false],
  ['https://:password@aws.example', false],
  ['http://@127.0.0.1:4566', false],
  ['nonsense', false],
  ['https://aws.example', true],
  ['http://127.0.0.1:4566', true],
  ['http://127.0.0.1:4566/', true],
  ['https://aws.example:8443', true],
])('the endpoint %s is accepted: %s', (endpoint, isAccepted) => {
  const open = () => new Upstream(endpoint, 'aws', {}).close();
  if (isAccepted) expect(open).not.toThrow();
  else expect(open).toThrow('neither an https address nor an address of this machine');
});

it.each<[string, string, string, string | undefined]>([
  ['aws', 's3', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com/'],
  ['aws-cn', 'dynamodb', 'cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn/'],
  ['aws', 'monitoring', 'us-east-1', 'https://monitoring.us-east-1.amazonaws.com/'],
  ['aws', 's3', 'cn-north-1', undefined],
  ['aws', 's3', 'us-evil-1', undefined],
  ['aws-us-gov', 's3', 'us-gov-west-1', 'https://s3.us-gov-west-1.amazonaws.com/'],
  ['aws-iso', 's3', 'us-iso-east-1', undefined],
])('in %s, %s in %s is at %s', (partition, service, region, expected) => {
  const upstream = new Upstream(undefined, partition, {});
  if (expected === undefined) expect(() => upstream.urlOf(service, region)).toThrow('regions of');
  else expect(upstream.urlOf(service, region).href).toBe(expected);
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** One chunk and the end, signed: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
function signedChunks(secret: string, authorization: string, date: string, signed: string, chunk: string): string {
  const scope = [date.slice(0, 8), 'eu-west-1', 's3', 'aws4_request'];
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
  const key = scope.reduce<string | Buffer>((before, part) => hmac(before, part).digest(), `AWS4${secret}`);
  const sign = (previous: string, text: string) =>
    hmac(
      key,
      ['AWS4-HMAC-SHA256-PAYLOAD', date, scope.join('/'), previous, sha256(''), sha256(text)].join('\n'),
    ).digest('hex');
  const first = sign(authorization.slice(-64), signed);
  return `8;chunk-signature=${first}\r\n${chunk}\r\n0;chunk-signature=${sign(first, '')}\r\n\r\n`;
}

interface SentOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, given the signature and the date of the request. */
  readonly body?: (authorization: string, date: string) => string;
  readonly signal?: AbortSignal;
  /** Called when the answer begins. */
  readonly began?: () => void;
}

/** Signs a request as the first client, and sends it as it is. */
async function sent(
  method: string,
  path: string,
  service = 's3',
  { headers = {}, body = () => '', signal, began = () => {} }: SentOptions = {},
): Promise<{ status: number; text: string }> {
  const client = new STSClient({ ...proxied.settings(), signingEscapePath: service !== 's3' });
  const scheme = { name: 'sigv4', signingName: service, signingRegion: 'eu-west-1', properties: {} };
  const signer = await client.config.signer(scheme);
  const { host, hostname, port } = new URL(proxied.url);
  const [pathname = '', search] = path.split('?');
  const query = search === undefined ? {} : { [search]: '' };
  const all = { host, 'x-amz-content-sha256': sha256(body('', '')), ...headers };
  const message = { method, protocol: 'http:', hostname, path: pathname, query, headers: all, body: body('', '') };
  const signed = await signer.sign(message as never);
  const { authorization = '', 'x-amz-date': date = '' } = signed.headers;
  const text = body(authorization, date);
  const length = text === '' ? {} : { 'content-length': String(text.length) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path, headers: { ...signed.headers, ...length }, ...defined({ signal }) },
      (response) => {
        response.on('error', reject);
        began();
        let answer = '';
        response.on('data', (chunk) => {
          answer += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: answer }));
      },
    );
    outgoing.on('error', reject).end(text);
  });
}

/** What the proxy answers to a text. */
function spoken(text: string): Promise<string> {
  const { port } = new URL(proxied.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer)).on('error', () => resolve(answer));
  });
}
