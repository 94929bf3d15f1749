/**
 * The sandbox's implementation of the OIDC providers that a project's identities trust. It signs tokens with its own
 * key, and does not accept any other tokens. Sources: RFC 7515, RFC 7517, RFC 7519.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto';

/** The content of a token. Times are seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly [claim: string]: unknown;
}

/** The values for a new token. */
export interface TokenRequest {
  /** Issuer, for example `token.actions.githubusercontent.com`, with or without `https://`. */
  readonly issuer: string;
  readonly subject: string;
  /** @default 'sts.amazonaws.com' */
  readonly audience?: string;
  /**
   * Validity in seconds.
   * @default 300
   */
  readonly expiresIn?: number;
  /** Further claims, for example `repository_owner_id`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Creates and verifies tokens. The signing key is created together with the first token. */
export class Issuer {
  readonly #keyId = randomUUID();
  #private: KeyObject | undefined;

  /** A signed token (RS256). `now` is in milliseconds since 1970. */
  token(
    { issuer, subject, audience = 'sts.amazonaws.com', expiresIn = 300, claims = {} }: TokenRequest,
    now: number,
  ): string {
    const iat = Math.floor(now / 1000);
    const iss = `https://${issuer.replace(/^https:\/\//, '')}`;
    const head = encode({ alg: 'RS256', typ: 'JWT', kid: this.#keyId });
    const body = encode({ ...claims, iss, sub: subject, aud: audience, iat, exp: iat + expiresIn });
    return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), this.#key()).toString('base64url')}`;
  }

  /** The content of a token that this issuer signed, even if it has expired; `undefined` for any other token. */
  read(token: string): Claims | undefined {
    const [head = '', body = '', signature = '', ...rest] = token.split('.');
    const header = decode(head);
    const claims = decode(body);
    if (rest.length > 0 || header?.alg !== 'RS256' || header.kid !== this.#keyId || !this.#private) return undefined;
    const bytes = Buffer.from(signature, 'base64url');
    if (!verify('sha256', Buffer.from(`${head}.${body}`), createPublicKey(this.#private), bytes)) return undefined;
    return claims && isClaims(claims) ? claims : undefined;
  }

  /** The public key, as a JSON Web Key Set. */
  jwks(): { readonly keys: readonly object[] } {
    const key = createPublicKey(this.#key()).export({ format: 'jwk' });
    return { keys: [{ ...key, kid: this.#keyId, alg: 'RS256', use: 'sig' }] };
  }

  #key(): KeyObject {
    this.#private ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    return this.#private;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isClaims(value: Readonly<Record<string, unknown>>): value is Claims {
  const { iss, sub, aud, exp, iat } = value;
  const audience = typeof aud === 'string' || (Array.isArray(aud) && aud.every((item) => typeof item === 'string'));
  return (
    typeof iss === 'string' && typeof sub === 'string' && audience && typeof exp === 'number' && typeof iat === 'number'
  );
}
