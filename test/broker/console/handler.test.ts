/** What the console's function answers, also to paths that an attacker writes. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CONSOLE_ROUTES } from '@leasehold/documents';
import fc from 'fast-check';
import { createSiteHandler, type SiteEvent, type SiteResult } from '../../../lib/broker/console/handler';
import { createSite } from '../../../lib/broker/console/site';
import { A_CONSOLE } from '../../support/console-folder';

const SETTINGS = {
  base: '/leasehold-hermes-dev',
  origins: ['https://login.example.com'],
  host: undefined,
  signIn: { issuer: 'https://login.example.com', clientId: 'console', scope: 'openid leases' },
};
const contents = new Map(Object.entries(A_CONSOLE).map(([name, text]) => [name, Buffer.from(text)]));
const site = createSite(contents, SETTINGS);
const handle = createSiteHandler(site, SETTINGS);
const atDomain = createSiteHandler(site, { host: 'leases.example.com' });

/** The event for a path below `/console`; `undefined` for `/console` itself. */
function event(proxy?: string, acceptEncoding?: string, domainName = 'a1b2c3.execute-api.example'): SiteEvent {
  return {
    routeKey: proxy === undefined ? CONSOLE_ROUTES.start : CONSOLE_ROUTES.files,
    headers: { 'accept-encoding': acceptEncoding },
    ...(proxy === undefined ? {} : { pathParameters: { proxy } }),
    requestContext: { domainName },
  };
}

function textOf({ body, isBase64Encoded }: SiteResult): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

const PAGE = '<!doctype html><base href="/leasehold-hermes-dev/console/" />';
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self' https://login.example.com",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

it.each([
  [undefined, 'text/html; charset=utf-8', 'no-store', PAGE],
  ['', 'text/html; charset=utf-8', 'no-store', PAGE],
  ['index.html', 'text/html; charset=utf-8', 'no-store', PAGE],
  ['signed-in', 'text/html; charset=utf-8', 'no-store', PAGE],
  ['leases/lh-01jd0000000000000000000000', 'text/html; charset=utf-8', 'no-store', PAGE],
  ['request/s3-deploy', 'text/html; charset=utf-8', 'no-store', PAGE],
  ['assets/index-3f0c.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'export'],
  ['assets/index-1a2b.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable', 'body'],
  ['icon.svg', 'image/svg+xml', 'no-cache', '<svg'],
])('%s is %s, %s', async (path, type, cache, begin) => {
  const result = await handle(event(path));
  expect(result.statusCode).toBe(200);
  expect(result.headers).toMatchObject({ ...HEADERS, 'content-type': type, 'cache-control': cache });
  expect(result.headers.vary).toBe('accept-encoding');
  expect(textOf(result)).toMatch(new RegExp(`^${begin.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`));
});

it('console.json says how to sign in', async () => {
  const result = await handle({ routeKey: CONSOLE_ROUTES.settings });
  expect(result.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(JSON.parse(textOf(result))).toEqual(SETTINGS.signIn);
});

it.each([
  ['br, gzip', 'br', 'page in Brotli'],
  ['gzip', 'gzip', 'page in gzip'],
  ['identity', undefined, 'export const page = 1;'],
])('a script is sent as the browser accepts it: %s', async (accept, encoding, text) => {
  const result = await handle(event('assets/index-3f0c.js', accept));
  expect([result.headers['content-encoding'], textOf(result)]).toEqual([encoding, text]);
});

it('the page is encoded with the path of the API in it', async () => {
  const [plain, brotli, gzip] = await Promise.all(
    ['identity', 'br', 'gzip'].map(async (accept) => Buffer.from((await handle(event('', accept))).body, 'base64')),
  );
  expect(brotliDecompressSync(brotli ?? '')).toEqual(plain);
  expect(gunzipSync(gzip ?? '')).toEqual(plain);
});

it('a file that did not become smaller is sent as it is', async () => {
  const result = await handle(event('icon.svg', 'br, gzip'));
  expect(result.headers).not.toHaveProperty('content-encoding');
  expect(textOf(result)).toBe(A_CONSOLE['icon.svg']);
});

it.each([
  '../index.js',
  '..%2findex.js',
  '..',
  '.',
  'assets/../index.js',
  'assets/../../index.js',
  'assets%2findex-3f0c.js',
  'assets%2f..%2f..%2findex.js',
  '%2e%2e/index.js',
  '/etc/passwd',
  '//evil.example',
  'C:\\windows',
  '..\\index.js',
  'assets\\index-3f0c.js',
  'assets/index-3f0c.js.br',
  'assets/index-3f0c.js.gz',
  'assets/index-3f0c.js\0.txt',
  'assets/missing.js',
  'site/index.html',
  'index.js',
  '.env',
  'leases//lh-1',
  'a/b/c/d/e',
  'x'.repeat(129),
  'leases/lh-1?x',
  'leases/lh 1',
  'leases/lh-1\n',
  'leases/\u202e',
  '__proto__.js',
])('%j is not there', async (path) => {
  const result = await handle(event(path));
  expect(result).toEqual({
    statusCode: 404,
    headers: expect.objectContaining({
      ...HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    }),
    body: 'There is no such page.\n',
    isBase64Encoded: false,
  });
});

it.each(['POST /leases', 'GET /roles', '$default', 'GET /console/', ''])('the route %s is not served', async (key) => {
  expect(await handle({ routeKey: key, pathParameters: { proxy: 'index.html' } })).toMatchObject({ statusCode: 404 });
});

it('at its own domain, the page is served at no other host, and the settings at every host', async () => {
  for (const [host, status] of [
    ['leases.example.com', 200],
    ['LEASES.example.com', 200],
    ['a1b2c3.execute-api.example', 404],
    ['leases.example.com.evil.example', 404],
  ] as const) {
    expect([host, (await atDomain(event('', 'br', host))).statusCode]).toEqual([host, status]);
    expect((await atDomain({ ...event('', 'br', host), routeKey: CONSOLE_ROUTES.settings })).statusCode).toBe(200);
  }
  expect((await atDomain({ routeKey: CONSOLE_ROUTES.start })).statusCode).toBe(404);
});

it('answers every path with one of its own files, or with nothing', async () => {
  const pieces = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2f',
    '%2e',
    '%00',
    '\0',
    'assets',
    'index',
    '.js',
    '.br',
    'console',
    '~',
    '?',
    '#',
    '\u2215',
  );
  const path = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 12 }).map((each) => each.join('')),
    fc.webPath(),
  );
  const bodies = new Set(
    [...Object.entries(A_CONSOLE)].filter(([name]) => !/\.(br|gz)$|html$/.test(name)).map(([, text]) => text),
  );
  await fc.assert(
    fc.asyncProperty(path, async (text) => {
      const result = await handle(event(text));
      const shown = textOf(result);
      expect(result.headers).toMatchObject(HEADERS);
      if (result.statusCode === 404) expect(shown).toBe('There is no such page.\n');
      else if (shown.startsWith(PAGE)) expect(text).toMatch(/^(index\.html|[\w/-]*)$/);
      else expect([bodies.has(shown), A_CONSOLE[text]]).toEqual([true, shown]);
    }),
  );
});

it('does not start without a page, or with a page that has no base', () => {
  expect(() => createSite(new Map(), SETTINGS)).toThrow('no index.html');
  expect(() => createSite(new Map([['index.html', Buffer.from('<html>')]]), SETTINGS)).toThrow('<base href');
});
