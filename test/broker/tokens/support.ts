/** Issuers on this machine: real keys, key sets that are served, tokens that are signed in every right and wrong way. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { TokenIssuer } from '../../../lib/definitions/model';

/** A key of an issuer. */
export interface Key {
  readonly id: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function rsaKey(id: string, modulusLength = 2048): Key {
  return { id, algorithm: 'RS256', ...generateKeyPairSync('rsa', { modulusLength }) };
}

export function ecKey(id: string, namedCurve = 'P-256'): Key {
  return { id, algorithm: 'ES256', ...generateKeyPairSync('ec', { namedCurve }) };
}

/** A key as its set shows it. */
export function jwkOf({ id, algorithm, publicKey }: Key, overrides: object = {}): object {
  return { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: algorithm, ...overrides };
}

/** Tokens of users of the pool `bank`. */
export function anIssuer(overrides: Partial<TokenIssuer> = {}): TokenIssuer {
  return {
    issuer: 'https://login.bank.example/pool',
    audiences: ['banking-app', 'support-desk'],
    algorithm: 'RS256',
    jwksUri: 'https://login.bank.example/pool/.well-known/jwks.json',
    claims: ['branch', 'custom:tier'],
    ...overrides,
  };
}

/** What a token of customer 7 says, from a minute ago to in five minutes. */
export function payload(overrides: object = {}): object {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: 'https://login.bank.example/pool',
    sub: 'customer-7',
    aud: 'banking-app',
    iat: now - 60,
    nbf: now - 60,
    exp: now + 300,
    ...overrides,
  };
}

/** How a token is made. */
export interface Making {
  readonly header?: object;
  readonly payload?: object;
  /** @default the key's */
  readonly signature?: (input: string) => Buffer;
}

/** A token signed with a key. */
export function tokenOf(key: Key, { header = {}, payload: said = payload(), signature }: Making = {}): string {
  const input = `${part({ alg: key.algorithm, typ: 'JWT', kid: key.id, ...header })}.${part(said)}`;
  return `${input}.${(signature ?? signed(key))(input).toString('base64url')}`;
}

/** Signs as JWS says: RSA with PKCS#1, ECDSA as r and s. */
export function signed({ privateKey: key }: Key, hash = 'sha256'): (input: string) => Buffer {
  return (input) => sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
}

/** The classic confusion: HMAC with what everybody knows. */
export function signedWithPublicKey({ publicKey }: Key): (input: string) => Buffer {
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  return (input) => createHmac('sha256', pem).update(input).digest();
}

export function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}
