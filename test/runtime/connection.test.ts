/** The way to AWS: whose certificates are believed, and through which proxy. */
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connectionTo } from '../../runtime/src/connection';

const STS = 'https://sts.eu-central-1.amazonaws.com';

let proxy: Server;
let seen: { readonly url: string | undefined; readonly authorization: string | undefined }[];

/** A proxy that opens no tunnel, and remembers what it was asked. */
beforeEach(async () => {
  seen = [];
  proxy = createServer();
  proxy.on('connect', ({ url, headers }, socket) => {
    seen.push({ url, authorization: headers['proxy-authorization'] });
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => proxy.close(resolve)));

function proxyUrl(user = ''): string {
  return `http://${user}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** What comes of a request by this connection. */
function ask(env: NodeJS.ProcessEnv): Promise<string> {
  const { httpsAgent } = connectionTo(STS, env);
  return new Promise((resolve) => {
    request(STS, httpsAgent === undefined ? {} : { agent: httpsAgent }, () => resolve('answered'))
      .once('error', ({ message }) => resolve(message))
      .end();
  });
}

it.each([
  ['HTTPS_PROXY', undefined],
  ['https_proxy', undefined],
  ['ALL_PROXY', undefined],
])('asks the proxy that %s names for a tunnel, and says what it answered', async (name) => {
  expect(await ask({ [name]: proxyUrl() })).toMatch(/^the proxy 127\.0\.0\.1:\d+ answered 407$/);
  expect(seen).toEqual([{ url: 'sts.eu-central-1.amazonaws.com:443', authorization: undefined }]);
});

it('gives the proxy its user and password', async () => {
  await ask({ HTTPS_PROXY: proxyUrl('me:s%40cret@') });
  expect(seen[0]?.authorization).toBe(`Basic ${Buffer.from('me:s@cret').toString('base64')}`);
});

it('says that the proxy cannot be reached', async () => {
  expect(await ask({ HTTPS_PROXY: 'http://127.0.0.1:1' })).toMatch(/^the proxy 127\.0\.0\.1:1 cannot be reached/);
});

it.each([
  ['*', true],
  ['amazonaws.com', true],
  ['.amazonaws.com', true],
  ['*.amazonaws.com', true],
  ['example.com, sts.eu-central-1.amazonaws.com', true],
  ['amazonaws.com:443', true],
  ['amazonaws.com:8443', false],
  ['azonaws.com', false],
  ['example.com', false],
  ['', false],
])('with NO_PROXY=%s it goes there without the proxy: %s', (NO_PROXY, direct) => {
  const { httpsAgent } = connectionTo(STS, { HTTPS_PROXY: proxyUrl(), NO_PROXY });
  expect(httpsAgent === undefined).toBe(direct);
});

it.each(['https://127.0.0.1:9443', 'http://127.0.0.1:4566', 'https://localhost'])('reaches %s directly', (url) => {
  expect(connectionTo(url, { HTTPS_PROXY: proxyUrl() }).httpsAgent).toBeUndefined();
});

it.each([
  [{ AWS_CA_BUNDLE: '/no/such/bundle.pem' }, /AWS_CA_BUNDLE names \/no\/such\/bundle\.pem/],
  [{ HTTPS_PROXY: 'socks5://127.0.0.1:1080' }, /HTTPS_PROXY names no proxy of HTTP/],
])('refuses %j before anybody is asked', (env, message) => {
  expect(() => connectionTo(STS, env)).toThrow(message);
});

it('has an end to waiting, whatever is set', () => {
  for (const env of [{}, { HTTPS_PROXY: proxyUrl() }]) {
    expect(connectionTo(STS, env)).toMatchObject({ connectionTimeout: 10_000, socketTimeout: 35_000 });
  }
});
