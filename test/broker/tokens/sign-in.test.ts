/** Which access tokens prove who calls the broker, and which prove nothing. The cases are data: read them first. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { TokenInvalid } from '../../../lib/broker/port-errors';
import type { SignInVerifier } from '../../../lib/broker/ports';
import { type SignInRules, signInRules, signInVerifierOf } from '../../../lib/broker/tokens';
import type { OidcSignIn, People } from '../../../lib/definitions/model';
import { ecKey, jwkOf, type Key, part, rsaKey, signedWithPublicKey, tokenOf } from './support';

const POOL = { issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool', clientId: 'pool-client' };
const OIDC: OidcSignIn = {
  type: 'oidc',
  issuer: 'https://login.example.com',
  clientId: 'console',
  audience: 'leasehold-api',
  scope: 'leases',
  nameClaim: 'login',
  groupsClaim: 'groups',
  algorithm: 'RS256',
  jwksUri: 'https://login.example.com/keys',
  accessSeconds: 3600,
  mfa: { by: 'issuer', because: 'A test.' },
};
const people = (signIn: People['signIn']): People => ({
  signIn,
  groups: { requester: '*', approver: [], administrator: [] },
});
const COGNITO = {
  type: 'cognito',
  domain: 'x',
  passwordLength: 14,
  accessSeconds: 900,
  refreshSeconds: 3600,
  redirects: [],
} as const;

const KEY = rsaKey('key-1');
const STRANGER = rsaKey('key-1');
const SET = JSON.stringify({ keys: [jwkOf(KEY), jwkOf(ecKey('ec-1'))] });

const now = Math.floor(Date.now() / 1000);
const TOKENS: Readonly<Record<string, object>> = {
  pool: {
    iss: POOL.issuer,
    sub: '5f0e',
    username: 'alice',
    client_id: 'pool-client',
    token_use: 'access',
    scope: 'openid',
    'cognito:groups': ['platform-leads'],
    iat: now - 60,
    exp: now + 300,
  },
  oidc: {
    iss: OIDC.issuer,
    sub: '00u1',
    login: 'alice@example.com',
    aud: 'leasehold-api',
    scope: 'openid leases',
    groups: ['leads', 'Everyone'],
    iat: now - 60,
    nbf: now - 60,
    exp: now + 300,
  },
};

function verifierOf(signIn: People['signIn'], fetch = async () => SET): SignInVerifier {
  return signInVerifierOf(signInRules(people(signIn), POOL) as SignInRules, { fetch });
}

const VERIFIERS: Readonly<Record<string, SignInVerifier>> = { pool: verifierOf(COGNITO), oidc: verifierOf(OIDC) };

interface Case {
  readonly name: string;
  readonly issuer: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly times?: Readonly<Record<string, number>>;
  readonly signed?: keyof typeof SIGNED;
  readonly expect: unknown;
}

/** Removes what is null. */
const present = (values: object) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

const SIGNED: Readonly<Record<string, (header: object, payload: object) => string>> = {
  'with its key': (header, payload) => tokenOf(KEY, { header, payload }),
  'by a stranger': (header, payload) => tokenOf(STRANGER, { header, payload }),
  'with the public key as a secret': (header, payload) =>
    tokenOf(KEY, { header, payload, signature: signedWithPublicKey(KEY) }),
  not: (header, payload) => `${part({ alg: 'none', typ: 'JWT', kid: KEY.id, ...header })}.${part(payload)}.`,
};

function tokenOfCase({ issuer, header = {}, claims = {}, times = {}, signed = 'with its key' }: Case): string {
  const absolute = Object.fromEntries(Object.entries(times).map(([claim, seconds]) => [claim, now + seconds]));
  const full: Record<string, unknown> = { kid: KEY.id, ...header };
  // `undefined` removes what `tokenOf` would add.
  for (const [name, value] of Object.entries(full)) if (value === null) full[name] = undefined;
  return (SIGNED[signed] as (typeof SIGNED)[string])(full, present({ ...TOKENS[issuer], ...absolute, ...claims }));
}

/** Who it is, or why it is nobody. An error says nothing of the token. */
async function verdict(verifier: SignInVerifier | undefined, token: string): Promise<unknown> {
  try {
    const { issuer: _, ...who } = (await verifier?.verify(token)) ?? { issuer: '' };
    return who;
  } catch (error) {
    const all = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
    for (const piece of token.split('.').filter((each) => each.length > 8)) expect(all).not.toContain(piece);
    expect(all).not.toMatch(/alice|leads|login\.example/);
    return (error as TokenInvalid).why;
  }
}

const CASES: readonly Case[] = JSON.parse(
  readFileSync(join(__dirname, '../../cases/sign-in/access-tokens.json'), 'utf8'),
).cases;

it.each(CASES.map((each) => [`${each.issuer}: ${each.name}`, each] as const))('%s', async (_, each) => {
  expect(await verdict(VERIFIERS[each.issuer], tokenOfCase(each))).toEqual(each.expect);
});

it('is nobody while the keys of the issuer cannot be read', async () => {
  const down = verifierOf(OIDC, async () => {
    throw new Error('down');
  });
  expect(await verdict(down, tokenOf(KEY, { payload: TOKENS.oidc as object }))).toBe('keys-unavailable');
});

it.each([
  ['no set', '{}'],
  ['an empty set', '{"keys":[]}'],
  ['a page', '<html></html>'],
])('is nobody where the keys are %s', async (_, text) => {
  const verifier = verifierOf(OIDC, async () => text);
  expect(await verdict(verifier, tokenOf(KEY, { payload: TOKENS.oidc as object }))).toMatch(
    /^(keys-unavailable|signature)$/,
  );
});

it.each<[string, string]>([
  ['nothing', ''],
  ['no token', 'alice'],
  ['five parts', 'a.b.c.d.e'],
  ['enormous', `${'a'.repeat(9000)}.b.c`],
])('is nobody with %s', async (_, token) => {
  expect(await verdict(VERIFIERS.oidc, token)).toBe('malformed');
});

it('without a deployed user pool, nobody signs in to one', () => {
  expect(signInRules(people(COGNITO), undefined)).toBeUndefined();
});

it('with ECDSA, takes no RSA key', async () => {
  const ec: Key = ecKey('ec-1');
  const verifier = verifierOf({ ...OIDC, algorithm: 'ES256' }, async () =>
    JSON.stringify({ keys: [jwkOf(ec), jwkOf(KEY)] }),
  );
  expect(await verdict(verifier, tokenOf(ec, { payload: TOKENS.oidc as object }))).toMatchObject({ sub: '00u1' });
  expect(await verdict(verifier, tokenOf(KEY, { payload: TOKENS.oidc as object }))).toBe('algorithm');
});
