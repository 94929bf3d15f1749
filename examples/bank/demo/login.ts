/** The bank's login, played on this machine: an OpenID provider that signs the tokens of its customers. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Loopback, listen } from './loopback';

/** Where customers sign in. */
export interface Login {
  /** The `iss` of its tokens. Its public keys are below, at `/.well-known/jwks.json`. */
  readonly issuer: string;
  /** A token of a customer who has signed in. @param seconds until it ends; below 0 it has ended @default 300 */
  readonly token: (customer: string, seconds?: number) => string;
  /** The same, signed by somebody who does not have the login's key. */
  readonly forged: (customer: string) => string;
  readonly stop: () => Promise<void>;
}

const KEY_ID = 'bank-login-1';

/** @param audience of every token */
export async function startLogin(audience: string): Promise<Login> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  const server: Loopback = await listen(({ method, path }) =>
    method === 'GET' && path === '/.well-known/jwks.json' ? { status: 200, body: jwks } : { status: 404, body: {} },
  );
  const token = (key: KeyObject, customer: string, seconds: number) => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: Math.min(now, now + seconds - 300), exp: now + seconds };
    const claims = { sub: customer, username: customer, token_use: 'access' };
    return signed({ iss: server.url, aud: audience, ...claims, ...times }, key);
  };
  return {
    issuer: server.url,
    token: (customer, seconds = 300) => token(own.privateKey, customer, seconds),
    forged: (customer) => token(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, customer, 300),
    stop: server.stop,
  };
}

/** A JSON Web Token: RFC 7519, signed by RS256 of RFC 7518. */
function signed(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
