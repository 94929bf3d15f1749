/** The process that keeps a login, with a real issuer: what it gives out, when it renews, and how it ends. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLogin, type LoginHolder, loginAt, replaceLogin, startLoginHolder } from '@leasehold/serve/login';
import type { Dev, DevSignIn } from 'leasehold/dev';
import { discover } from '../../../lib/serve/login/oidc';
import { aDev, anEnvironmentWithAccounts } from '../../cli/dev/support';
import { asPerson, CodeFlow, signInOf, tokenCall, Visitor } from '../../cli/dev/visitor';

const MINUTE = 60_000;

let dev: Dev;
let signIn: DevSignIn;
let folder: string;
let now: number;
const holders: LoginHolder[] = [];

beforeAll(async () => {
  dev = await aDev(anEnvironmentWithAccounts());
  signIn = signInOf(dev);
});
afterAll(() => dev.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-login-'));
  now = Date.now();
});
afterEach(async () => {
  for (const holder of holders.splice(0)) {
    holder.stop();
    await holder.ended;
  }
  rmSync(folder, { recursive: true });
});

const broker = () => dev.broker.url;

/** What the issuer gives to `lead`. */
async function someTokens(at = signIn) {
  const flow = new CodeFlow(at);
  const code = flow.code(await new Visitor().signIn(at, flow.url(), 'lead'));
  const { access_token: accessToken, refresh_token: refreshToken } = await flow.exchange(code);
  return { flow, code, accessToken, refreshToken, issuedAt: now, expiresAt: now + 60 * MINUTE };
}

/** Keeps a login of `lead`, and returns what the test needs to attack it. */
async function aLogin(overrides: { readonly broker?: string; readonly issuer?: DevSignIn } = {}) {
  const at = overrides.issuer ?? signIn;
  const { flow, code, ...tokens } = await someTokens(at);
  const { accessToken, refreshToken } = tokens;
  const holder = await startLoginHolder(
    {
      id: 'an-id',
      folder,
      broker: overrides.broker ?? broker(),
      metadata: await discover(at.settings),
      account: { sub: 's', name: 'lead@example.com' },
      tokens,
    },
    { now: () => now },
  );
  if (holder) holders.push(holder);
  return { holder, flow, code, accessToken, refreshToken };
}

const login = async () => {
  const found = await loginAt(broker(), folder);
  if (found === undefined) throw new Error('nobody is signed in');
  return found;
};

it('gives out an access token, which the broker accepts, and no refresh token', async () => {
  const { accessToken, refreshToken } = await aLogin();
  const found = await login();
  expect(await found.token()).toBe(accessToken);
  expect((await asPerson(signIn, accessToken, '/approver/leases')).status).toBe(200);
  expect(JSON.stringify(found)).toBe(
    JSON.stringify({ name: 'lead@example.com', sub: 's', issuer: signIn.settings.issuer }),
  );
  const said = await raw('{"ask":"facts"}\n{"ask":"token"}\n');
  expect(said).not.toContain(refreshToken);
});

it('renews a token before the broker may count it as old, once for everybody who waits', async () => {
  const { accessToken } = await aLogin();
  now += 4 * MINUTE - 1;
  expect(await (await login()).token()).toBe(accessToken);
  now += 1;
  const { token } = await login();
  const found = await Promise.all(Array.from({ length: 5 }, token));
  expect(new Set(found).size).toBe(1);
  expect(found[0]).not.toBe(accessToken);
  expect((await asPerson(signIn, found[0] ?? '', '/approver/leases')).status).toBe(200);
});

it('a session that was revoked at the issuer is over, and says so', async () => {
  const { flow, code } = await aLogin();
  const { token } = await login();
  // Somebody replays the code, for which the issuer ends the whole sign-in.
  expect((await flow.exchange(code)).error).toBe('invalid_grant');
  now += 5 * MINUTE;
  const error = { code: 'denied', hint: expect.stringContaining('leasehold login') };
  await expect(token()).rejects.toMatchObject(error);
  // It stays known that somebody was signed in, so that no command silently acts as somebody else.
  await expect((await login()).token()).rejects.toMatchObject({
    ...error,
    message: expect.stringContaining('lead@example.com is over'),
  });
});

it('is over after a day, whatever the issuer permits, and its refresh token is revoked', async () => {
  const { refreshToken } = await aLogin();
  now += 24 * 60 * MINUTE;
  await expect((await login()).token()).rejects.toMatchObject({ code: 'denied' });
  expect(await isRevoked(refreshToken)).toBe(true);
});

