/** `leasehold login` and what follows, as processes: a real issuer, a broker over HTTP, and a person with a browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createBrokerClient } from '@leasehold/runtime/broker';
import { endLogin } from '@leasehold/serve/login';
import type { Dev, DevSignIn } from 'leasehold/dev';
import type { Environment } from '../../../lib/definitions/model';
import { BROKERED } from '../../sandbox/support/broker';
import { LEASEHOLD } from '../../support/sources';
import { ASK, aDev, anEnvironmentWithAccounts, speakingAs } from '../dev/support';
import { CodeFlow, signInOf, tokensOf, Visitor } from '../dev/visitor';
import { newFolder, removeFolders } from '../support';

const ASKED = ['s3-deploy', '--reason', ASK.reason, '--param', 'release=1.4.2'];
const WAITING = {
  ...BROKERED,
  name: 's3-undo',
  broker: {
    humans: 1,
    windowSeconds: 600,
    reviewer: 'off' as const,
    eligible: { agents: ['agent'], groups: ['staff'] },
  },
};

let dev: Dev;
let signIn: DevSignIn;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const environment: Environment = { ...anEnvironmentWithAccounts(), roles: [BROKERED, WAITING] };
  dev = await aDev(environment);
  signIn = signInOf(dev);
});
afterAll(() => dev.stop());
afterAll(removeFolders);

beforeEach(() => {
  folder = newFolder();
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(dev.manifest));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  // A browser that writes down which page it was told to open.
  const script = `#!/bin/sh\nprintf %s "$1" > '${folder}/page.new'\nmv '${folder}/page.new' '${folder}/page'\n`;
  writeFileSync(join(folder, 'browser'), script, { mode: 0o700 });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await endLogin(dev.broker.url, join(folder, 'run', 'leasehold'));
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function leasehold(line: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...LEASEHOLD, ...line], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      BROWSER: join(folder, 'browser'),
      AWS_ENDPOINT_URL: dev.sandbox.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, said, ended };
}

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await pause(30);
  }
}

/** The page that the browser was told to open. It is forgotten, so that the next one can be awaited. */
async function opened(): Promise<string> {
  const file = join(folder, 'page');
  const page = await until(() => (existsSync(file) ? readFileSync(file, 'utf8') : undefined) || undefined);
  writeFileSync(file, '');
  return page;
}

/** Signs a person in with `leasehold login`. */
async function logIn(person: string, options: readonly string[] = []): Promise<Ended> {
  const { ended } = leasehold(['login', ...options]);
  const answer = await new Visitor().signIn(signIn, await opened(), person);
  const back = await fetch(answer.headers.get('location') ?? '');
  expect(await back.text()).toContain('You are signed in');
  return ended;
}

it('lets a person work without an IAM user, until they sign out', async () => {
  const signedIn = await logIn('alice');
  expect(signedIn).toMatchObject({ code: 0, out: 'Signed in as alice@example.com. Sign out: leasehold logout\n' });

  const run = leasehold(['exec', ...ASKED, '--', process.execPath, '-p', 'process.env.AWS_ACCESS_KEY_ID']);
  expect(await run.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^ASIA\w+\n$/) });

  const requested = await leasehold(['request', ...ASKED]).ended;
  expect(requested).toMatchObject({ code: 0, out: expect.stringMatching(/^lh-\w+ opens s3-deploy until /) });
  const [id = ''] = requested.out.split(' ');
  const printed = await leasehold(['credential-process', ...ASKED]).ended;
  expect(JSON.parse(printed.out)).toMatchObject({ Version: 1, AccessKeyId: expect.stringMatching(/^ASIA/) });

  const listed = await leasehold(['leases', '--mine', '--json']).ended;
  const { leases } = JSON.parse(listed.out);
  // `credential-process` got the lease that `request` left with the holder.
  expect(leases).toHaveLength(2);
  expect(leases.map(({ requester }: { requester: string }) => requester)).toEqual(['alice', 'alice']);
  expect(leases.map((lease: { id: string }) => lease.id)).toContain(id);
  expect((await leasehold(['audit', id]).ended).out).toContain('alice');

  const refused = await leasehold(['revoke', id, '--because', 'A requester may not', '--yes']).ended;
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('[forbidden]') });

  expect(await leasehold(['logout']).ended).toMatchObject({ code: 0, out: 'alice@example.com is signed out.\n' });
  expect(await leasehold(['logout']).ended).toMatchObject({ code: 0, out: 'Nobody was signed in.\n' });
  const after = await leasehold(['leases', '--mine', '--identity', 'login']).ended;
  expect(after).toMatchObject({ code: 2, err: expect.stringContaining('Sign in first: leasehold login.') });
});

