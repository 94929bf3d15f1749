/** Signing in to the broker on a laptop: a real issuer, real HTTP, and the broker's own verification of its tokens. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { consoleSettings } from '@leasehold/contract';
import type { Dev, DevSignIn } from 'leasehold/dev';
import { paint } from '../../../lib/cli/colour';
import { renderSignIn } from '../../../lib/cli/render/dev';
import type { People } from '../../../lib/definitions/model';
import { aBrokeredEnvironment } from '../../sandbox/support/broker';
import { ISSUER, POOL } from '../../support/people-environment';
import { ASK, aDev, anEnvironmentWithAccounts } from './support';
import { asPerson, CodeFlow, signInOf, tokenCall, tokensOf, Visitor } from './visitor';

let dev: Dev;
let signIn: DevSignIn;

describe.each<[string, People['signIn']]>([
  ['an issuer', ISSUER],
  ['an issuer with ES256', { ...ISSUER, algorithm: 'ES256', nameClaim: 'sub' }],
  ['a user pool', POOL],
])('with the definitions of %s', (_, defined) => {
  beforeAll(async () => {
    dev = await aDev(anEnvironmentWithAccounts(defined));
    signIn = signInOf(dev);
  });
  afterAll(() => dev.stop());

  it.each([
    ['alice', { requester: 200, approver: 403, administrator: 403 }],
    ['lead', { requester: 200, approver: 200, administrator: 403 }],
    ['root', { requester: 200, approver: 403, administrator: 200 }],
  ])('%s is let in as what the definitions say', async (person, expected) => {
    const { access_token } = await tokensOf(signIn, person);
    for (const [as, status] of Object.entries(expected)) {
      expect([as, (await asPerson(signIn, access_token, `/${as}/leases`)).status]).toEqual([as, status]);
    }
  });

  it('a person asks for a lease, and is recorded by the name in the definitions', async () => {
    const { access_token } = await tokensOf(signIn, 'alice');
    const answer = await asPerson(signIn, access_token, '/requester/leases', { method: 'POST', body: ASK });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ lease: { requester: 'alice', state: 'issued' } });
  });

  it('an ID token, a refresh token, and no token open nothing', async () => {
    const { id_token, refresh_token } = await tokensOf(signIn, 'lead');
    for (const token of [id_token, refresh_token, 'x']) {
      const refused = await asPerson(signIn, token, '/requester/leases');
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('error="invalid_token"'),
      ]);
    }
    const without = await fetch(`${signIn.address}/people/requester/leases`);
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('the issuer', () => {
  beforeAll(async () => {
    dev = await aDev(anEnvironmentWithAccounts());
    signIn = signInOf(dev);
  });
  afterAll(() => dev.stop());

  const redirects = (): readonly (readonly [string, boolean])[] => {
    const { console } = signIn;
    const other = new URL(console);
    other.port = String(Number(other.port) + 1);
    return [
      [`${console}/signed-in`, true],
      ['http://127.0.0.1:1/callback', true],
      ['http://127.0.0.1:65535/callback', true],
      [`${console}/signed-in/`, false],
      [`${console}/signed-in?to=x`, false],
      [`${console}/other`, false],
      [`${other.href}/signed-in`, false],
      [`${console.replace('localhost', '127.0.0.1')}/signed-in`, false],
      [`${console.replace('localhost', 'LOCALHOST')}/signed-in`, false],
      ['http://127.0.0.1/callback', false],
      ['http://127.0.0.1:1/callback/x', false],
      ['http://127.0.0.1:1/callback?x', false],
      ['http://127.0.0.1:1/other', false],
      ['http://127.0.0.2:1/callback', false],
      ['http://localhost:1/callback', false],
      ['https://127.0.0.1:1/callback', false],
      ['http://127.0.0.1:1@example.com/callback', false],
      ['https://example.com/callback', false],
    ];
  };

  it('sends a code only to the console, and to a port of this machine', async () => {
    for (const [redirect, allowed] of redirects()) {
      const answer = await new Visitor().get(new CodeFlow(signIn, redirect).url());
      expect([redirect, answer.status, (answer.headers.get('location') ?? '').startsWith('/interaction/')]).toEqual([
        redirect,
        allowed ? 303 : 400,
        allowed,
      ]);
    }
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'error=invalid_request'],
    ['with a plain challenge', { code_challenge_method: 'plain' }, 'error=invalid_request'],
    ['for a token in the address', { response_type: 'token' }, 'error=unsupported_response_type'],
    ['for an ID token in the address', { response_type: 'id_token' }, 'error=unsupported_response_type'],
    ['for another client', { client_id: 'another' }, 'invalid_client'],
  ])('refuses a request %s', async (_, overrides, error) => {
    const answer = await new Visitor().get(new CodeFlow(signIn).url(overrides));
    const said = answer.headers.get('location') ?? (await answer.text());
    expect(said).toContain(error);
    expect(said).not.toMatch(/code=|interaction/);
  });

  it('issues nothing for a wrong password, or in another browser than the one that began', async () => {
    const wrong = await new Visitor().signIn(signIn, new CodeFlow(signIn).url(), 'lead', 'password');
    expect([wrong.status, await wrong.text()]).toEqual([401, expect.stringContaining('The password is wrong.')]);
    const begun = await new Visitor().get(new CodeFlow(signIn).url());
    const elsewhere = await new Visitor().get(`${signIn.settings.issuer}${begun.headers.get('location')}`);
    expect(elsewhere.status).toBe(400);
  });

  it('accepts a code once, with the verifier and the address of its request', async () => {
    const attempts: [Record<string, string>, string | undefined][] = [
      [{ code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
      [{ redirect_uri: 'http://127.0.0.1:1/callback' }, 'invalid_grant'],
      [{}, undefined],
    ];
    for (const [overrides, error] of attempts) {
      const flow = new CodeFlow(signIn);
      const code = flow.code(await new Visitor().signIn(signIn, flow.url(), 'lead'));
      expect((await flow.exchange(code, overrides)).error).toBe(error);
    }
    const flow = new CodeFlow(signIn);
    const code = flow.code(await new Visitor().signIn(signIn, flow.url(), 'lead'));
    const { refresh_token } = await flow.exchange(code);
    expect((await flow.exchange(code)).error).toBe('invalid_grant');
    // A code that was used twice was stolen: what it was exchanged for ends, too.
    expect((await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token })).error).toBe('invalid_grant');
  });

  it('rotates refresh tokens: one that is used again ends the whole sign-in', async () => {
    const { refresh_token: first } = await tokensOf(signIn, 'lead');
    const second = await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token: first });
    expect((await asPerson(signIn, second.access_token, '/approver/leases')).status).toBe(200);
    expect((await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token: first })).error).toBe(
      'invalid_grant',
    );
    const { refresh_token } = second;
    expect((await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token })).error).toBe('invalid_grant');
  });

  it('revokes a refresh token', async () => {
    const { refresh_token } = await tokensOf(signIn, 'lead');
    const { issuer, clientId } = signIn.settings;
    const body = new URLSearchParams({ client_id: clientId, token: refresh_token });
    expect((await fetch(`${issuer}/revoke`, { method: 'POST', body })).status).toBe(200);
    expect((await tokenCall(signIn, { grant_type: 'refresh_token', refresh_token })).error).toBe('invalid_grant');
  });

  it('signs a device in after the person entered and confirmed its code', async () => {
    const { issuer, clientId, scope } = signIn.settings;
    const body = new URLSearchParams({ client_id: clientId, scope });
    const asked: Readonly<Record<'device_code' | 'user_code' | 'verification_uri', string>> = JSON.parse(
      await (await fetch(`${issuer}/device/auth`, { method: 'POST', body })).text(),
    );
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: asked.device_code };
    expect((await tokenCall(signIn, grant)).error).toBe('authorization_pending');

    const visitor = new Visitor();
    const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
    const entry = await (await visitor.get(asked.verification_uri)).text();
    const confirm = await (
      await visitor.post(`${issuer}/device`, { xsrf: field(entry, 'xsrf'), user_code: asked.user_code })
    ).text();
    expect(confirm).toContain(asked.user_code);
    const form = { xsrf: field(confirm, 'xsrf'), user_code: asked.user_code, confirm: 'yes' };
    const toSignIn = await visitor.follow(await visitor.post(`${issuer}/device`, form), signIn);
    const [, action] = /action="(\/interaction\/[^"]+)"/.exec(await toSignIn.text()) ?? [];
    const sub = signIn.accounts.find(({ person }) => person === 'alice')?.sub ?? '';
    const credentials = { person: sub, password: signIn.password };
    const done = await visitor.follow(await visitor.post(`${issuer}${action}`, credentials), signIn);
    expect(await done.text()).toContain('Signed in');

    const { access_token } = await tokenCall(signIn, grant);
    expect((await asPerson(signIn, access_token, '/requester/leases')).status).toBe(200);
    expect((await tokenCall(signIn, grant)).error).toBe('invalid_grant');
  });

  it('lets pages of the console alone read its answers', async () => {
    const { origin } = new URL(signIn.console);
    for (const [from, allowed] of [
      [origin, origin],
      ['http://localhost:1', null],
      ['null', null],
    ]) {
      const body = new URLSearchParams({ client_id: signIn.settings.clientId, grant_type: 'refresh_token' });
      const headers = { origin: from ?? '' };
      const answer = await fetch(`${signIn.settings.issuer}/token`, { method: 'POST', body, headers });
      expect([from, answer.headers.get('access-control-allow-origin')]).toEqual([from, allowed]);
    }
  });

  it('answers under its own name only, and is shown in no frame', async () => {
    const { port } = new URL(signIn.settings.issuer);
    const status = await new Promise((resolve, reject) => {
      const options = { port, path: '/.well-known/openid-configuration', headers: { host: `rebound.example:${port}` } };
      request({ host: '127.0.0.1', ...options }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
    const page = await new Visitor().signIn(signIn, new CodeFlow(signIn).url(), 'lead', 'wrong');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  it('keeps its password out of what is printed, except at a terminal', () => {
    const { password } = signIn;
    const plain = paint(false);
    for (const text of [JSON.stringify(dev.signIn), inspect(dev, { depth: 9 }), renderSignIn(dev, undefined, plain)]) {
      expect(text).not.toContain(password);
    }
    const shown = renderSignIn(dev, password, plain);
    expect(shown).toContain(`Their development password: ${password}\n`);
    expect(shown).toContain('alice (alice@example.com), lead (lead@example.com), root (root@example.com)');
    expect(shown).not.toContain('oncall');
  });

  it('passkeys belong to localhost, at the port of the broker', async () => {
    const { access_token } = await tokensOf(signIn, 'lead');
    const answer = await asPerson(signIn, access_token, '/approver/nonces', { method: 'POST' });
    expect(await answer.json()).toMatchObject({
      relyingParty: { id: 'localhost', origin: new URL(signIn.console).origin },
    });
  });

  it('tokens of one issuer open no other broker', async () => {
    const other = await aDev(anEnvironmentWithAccounts());
    const { access_token } = await tokensOf(signInOf(other), 'lead');
    expect((await asPerson(signIn, access_token, '/requester/leases')).status).toBe(401);
    await other.stop();
  });
});

describe('the files of a console', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leasehold-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><base href="/console/" /><script src="assets/a.js">');
    writeFileSync(join(folder, 'assets', 'a.js'), 'export {};');
    writeFileSync(join(folder, '..', 'leasehold-outside.txt'), 'outside');
    dev = await aDev(anEnvironmentWithAccounts(), { consoleFolder: folder });
    signIn = signInOf(dev);
  });
  afterAll(async () => {
    await dev.stop();
    rmSync(folder, { recursive: true });
    rmSync(join(folder, '..', 'leasehold-outside.txt'));
  });

  it('the settings for signing in are beside the routes', async () => {
    const answer = await fetch(`${signIn.address}/console.json`);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(consoleSettings.parse(await answer.json())).toEqual(signIn.settings);
  });

  it.each([
    ['/console', 'text/html; charset=utf-8', 'no-store'],
    ['/console/', 'text/html; charset=utf-8', 'no-store'],
    ['/console/signed-in', 'text/html; charset=utf-8', 'no-store'],
    ['/console/leases/lh-1', 'text/html; charset=utf-8', 'no-store'],
    ['/console/assets/a.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ])('%s is served with the headers of AWS', async (path, type, cache) => {
    const { headers, status } = await fetch(`${signIn.address}${path}`);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, cache]);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`connect-src 'self' ${signIn.settings.issuer};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  });

  it('the start page knows its path', async () => {
    const text = await (await fetch(`${signIn.address}/console/leases/x`)).text();
    expect(text).toContain('<base href="/leasehold-hermes-dev/console/" />');
  });

  it.each(['/console/assets/b.js', '/console/..%2fleasehold-outside.txt', '/console/assets', '/other', '/'])(
    '%s shows nothing of the machine',
    async (path) => {
      const text = await (await fetch(`${signIn.address}${path}`)).text();
      expect(text).not.toContain('outside');
      expect(text).not.toContain('export');
    },
  );

  it('does not start with a folder without a console', async () => {
    await expect(aDev(anEnvironmentWithAccounts(), { consoleFolder: join(folder, 'assets') })).rejects.toThrow(
      'contains no index.html',
    );
  });

  it('a broker to which nobody signs in serves none of this', async () => {
    const other = await aDev(aBrokeredEnvironment(), { consoleFolder: folder });
    expect(other.signIn).toBeUndefined();
    for (const path of ['/console.json', '/console/', '/people/requester/leases']) {
      expect((await fetch(`${other.broker.url}${path}`)).status).toBe(404);
    }
    await other.stop();
  });
});

describe('with an assistant, and users whom the definitions do not name', () => {
  const ADDRESS = 'ws://localhost:4181';

  beforeAll(async () => {
    const groups = { requester: ['staff'], approver: ['leads'], administrator: ['security'] };
    dev = await aDev(anEnvironmentWithAccounts(POOL, { groups }), { users: ['c-1001'], assistant: ADDRESS });
    signIn = signInOf(dev);
  });
  afterAll(() => dev.stop());

  it('a user signs in, and can call nothing of the broker', async () => {
    const { access_token } = await tokensOf(signIn, 'c-1001');
    for (const as of ['requester', 'approver', 'administrator']) {
      expect((await asPerson(signIn, access_token, `/${as}/leases`)).status).toBe(403);
    }
  });

  it('the page may call the assistant, and no other address of its port', async () => {
    const answer = await fetch(`${signIn.address}/console.json`);
    expect(consoleSettings.parse(await answer.json()).assistant).toEqual({ address: ADDRESS });
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain(`connect-src 'self' ${signIn.settings.issuer} ${ADDRESS};`);
  });
});