it('is revoked when its process is told to end', async () => {
  const { holder, refreshToken } = await aLogin();
  holder?.stop();
  await holder?.ended;
  expect(await isRevoked(refreshToken)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it.each<[string, () => Promise<void>]>([
  ['a file is in the place of the socket', async () => writeFileSync(join(folder, await ownName()), '')],
  ['others can enter the folder', async () => chmodSync(folder, 0o755)],
])('is revoked if it cannot be kept: %s', async (_, spoil) => {
  const tokens = await someTokens();
  await spoil();
  const onEnded = () => {};
  const place = { broker: broker(), folder, metadata: await discover(signIn.settings), onEnded };
  await expect(replaceLogin({ account: { sub: 's', name: 'lead@example.com' }, tokens }, place)).rejects.toMatchObject({
    name: 'HolderError',
  });
  expect(await isRevoked(tokens.refreshToken)).toBe(true);
});

/** The name of the socket of a login. */
async function ownName(): Promise<string> {
  const { holder } = await aLogin();
  const [name = ''] = readdirSync(folder);
  holder?.stop();
  await holder?.ended;
  return name;
}

/** Whether the issuer no longer accepts a refresh token. */
async function isRevoked(refreshToken: string): Promise<boolean> {
  const { error } = await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token: refreshToken });
  return error === 'invalid_grant';
}

it('uses a valid token while the issuer is away, and none that has expired', async () => {
  const away = await aDev(anEnvironmentWithAccounts());
  const { accessToken } = await aLogin({ issuer: signInOf(away) });
  await away.stop();
  const { token } = await login();
  now += 10 * MINUTE;
  expect(await token()).toBe(accessToken);
  now += 50 * MINUTE;
  await expect(token()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
});

it('ends with the revocation of its refresh token, and leaves nothing', async () => {
  const { holder, refreshToken } = await aLogin();
  expect(await endLogin(broker(), folder)).toEqual({ name: 'lead@example.com', issuer: 'revoked' });
  await holder?.ended;
  expect(await isRevoked(refreshToken)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  expect(await loginAt(broker(), folder)).toBeUndefined();
  expect(await endLogin(broker(), folder)).toBeUndefined();
});

it('is open to its own user only', async () => {
  await aLogin();
  const [name = ''] = readdirSync(folder);
  expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o700);
  // Only root can become another user. Everybody else relies on the modes above, which the system enforces.
  if (process.getuid?.() === 0) {
    const attack = `require('net').connect(process.argv[1]).on('error', (e) => { console.log(e.code); process.exit(); })`;
    const { stdout } = spawnSync(process.execPath, ['-e', attack, join(folder, name)], { uid: 65534, gid: 65534 });
    expect(stdout.toString()).toBe('EACCES\n');
  }
});

it.each<[string, (path: string) => void]>([
  ['a file', (path) => writeFileSync(path, '')],
  ['a folder', (path) => mkdirSync(path)],
])('%s in the place of the socket is not used', async (_, put) => {
  await aLogin();
  const [name = ''] = readdirSync(folder);
  rmSync(join(folder, name));
  put(join(folder, name));
  await expect(loginAt(broker(), folder)).rejects.toMatchObject({ name: 'HolderError' });
});

it('a folder that others can enter is not used', async () => {
  await aLogin();
  chmodSync(folder, 0o755);
  await expect(loginAt(broker(), folder)).rejects.toMatchObject({ name: 'HolderError' });
});

it('belongs to one broker, and a second login does not replace it', async () => {
  const { accessToken } = await aLogin();
  expect(await loginAt(`${broker()}-other`, folder)).toBeUndefined();
  expect((await aLogin()).holder).toBeUndefined();
  expect(await (await login()).token()).toBe(accessToken);
});

it('a command that began as one person does not go on as another', async () => {
  await aLogin();
  const { token } = await login();
  await endLogin(broker(), folder);
  await holders[0]?.ended;
  const { metadata } = { metadata: await discover(signIn.settings) };
  const other = await startLoginHolder({
    id: 'another-id',
    folder,
    broker: broker(),
    metadata,
    account: { sub: 't', name: 'alice@example.com' },
    tokens: { accessToken: 'a.b.c', refreshToken: undefined, issuedAt: Date.now(), expiresAt: Date.now() + MINUTE },
  });
  if (other) holders.push(other);
  await expect(token()).rejects.toMatchObject({ code: 'denied' });
  expect((await login()).name).toBe('alice@example.com');
});

it.each(['{}', '{"ask":"refresh"}', 'x', '[]', '{"ask":"token","ask":"end"}', 'null'])(
  'what is no request ends the connection: %s',
  async (line) => {
    await aLogin();
    expect(await raw(`${line}\n`)).toBe('');
    expect(await loginAt(broker(), folder)).toBeDefined();
  },
);

/** Everything that the socket answers to a text. */
function raw(text: string): Promise<string> {
  const [name = ''] = readdirSync(folder);
  return new Promise((resolve, reject) => {
    const socket = connect(join(folder, name));
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.split('\n').length > text.split('\n').length - 1) socket.destroy();
    });
    socket.once('close', () => resolve(said)).once('error', reject);
    socket.write(text);
  });
}