it('runs a command with a lease that the person requested before, and requests no other one', async () => {
  await logIn('alice');
  const token = async () => (await tokensOf(signIn, 'alice')).access_token;
  const client = createBrokerClient({ ...dev.broker, signIn: { as: 'requester', token } });
  const { lease } = await client.request(ASK);
  const count = async () => (await client.leases()).leases.length;
  const before = await count();
  const line = (id: string, ...more: string[]) =>
    leasehold([
      'exec',
      ...ASKED,
      '--lease',
      id,
      ...more,
      '--',
      process.execPath,
      '-p',
      'process.env.AWS_ACCESS_KEY_ID',
    ]);
  expect(await line(lease.id).ended).toMatchObject({ code: 0, out: expect.stringMatching(/^ASIA\w+\n$/) });
  expect(await line(lease.id, '--param', 'release=1.4.3').ended).toMatchObject({ code: 2 });
  // The lease of somebody else.
  const other = await speakingAs(dev, dev.agent()).request(ASK);
  expect(await line(other.lease.id).ended).toMatchObject({
    code: 2,
    err: expect.stringContaining('This lease does not exist'),
  });
  expect(await count()).toBe(before);
});

it('leads an approver to the console, and lets them revoke', async () => {
  const { lease } = await speakingAs(dev, dev.agent()).request({ ...ASK, role: 's3-undo' });
  await logIn('lead');
  expect((await leasehold(['leases']).ended).out).toContain(lease.id);
  const page = `${signIn.console}/leases/${lease.id}`;
  expect(await leasehold(['approve', lease.id]).ended).toMatchObject({
    code: 0,
    out: `${page}\n`,
    err: expect.stringMatching(/in the console, with a passkey\. .*approveWith: mfa.*--identity aws/),
  });
  expect(await opened()).toBe(page);
  expect(await leasehold(['approve', lease.id, '--yes', '0123456789']).ended).toMatchObject({
    code: 2,
    err: expect.stringContaining('a sign-in alone approves nothing'),
  });
  const issued = await speakingAs(dev, dev.agent()).request(ASK);
  const line = ['revoke', issued.lease.id, '--because', 'It went wrong', '--yes'];
  expect(await leasehold(line).ended).toMatchObject({ code: 0, out: expect.stringContaining(issued.lease.id) });
});

describe('passkeys', () => {
  it('are listed to an administrator, whose login alone issues no code', async () => {
    await logIn('root');
    const listed = await leasehold(['passkeys', 'list', '--json']).ended;
    expect([listed.code, JSON.parse(listed.out).people]).toEqual([
      0,
      ['alice', 'lead', 'oncall', 'root'].map((person) => ({ person, valid: true, passkeys: [] })),
    ]);
    const refused = await leasehold(['passkeys', 'code', 'root']).ended;
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(
      /A sign-in alone issues no code.*\[consent-required\]\n {2}hint: .*as your IAM user with MFA/,
    );
    expect(await leasehold(['passkeys', 'code', 'lead']).ended).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('must be for an administrator'),
    });
  });

  it.each(['alice', 'lead'])('are nothing for %s, who is no administrator', async (person) => {
    await logIn(person);
    for (const line of [['list'], ['code', person], ['code', 'root']]) {
      const { code, out, err } = await leasehold(['passkeys', ...line]).ended;
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('[forbidden]');
    }
  });
});

