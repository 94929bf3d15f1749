/**
 * Verifies tokens of signed-in users: signed (RFC 7515) JSON Web Tokens (RFC 7519), following RFC 8725. The issuer's
 * definition sets the rest: its one algorithm, its keys and its audiences.
 */

import type { TokenIssuer } from '@leasehold/definitions';
import { JwtExpiredError, JwtNotBeforeError } from 'aws-jwt-verify/error';
import { type DecomposedJwt, decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import type { Subject } from '../identity';
import { type Clock, SubjectInvalid, type TokenVerifier } from '../ports';
import { subjectOf } from './claims';
import { fetchKeys } from './fetch-keys';
import { IssuerKeys, type KeyFetcher, type VerificationKey } from './issuer-keys';

/** Maximum length of a token in characters. */
const LONGEST = 8192;

export interface TokenDeps {
  /** @default fetches by HTTPS, within 3 s and 64 KiB */
  readonly fetch?: KeyFetcher;
  /**
   * The clock for the age of keys. A token's own times are checked against the system clock. @default the system clock
   */
  readonly clock?: Clock;
}

/**
 * The token verifier of an environment.
 * @param issuers `environment.broker.subjects`
 * @returns `undefined` where no tokens are accepted.
 * @throws TypeError for a key URL that may not be called.
 */
export function tokenVerifierOf(
  issuers: readonly TokenIssuer[],
  { fetch = fetchKeys, clock = () => Math.floor(Date.now() / 1000) }: TokenDeps = {},
): TokenVerifier | undefined {
  if (issuers.length === 0) return undefined;
  const known = new Map(
    issuers.map((issuer) => [issuer.issuer, { issuer, keys: new IssuerKeys(issuer, fetch, clock) }]),
  );
  return {
    async verify(token) {
      const { header, payload } = decomposed(token);
      const found = payload.iss === undefined ? undefined : known.get(payload.iss);
      if (found === undefined) throw new SubjectInvalid('unknown-issuer');
      const { issuer, keys } = found;
      if (header.alg !== issuer.algorithm) throw new SubjectInvalid('algorithm');
      // Critical header parameters are not supported: RFC 7515 section 4.1.11.
      if (header.kid === undefined || 'crit' in header) throw new SubjectInvalid('malformed');
      return verified(token, await keys.find(header.kid), issuer);
    },
  };
}

/** Errors of the library quote the token, so none is passed on. */
function decomposed(token: string): DecomposedJwt {
  if (token.length > LONGEST || !TOKEN.test(token)) throw new SubjectInvalid('malformed');
  try {
    return decomposeUnverifiedJwt(token);
  } catch {
    throw new SubjectInvalid('malformed');
  }
}

const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

function verified(token: string, { jwk, key }: VerificationKey, issuer: TokenIssuer): Subject {
  let payload: ReturnType<typeof verifyJwtSync>;
  try {
    payload = verifyJwtSync(token, jwk, { issuer: issuer.issuer, audience: null }, () => key);
  } catch (error) {
    if (error instanceof JwtExpiredError) throw new SubjectInvalid('expired');
    throw new SubjectInvalid(error instanceof JwtNotBeforeError ? 'not-yet-valid' : 'signature');
  }
  // A token without an expiry would be valid forever.
  if (payload.exp === undefined) throw new SubjectInvalid('expired');
  return subjectOf(payload, issuer);
}
