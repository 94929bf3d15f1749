/**
 * Verifies the tokens of signed-in users: JSON Web Tokens (RFC 7519), signed (RFC 7515), with the advice of RFC 8725.
 * The issuer decides everything else: its one algorithm, its keys, whom its tokens are meant for.
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

/** Longest token that is looked at. */
const LONGEST = 8192;

export interface TokenDeps {
  /** @default by HTTPS, within 3 s and 64 KiB */
  readonly fetch?: KeyFetcher;
  /** For the age of keys. A token's own times are held against the machine's clock. @default the machine's */
  readonly clock?: Clock;
}

/**
 * The verifier of an environment's tokens.
 * @param issuers `environment.broker.subjects`
 * @returns `undefined` where nobody's tokens are taken.
 * @throws TypeError for keys at an address that is not called.
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
      // What a token demands to be understood is not: RFC 7515 section 4.1.11.
      if (header.kid === undefined || 'crit' in header) throw new SubjectInvalid('malformed');
      return verified(token, await keys.find(header.kid), issuer);
    },
  };
}

/** Errors of the library quote the token: none is passed on. */
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
  // A token without an end would be good for ever.
  if (payload.exp === undefined) throw new SubjectInvalid('expired');
  return subjectOf(payload, issuer);
}