it('uses an AWS identity if an option names one, or if it is chosen', async () => {
  await logIn('lead');
  const { accessKeyId, secretAccessKey } = dev.agent();
  const agent = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const command = ['--', process.execPath, '-p', '1'];
  const token = async () => (await tokensOf(signIn, 'lead')).access_token;
  const client = createBrokerClient({ ...dev.broker, signIn: { as: 'approver', token } });
  // Leases of the same second are listed in any order, so the new one is the one that was not there before.
  const known = new Set((await client.leases({ role: 's3-deploy' })).leases.map(({ id }) => id));
  for (const [line, env, requester] of [
    [[], agent, 'lead'],
    [['--agent', 'agent'], agent, 'agent'],
    [[], { ...agent, LEASEHOLD_AGENT: 'agent' }, 'agent'],
    [['--identity', 'aws'], agent, 'agent'],
    [['--identity', 'login'], { ...agent, LEASEHOLD_AGENT: 'agent' }, 'lead'],
  ] as const) {
    expect((await leasehold(['exec', ...ASKED, ...line, ...command], env).ended).code).toBe(0);
    const { leases } = await client.leases({ role: 's3-deploy' });
    const added = leases.filter(({ id }) => !known.has(id));
    expect([line, added.map((lease) => lease.requester)]).toEqual([line, [requester]]);
    for (const { id } of added) known.add(id);
  }
});

it('signs in with a code on another device', async () => {
  const { said, ended } = leasehold(['login', '--device']);
  const [, page = '', code = ''] = await until(() => /Visit (\S+) .* code (\S+)\n/.exec(said.err) ?? undefined);
  const visitor = new Visitor();
  const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
  const entry = await (await visitor.get(page)).text();
  const confirm = await (await visitor.post(page, { xsrf: hidden(entry, 'xsrf'), user_code: code })).text();
  const form = { xsrf: hidden(confirm, 'xsrf'), user_code: code, confirm: 'yes' };
  const toSignIn = await visitor.follow(await visitor.post(page, form), signIn);
  const [, action] = /action="(\/interaction\/[^"]+)"/.exec(await toSignIn.text()) ?? [];
  const sub = signIn.accounts.find(({ person }) => person === 'alice')?.sub ?? '';
  const done = await visitor.post(`${signIn.settings.issuer}${action}`, { person: sub, password: signIn.password });
  await visitor.follow(done, signIn);
  expect(await ended).toMatchObject({ code: 0, out: expect.stringContaining('Signed in as alice@example.com') });
});

it('a login with a slash at the end of the address is for the same broker', async () => {
  const place = ['--broker', `${dev.broker.url}/`, '--region', 'eu-west-1'];
  expect(await logIn('alice', place)).toMatchObject({ code: 0, out: expect.stringContaining('Signed in as alice@') });
  const listed = await leasehold(['leases', '--mine', '--json', '--identity', 'login']).ended;
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(await leasehold(['logout']).ended).toMatchObject({ code: 0, out: 'alice@example.com is signed out.\n' });
});

it('a second person replaces the first, whose tokens are revoked', async () => {
  await logIn('alice');
  expect(await logIn('lead')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Signed in as lead@example.com'),
    err: expect.stringContaining('alice@example.com was signed in before, and is signed out'),
  });
});

