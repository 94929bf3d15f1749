/** Verifies tokens of signed-in users, on whose behalf a requester acts. */

import type { TokenIssuer } from '@leasehold/definitions';
import { TokenInvalid } from '../port-errors';
import type { Clock, TokenVerifier } from '../ports';
import { subjectOf } from './claims';
import { fetchKeys } from './fetch-keys';
import { IssuerKeys, type KeyFetcher } from './issuer-keys';
import { readToken, verifySignature } from './verify-signature';

export interface TokenDeps {
  /**
   * Fetches key sets.
   * @default fetches over HTTPS, with limits of 3 s and 64 KiB
   */
  readonly fetch?: KeyFetcher;
  /**
   * The clock that determines the age of keys. The times in a token are always checked against the system clock.
   * @default the system clock
   */
  readonly clock?: Clock;
}

/**
 * The token verifier for an environment. The definition of each issuer specifies one algorithm, the keys and the
 * audiences.
 * @param issuers `environment.broker.subjects`
 * @returns `undefined` if no tokens are accepted.
 * @throws TypeError for a key URL to which calls are not permitted.
 */
export function tokenVerifierOf(issuers: readonly TokenIssuer[], deps: TokenDeps = {}): TokenVerifier | undefined {
  if (issuers.length === 0) return undefined;
  const known = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer, deps) }]));
  return {
    async verify(token) {
      const read = readToken(token);
      const found = read.payload.iss === undefined ? undefined : known.get(read.payload.iss);
      if (found === undefined) throw new TokenInvalid('unknown-issuer');
      const { issuer, keys } = found;
      return subjectOf(await verifySignature(read, issuer, keys), issuer);
    },
  };
}

/** The keys of an issuer. @throws TypeError for a key URL to which calls are not permitted. */
export function keysOf(
  issuer: Pick<TokenIssuer, 'jwksUri' | 'algorithm'>,
  { fetch = fetchKeys, clock = () => Math.floor(Date.now() / 1000) }: TokenDeps,
): IssuerKeys {
  return new IssuerKeys(issuer, fetch, clock);
}
