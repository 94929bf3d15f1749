/** Which tokens prove on whose behalf a requester acts, and which prove nothing. */
import { sign } from 'node:crypto';
import { inspect } from 'node:util';
import type { TokenInvalid } from '../../../lib/broker/port-errors';
import { tokenVerifierOf } from '../../../lib/broker/tokens';
import {
  anIssuer,
  ecKey,
  jwkOf,
  type Making,
  part,
  payload,
  rsaKey,
  signed,
  signedWithPublicKey,
  tokenOf,
} from './support';

const RSA = rsaKey('rsa-1');
const EC = ecKey('ec-1');
/** Of somebody else. */
const FOREIGN = rsaKey('rsa-1');
const WEAK = rsaKey('weak', 1024);
const FOR_ENCRYPTION = rsaKey('for-encryption');
const FOR_512 = rsaKey('for-512');
const RSA_AMONG_EC = rsaKey('rsa-among-ec');
const OTHER_CURVE = ecKey('p-384', 'P-384');
const SECRET = { kty: 'oct', kid: 'secret', k: part('the key that both know'), alg: 'HS256' };

const POOL = anIssuer();
/** Another issuer, with keys of its own, which says what its tokens are for. */
const STAFF = anIssuer({
  issuer: 'https://login.bank.example/staff',
  jwksUri: 'https://login.bank.example/staff/keys',
  audiences: ['support-desk'],
  algorithm: 'ES256',
  tokenUse: 'access',
  claims: [],
});

const SETS: Readonly<Record<string, object>> = {
  [POOL.jwksUri]: {
    keys: [
      SECRET,
      jwkOf(EC),
      { kty: 'unheard-of', kid: 'x' },
      'no key',
      jwkOf(WEAK),
      jwkOf(RSA),
      jwkOf(FOREIGN),
      jwkOf(FOR_ENCRYPTION, { use: 'enc' }),
      jwkOf(FOR_512, { alg: 'RS512' }),
    ],
  },
  [STAFF.jwksUri]: { keys: [jwkOf(EC), jwkOf(OTHER_CURVE), jwkOf(RSA_AMONG_EC)] },
};

const verifier = tokenVerifierOf([POOL, STAFF], { fetch: async (url) => JSON.stringify(SETS[url.href]) });

/** The subject, or why there is none. An error says nothing of the token. */
async function verdict(token: string): Promise<unknown> {
  try {
    return await verifier?.verify(token);
  } catch (error) {
    const all = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
    for (const piece of token.split('.').filter((each) => each.length > 8)) expect(all).not.toContain(piece);
    expect(all).not.toMatch(/customer-7|banking-app|login\.bank/);
    expect((error as Error).name).toBe('TokenInvalid');
    return (error as TokenInvalid).why;
  }
}

const now = Math.floor(Date.now() / 1000);
const said = (overrides: object): Making => ({ payload: payload(overrides) });
const CUSTOMER = { issuer: POOL.issuer, sub: 'customer-7', claims: {} };
const staff = (overrides: object = {}): Making => ({
  payload: payload({
    iss: STAFF.issuer,
    sub: 'bob',
    aud: undefined,
    client_id: 'support-desk',
    token_use: 'access',
    ...overrides,
  }),
});

