/** How an issuer's keys are fetched, kept and rotated. */
import type { TokenInvalid } from '../../../lib/broker/port-errors';
import type { TokenVerifier } from '../../../lib/broker/ports';
import { tokenVerifierOf } from '../../../lib/broker/tokens';
import { FRESH, GOOD, PAUSE, PAUSE_AFTER_FAILURE } from '../../../lib/broker/tokens/issuer-keys';
import { Double, type Reply } from '../reviewers/support/double';
import { anIssuer, jwkOf, type Key, rsaKey, tokenOf } from './support';

const [OLD, NEW] = [rsaKey('key-1'), rsaKey('key-2')];
const set = (...keys: readonly Key[]): Reply => ({ body: { keys: keys.map((key) => jwkOf(key)) } });

let server: Double;
let verifier: TokenVerifier;
/** Seconds. */
let now: number;

beforeEach(async () => {
  server = await Double.start('http/1.1');
  now = 1_000_000;
  verifier = verifierOf(server);
});
afterEach(() => server.stop());

function verifierOf(double: Double): TokenVerifier {
  const issuer = anIssuer({ jwksUri: `${double.address}/keys?pool=1` });
  return tokenVerifierOf([issuer], { clock: () => now }) as TokenVerifier;
}

/** `ok`, or why not. */
async function verdict(key: Key, header: object = {}): Promise<string> {
  return verifier.verify(tokenOf(key, { header })).then(
    () => 'ok',
    (error: TokenInvalid) => error.why,
  );
}

const fetches = () => server.received.length;

it('fetches keys with the first token, once, and keeps them', async () => {
  server.replies = [set(OLD)];
  expect(fetches()).toBe(0);
  expect(await Promise.all([verdict(OLD), verdict(OLD), verdict(OLD)])).toEqual(['ok', 'ok', 'ok']);
  now += FRESH - 1;
  expect(await verdict(OLD)).toBe('ok');
  expect(fetches()).toBe(1);
  expect(server.received[0]).toMatchObject({ method: 'GET', path: '/keys?pool=1', text: '' });
});

it('fetches them anew for a key that it does not know: they were rotated', async () => {
  server.replies = [set(OLD), set(OLD, NEW)];
  expect(await verdict(OLD)).toBe('ok');
  now += PAUSE;
  expect(await verdict(NEW)).toBe('ok');
  expect(await verdict(OLD)).toBe('ok');
  expect(fetches()).toBe(2);
});

it('does not fetch for every made-up key', async () => {
  server.replies = [set(OLD)];
  expect(await verdict(OLD)).toBe('ok');
  now += PAUSE;
  const made = Array.from({ length: 20 }, (_, index) => verdict(OLD, { kid: `made-up-${index}` }));
  expect(new Set(await Promise.all(made))).toEqual(new Set(['signature']));
  expect(await verdict(OLD, { kid: 'made-up' })).toBe('signature');
  expect(fetches()).toBe(2);
  expect(await verdict(OLD)).toBe('ok');
  now += PAUSE;
  expect(await verdict(OLD, { kid: 'made-up' })).toBe('signature');
  expect(fetches()).toBe(3);
});

it('takes no key that the issuer has withdrawn, as soon as it looks again', async () => {
  server.replies = [set(OLD), set(NEW)];
  expect(await verdict(OLD)).toBe('ok');
  now += FRESH;
  expect(await verdict(OLD)).toBe('signature');
  expect(await verdict(NEW)).toBe('ok');
  expect(fetches()).toBe(2);
});

it('takes a new key under an old name, and no longer the old one', async () => {
  const renamed = rsaKey(OLD.id);
  server.replies = [set(OLD), set(renamed)];
  expect(await verdict(OLD)).toBe('ok');
  now += FRESH;
  expect(await verdict(renamed)).toBe('ok');
  expect(await verdict(OLD)).toBe('signature');
});

it('goes on with the keys that it has while new ones cannot be had, for an hour', async () => {
  server.replies = [set(OLD), { status: 503, body: '' }];
  expect(await verdict(OLD)).toBe('ok');
  now += GOOD - 1;
  expect(await verdict(OLD)).toBe('ok');
  expect(fetches()).toBe(2);
  now += 1;
  expect(await verdict(OLD)).toBe('keys-unavailable');
});

it('tries again soon after it could not', async () => {
  server.replies = [{ status: 500, body: '' }, set(OLD)];
  expect(await verdict(OLD)).toBe('keys-unavailable');
  expect(await verdict(OLD)).toBe('keys-unavailable');
  expect(fetches()).toBe(1);
  now += PAUSE_AFTER_FAILURE;
  expect(await verdict(OLD)).toBe('ok');
});

it.each<[string, Reply]>([
  ['an error', { status: 500, body: { keys: [jwkOf(OLD)] } }],
  ['a page', { body: '<html>' }],
  ['nothing', { body: '' }],
  ['a list', { body: [jwkOf(OLD)] }],
  ['no keys', { body: { keys: { 0: jwkOf(OLD) } } }],
  ['more keys than anybody has', { body: { keys: Array.from({ length: 101 }, () => jwkOf(OLD)) } }],
  ['more than 64 KiB', { body: { keys: [jwkOf(OLD)], more: 'x'.repeat(65_536) } }],
  ['an answer without end', 'flood'],
  ['a connection that breaks off', 'cut'],
])('has no keys where the issuer answers with %s', async (_, reply) => {
  server.replies = [reply];
  expect(await verdict(OLD)).toBe('keys-unavailable');
});

it('follows no redirect: keys come from where they are configured', async () => {
  const elsewhere = await Double.start('http/1.1');
  elsewhere.replies = [set(OLD)];
  server.replies = [{ status: 302, headers: { location: elsewhere.address }, body: '' }];
  expect(await verdict(OLD)).toBe('keys-unavailable');
  expect(elsewhere.received).toEqual([]);
  await elsewhere.stop();
});

it('gives up on an issuer that says nothing', async () => {
  server.replies = ['silence'];
  expect(await verdict(OLD)).toBe('keys-unavailable');
});

it('fetches once more where the connection broke off', async () => {
  server.replies = ['cut', set(OLD)];
  expect(await verdict(OLD)).toBe('ok');
});

it('keeps the keys of issuers apart', async () => {
  const other = await Double.start('http/1.1');
  server.replies = [set(OLD)];
  other.replies = [set(NEW)];
  const issuers = [
    anIssuer({ jwksUri: server.address }),
    anIssuer({ issuer: 'https://login.evil.example', jwksUri: other.address }),
  ];
  verifier = tokenVerifierOf(issuers, { clock: () => now }) as TokenVerifier;
  expect(await verdict(OLD)).toBe('ok');
  // The other issuer's key, in the name of the first.
  expect(await verdict(NEW)).toBe('signature');
  await other.stop();
});