describe('the address to which the issuer returns', () => {
  it('accepts one answer, with the state of the request, at its own path and name', async () => {
    const { child, ended } = leasehold(['login']);
    const url = new URL(await opened());
    const redirect = url.searchParams.get('redirect_uri') ?? '';
    expect(redirect).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{40,}$/);
    const state = url.searchParams.get('state') ?? '';
    const good = (await new Visitor().signIn(signIn, url.href, 'alice')).headers.get('location') ?? '';
    const { host, search } = new URL(good);
    const changed = (name: string, value: string) => {
      const other = new URL(good);
      other.searchParams.set(name, value);
      return other.href;
    };
    for (const attack of [
      redirect,
      changed('state', 'x'.repeat(state.length)),
      changed('state', ''),
      `${good}&state=${state}`,
      good.replace('/callback', '/other'),
      good.replace('/callback', '/callback/x'),
    ]) {
      expect([attack, (await fetch(attack)).status]).toEqual([attack, 400]);
    }
    expect((await fetch(good, { method: 'POST' })).status).toBe(400);
    expect(await statusUnder('rebound.example', host, `/callback${search}`)).toBe(400);
    expect(child.exitCode).toBeNull();

    expect((await fetch(good)).status).toBe(200);
    expect((await ended).code).toBe(0);
    await expect(fetch(good)).rejects.toThrow('fetch failed');
  });

  it('an answer for another request, or of another issuer, signs nobody in', async () => {
    for (const [name, value] of [
      ['code', await someCode()],
      ['iss', 'https://login.example.com'],
    ] as const) {
      const { ended } = leasehold(['login']);
      const good = new URL((await new Visitor().signIn(signIn, await opened(), 'alice')).headers.get('location') ?? '');
      good.searchParams.set(name, value);
      expect((await fetch(good)).status).toBe(400);
      expect(await ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/error: .*issuer/) });
      expect(readdirSync(join(folder, 'run', 'leasehold'))).toEqual([]);
    }
  });
});

it('no token is in a file, in an argument, in the environment or in what is printed', async () => {
  const signedIn = await logIn('lead');
  const listed = await leasehold(['leases', '--json']).ended;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  for (const text of [...texts, signedIn.out, signedIn.err, listed.out, listed.err]) {
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
  }
  const [socket = ''] = readdirSync(join(folder, 'run', 'leasehold'));
  expect(statSync(join(folder, 'run', 'leasehold', socket)).mode & 0o077).toBe(0);
  // What the system shows of the process. Elsewhere than on Linux there is nothing to read.
  const processes = existsSync('/proc/self') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  for (const pid of processes) {
    const [line, environment] = ['cmdline', 'environ'].map((part) => {
      try {
        return readFileSync(`/proc/${pid}/${part}`, 'utf8');
      } catch {
        return '';
      }
    });
    if (line?.includes('leasehold-login')) expect(`${line} ${environment}`).not.toMatch(/eyJ/);
  }
});

it('tokens of other kinds and of other issuers are refused with a clear error', async () => {
  const other = await aDev(anEnvironmentWithAccounts());
  const { id_token } = await tokensOf(signIn, 'lead');
  const { access_token } = await tokensOf(signInOf(other), 'lead');
  for (const token of [id_token, access_token]) {
    const client = createBrokerClient({ ...dev.broker, signIn: { as: 'approver', token: async () => token } });
    const refusal = { code: 'denied', hint: expect.stringContaining('leasehold login') };
    await expect(client.leases()).rejects.toMatchObject(refusal);
    await expect(client.leases()).rejects.not.toThrow(token);
  }
  await other.stop();
});

it('a broker to which nobody signs in says so', async () => {
  const line = ['login', '--broker', `${dev.sandbox.url}/leasehold-other`, '--region', 'eu-west-1'];
  expect(await leasehold(line).ended).toMatchObject({ code: 2, err: expect.stringContaining('how people sign in') });
});

/** A code that was issued for another request. */
async function someCode(): Promise<string> {
  const flow = new CodeFlow(signIn, 'http://127.0.0.1:1/callback');
  return flow.code(await new Visitor().signIn(signIn, flow.url(), 'lead'));
}

/** The status of a request with another `Host`. */
function statusUnder(name: string, host: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(`http://${host}`);
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, path, headers: { host: `${name}:${port}` } };
    request(options, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
}
