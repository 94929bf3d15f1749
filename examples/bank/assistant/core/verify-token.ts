/** Verifies the access token of a connection, and finds the token in the header of a WebSocket. */
import { ASSISTANT_PROTOCOL, BEARER_PREFIX } from '@leasehold/contract/assistant';
import { JwtVerifier } from 'aws-jwt-verify';
import type { Fetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import * as z from 'zod';
import { AccessToken, kindOf, type Person } from './person';

/** The issuer of the tokens. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** @default `<issuer>/.well-known/jwks.json` */
  readonly jwksUri?: string;
  /** Fetches the keys. @default over HTTPS; the issuer of `leasehold dev` has no TLS */
  readonly fetcher?: Fetcher;
}

/** Somebody who signed in. */
export interface SignedIn {
  readonly person: Person;
  readonly token: AccessToken;
}

/** Verifies a token. @returns undefined if the token is not acceptable, whatever the cause. */
export type TokenVerifier = (token: string) => Promise<SignedIn | undefined>;

/** Maximum length of a token in characters, as at the broker. */
const LONGEST_TOKEN = 8192;
/** Maximum age of a token in seconds, even if its issuer lets it live longer. */
const OLDEST = 3600;

export function tokenVerifier({ issuer, clientId, jwksUri, fetcher }: IssuerSettings): TokenVerifier {
  const verifier = JwtVerifier.create(
    // The audience is checked below: Cognito's access tokens have `client_id`, and no `aud`.
    { issuer, audience: null, jwksUri: jwksUri ?? `${issuer}/.well-known/jwks.json` },
    fetcher && { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
  return async (token) => {
    if (token.length > LONGEST_TOKEN) return undefined;
    // The library's messages quote the token, so they are not passed on.
    const payload = await verifier.verify(token).catch(() => undefined);
    return payload && signedIn(token, payload, clientId);
  };
}

const claims = z.object({
  token_use: z.literal('access'),
  iss: z.string(),
  sub: z.string().min(1).max(256),
  username: z.string().min(1).max(64),
  client_id: z.string(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: z.int(),
  iat: z.int(),
  'cognito:groups': z.array(z.string().max(256)).max(500).default([]),
});

function signedIn(token: string, payload: JwtPayload, clientId: string): SignedIn | undefined {
  const { data } = claims.safeParse(payload);
  if (data === undefined) return undefined;
  const { iss, sub, username: name, client_id: client, aud, exp, iat } = data;
  const audiences = aud === undefined ? [client] : [aud].flat();
  const until = Math.min(exp, iat + OLDEST);
  const kind = kindOf(name, data['cognito:groups']);
  if (!audiences.includes(clientId) || until <= Date.now() / 1000 || kind === undefined) return undefined;
  return { person: { key: `${iss} ${sub}`, name, kind }, token: new AccessToken(token, until) };
}

/**
 * The token in the header `Sec-WebSocket-Protocol`. A browser cannot send another header, and an address would be logged.
 * @returns undefined unless the header offers exactly this protocol and one token
 */
export function tokenInHeader(header: string | undefined): string | undefined {
  const [protocol, bearer, ...others] = (header ?? '').split(',').map((each) => each.trim());
  if (protocol !== ASSISTANT_PROTOCOL || others.length > 0 || !bearer?.startsWith(BEARER_PREFIX)) return undefined;
  return bearer.slice(BEARER_PREFIX.length);
}