describe('what a token says', () => {
  it.each<[string, Making, unknown]>([
    ['a user of an audience', {}, CUSTOMER],
    ['one of several audiences', said({ aud: ['elsewhere', 'support-desk'] }), CUSTOMER],
    ['a client in place of an audience', said({ aud: undefined, client_id: 'banking-app' }), CUSTOMER],
    ['no word of when it began', said({ nbf: undefined, iat: undefined }), CUSTOMER],
    [
      'the claims that are configured, and no others',
      said({ branch: 'Seoul 1', 'custom:tier': 'gold', admin: 'yes' }),
      { ...CUSTOMER, claims: { branch: 'Seoul 1', 'custom:tier': 'gold' } },
    ],
    ['letters of any language', said({ sub: 'Frau Müller-이' }), { ...CUSTOMER, sub: 'Frau Müller-이' }],
    ['an e-mail address', said({ sub: 'kim+bank@example.com' }), { ...CUSTOMER, sub: 'kim+bank@example.com' }],

    ['another audience', said({ aud: 'other-app' }), 'audience'],
    ['no audience', said({ aud: undefined }), 'audience'],
    ['an empty list of audiences', said({ aud: [] }), 'audience'],
    ['an audience that only begins so', said({ aud: 'banking-app.evil.example' }), 'audience'],
    ['another audience, and a right client', said({ aud: 'other-app', client_id: 'banking-app' }), 'audience'],
    ['a client that is no text', said({ aud: undefined, client_id: ['banking-app'] }), 'audience'],
    ['another issuer', said({ iss: 'https://login.evil.example/pool' }), 'unknown-issuer'],
    ['the issuer with a slash', said({ iss: 'https://login.bank.example/pool/' }), 'unknown-issuer'],
    ['the issuer in capitals', said({ iss: 'https://LOGIN.bank.example/pool' }), 'unknown-issuer'],
    ['no issuer', said({ iss: undefined }), 'unknown-issuer'],
    ['an issuer that JavaScript has a use for', said({ iss: '__proto__' }), 'unknown-issuer'],
    ['a list of issuers', said({ iss: [POOL.issuer] }), 'malformed'],
    ['the issuer of others', said({ iss: STAFF.issuer }), 'algorithm'],
    ['that it is over', said({ exp: now - 1 }), 'expired'],
    ['no end', said({ exp: undefined }), 'expired'],
    ['an end that is no number', said({ exp: 'never' }), 'malformed'],
    ['that it begins later', said({ nbf: now + 120 }), 'not-yet-valid'],
    ['nobody', said({ sub: undefined }), 'claims'],
    ['an empty name', said({ sub: '' }), 'claims'],
    ['a name that is no text', said({ sub: 7 }), 'malformed'],
    ['a name with a wildcard', said({ sub: 'customer-*' }), 'claims'],
    ['a name with a policy variable', said({ sub: '${aws:username}' }), 'claims'],
    ['a name with a line break', said({ sub: 'customer-7\ncustomer-8' }), 'claims'],
    ['a name with a line separator', said({ sub: 'customer-7\u2028' }), 'claims'],
    ['a name with something unseen', said({ sub: 'customer-7\u200b' }), 'claims'],
    ['a name with a space at its end', said({ sub: 'customer-7 ' }), 'claims'],
    ['a name of 257 letters', said({ sub: 'x'.repeat(257) }), 'claims'],
    ['a claim that is no text', said({ branch: ['Seoul'] }), 'claims'],
    ['a claim that no tag holds', said({ branch: 'Seoul;1' }), 'claims'],
    ['a claim that is empty', said({ branch: '' }), 'claims'],
    ['a claim that it does not own', said(JSON.parse('{"__proto__":{"branch":"Seoul"}}')), CUSTOMER],
  ])('%s', async (_, making, expected) => {
    expect(await verdict(tokenOf(RSA, making))).toEqual(expected);
  });
});

describe('what a token is for, where its issuer says so', () => {
  it.each<[string, Making, unknown]>([
    ['access', staff(), { issuer: STAFF.issuer, sub: 'bob', claims: {} }],
    ['a sign-in', staff({ token_use: 'id' }), 'token-use'],
    ['nothing', staff({ token_use: undefined }), 'token-use'],
    ['both', staff({ token_use: ['access', 'id'] }), 'token-use'],
    ['an audience of another issuer', staff({ client_id: 'banking-app' }), 'audience'],
  ])('%s', async (_, making, expected) => {
    expect(await verdict(tokenOf(EC, making))).toEqual(expected);
  });
});

