/**
 * Verifies the signature, the issuer and the times of signed (RFC 7515) JSON Web Tokens (RFC 7519), as RFC 8725
 * recommends. The caller must check the other claims.
 */
import type { TokenIssuer } from '@leasehold/definitions';
import { JwtExpiredError, JwtNotBeforeError } from 'aws-jwt-verify/error';
import { type DecomposedJwt, decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import { TokenInvalid } from '../port-errors';
import type { IssuerKeys } from './issuer-keys';

/** Maximum length of a token in characters. */
const LONGEST = 8192;

/** A token that was parsed but not verified. */
export interface UnverifiedToken extends Pick<DecomposedJwt, 'header' | 'payload'> {
  readonly text: string;
}

/** Parses a token. The library's error messages quote the token, so they are not passed on. @throws {TokenInvalid} */
export function readToken(text: string): UnverifiedToken {
  if (text.length > LONGEST || !TOKEN.test(text)) throw new TokenInvalid('malformed');
  try {
    const { header, payload } = decomposeUnverifiedJwt(text);
    return { text, header, payload };
  } catch {
    throw new TokenInvalid('malformed');
  }
}

const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The claims of a token with a valid signature and valid times. @throws {TokenInvalid} */
export async function verifySignature(
  { text, header }: UnverifiedToken,
  { issuer, algorithm }: Pick<TokenIssuer, 'issuer' | 'algorithm'>,
  keys: IssuerKeys,
): Promise<JwtPayload> {
  if (header.alg !== algorithm) throw new TokenInvalid('algorithm');
  // Critical header parameters are not supported: RFC 7515 section 4.1.11.
  if (header.kid === undefined || 'crit' in header) throw new TokenInvalid('malformed');
  const { jwk, key } = await keys.find(header.kid);
  let payload: JwtPayload;
  try {
    payload = verifyJwtSync(text, jwk, { issuer, audience: null }, () => key);
  } catch (error) {
    if (error instanceof JwtExpiredError) throw new TokenInvalid('expired');
    throw new TokenInvalid(error instanceof JwtNotBeforeError ? 'not-yet-valid' : 'signature');
  }
  // A token without an expiry would be valid forever.
  if (payload.exp === undefined) throw new TokenInvalid('expired');
  return payload;
}