describe('how a token is signed', () => {
  const none = `${part({ alg: 'none', typ: 'JWT', kid: RSA.id })}.${part(payload())}.`;

  it.each<[string, string, unknown]>([
    ['not at all', none, 'malformed'],
    ['not at all, with a signature', tokenOf(RSA, { header: { alg: 'none' } }), 'algorithm'],
    ['not at all, in capitals', tokenOf(RSA, { header: { alg: 'NONE' } }), 'algorithm'],
    ['by no algorithm', tokenOf(RSA, { header: { alg: undefined } }), 'algorithm'],
    [
      'by HMAC with the public key',
      tokenOf(RSA, { header: { alg: 'HS256' }, signature: signedWithPublicKey(RSA) }),
      'algorithm',
    ],
    ['by HMAC with the public key, called RS256', tokenOf(RSA, { signature: signedWithPublicKey(RSA) }), 'signature'],
    ['by a stronger hash', tokenOf(RSA, { header: { alg: 'RS512' }, signature: signed(RSA, 'sha512') }), 'algorithm'],
    ['by a stronger hash, called RS256', tokenOf(RSA, { signature: signed(RSA, 'sha512') }), 'signature'],
    [
      'by PSS, called RS256',
      tokenOf(RSA, { signature: (input) => sign('sha256', Buffer.from(input), { key: RSA.privateKey, padding: 6 }) }),
      'signature',
    ],
    ['by the issuer’s other algorithm', tokenOf(EC), 'algorithm'],
    ['by a key of the other algorithm, called RS256', tokenOf(EC, { header: { alg: 'RS256' } }), 'signature'],
    ['by somebody else under the same key id', tokenOf(FOREIGN), 'signature'],
    ['by a key with 1024 bits', tokenOf(WEAK), 'signature'],
    ['by a key that is for encryption', tokenOf(FOR_ENCRYPTION), 'signature'],
    ['by a key of another algorithm', tokenOf(FOR_512), 'signature'],
    ['by a secret of the set', tokenOf(RSA, { header: { kid: 'secret' } }), 'signature'],
    ['by a key that the issuer does not have', tokenOf(rsaKey('rsa-2')), 'signature'],
    ['by no key', tokenOf(RSA, { header: { kid: undefined } }), 'malformed'],
    ['by a key that JavaScript has a use for', tokenOf(RSA, { header: { kid: '__proto__' } }), 'signature'],
    ['by the key that it brings', tokenOf(FOREIGN, { header: { jwk: jwkOf(FOREIGN) } }), 'signature'],
    [
      'by a key at the address that it names',
      tokenOf(FOREIGN, { header: { jku: 'https://evil.example', x5u: 'https://evil.example' } }),
      'signature',
    ],
    ['with a demand that is not understood', tokenOf(RSA, { header: { crit: ['b64'], b64: false } }), 'malformed'],
    ['over other words', tokenOf(RSA).replace(/\.[^.]+\./, `.${part(payload({ sub: 'customer-8' }))}.`), 'signature'],
    ['by nobody any more', tokenOf(RSA).replace(/[^.]+$/, 'AAAA'), 'signature'],
    ['with the issuer’s curve', tokenOf(EC, staff()), { issuer: STAFF.issuer, sub: 'bob', claims: {} }],
    ['with another curve', tokenOf(OTHER_CURVE, { ...staff(), header: { alg: 'ES384' } }), 'algorithm'],
    ['with another curve, called ES256', tokenOf(OTHER_CURVE, staff()), 'signature'],
    ['with a signature of noughts', tokenOf(EC, { ...staff(), signature: () => Buffer.alloc(64) }), 'signature'],
    ['by RSA, called ES256', tokenOf(RSA_AMONG_EC, { ...staff(), header: { alg: 'ES256' } }), 'signature'],
    [
      'in DER, which JWS does not take',
      tokenOf(EC, { ...staff(), signature: (input) => sign('sha256', Buffer.from(input), EC.privateKey) }),
      'signature',
    ],
  ])('%s', async (_, token, expected) => {
    expect(await verdict(token)).toEqual(expected);
  });
});

describe('what is no token', () => {
  const token = tokenOf(RSA);

  it.each([
    ['nothing', ''],
    ['words', 'let me in'],
    ['two parts', token.slice(0, token.lastIndexOf('.'))],
    ['four parts', `${token}.AAAA`],
    ['five parts: encrypted', `${token}.AAAA.AAAA`],
    ['a line break', `${token}\n`],
    ['padding', `${part('{}')}==.${part('{}')}.AAAA`],
    ['letters of another alphabet', token.replace('.', '.é')],
    ['a header that is no JSON', `${part('{')}.${part(payload())}.AAAA`],
    ['a header that is a list', `${part([])}.${part(payload())}.AAAA`],
    ['a payload that is no JSON', `${part({ alg: 'RS256', kid: 'rsa-1' })}.${part('x')}.AAAA`],
    ['a payload that is null', `${part({ alg: 'RS256', kid: 'rsa-1' })}.${part('null')}.AAAA`],
    ['a payload that is nested without end', `${part({ alg: 'RS256', kid: 'rsa-1' })}.${part('['.repeat(5000))}.AAAA`],
    ['more than 8 KiB', tokenOf(RSA, said({ more: 'x'.repeat(8192) }))],
  ])('%s', async (_, text) => {
    expect(await verdict(text)).toBe('malformed');
  });
});

it('takes nobody’s tokens where no issuer is configured', () => {
  expect(tokenVerifierOf([])).toBeUndefined();
});

it.each([
  'http://login.bank.example/keys',
  'ftp://login.bank.example/keys',
  'https://a:b@login.bank.example/keys',
  'keys',
])('does not look for keys at %s', (jwksUri) => {
  expect(() => tokenVerifierOf([anIssuer({ jwksUri })])).toThrow(
    "The address of an issuer's keys must begin with https://",
  );
});
