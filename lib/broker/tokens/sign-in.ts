/** Verifies the access tokens of people who signed in, and reads their names and groups from the tokens. */
import type { People, TokenIssuer } from '@leasehold/definitions';
import { USER_POOL_SCOPE } from '@leasehold/documents';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import { TokenInvalid } from '../port-errors';
import type { SignedIn, SignInVerifier } from '../ports';
import { isAudience, own, taggable } from './claims';
import { keysOf, type TokenDeps } from './verifier';
import { readToken, type UnverifiedToken, verifySignature } from './verify-signature';

/** The values that AWS generates for a user pool. They are known only after the pool is deployed. */
export interface UserPool {
  /** URL of the issuer, for example `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI`. */
  readonly issuer: string;
  readonly clientId: string;
}

/** The requirements for an access token. */
export interface SignInRules extends Pick<TokenIssuer, 'issuer' | 'algorithm' | 'jwksUri'> {
  readonly audience: string;
  /** The required scope. The token must list it in the claim `scope` or `scp`, which ID tokens do not have. */
  readonly scope: string;
  readonly nameClaim: string;
  readonly groupsClaim: string;
  /** Maximum age of a token in seconds, regardless of its expiry. */
  readonly maxAge: number;
  /**
   * Whether the issuer is a Cognito user pool. The tokens of a pool state their purpose, and omit the groups claim if
   * the user does not belong to any group.
   */
  readonly isUserPool: boolean;
}

/**
 * The sign-in rules for an environment.
 * @param pool The deployed user pool. Without a pool, nobody can sign in with `cognito`.
 */
export function signInRules({ signIn }: People, pool: UserPool | undefined): SignInRules | undefined {
  if (signIn.type === 'oidc') {
    const { type: _, accessSeconds: maxAge, clientId: _client, mfa: _mfa, ...rules } = signIn;
    return { ...rules, maxAge, isUserPool: false };
  }
  if (pool === undefined) return undefined;
  return {
    issuer: pool.issuer,
    audience: pool.clientId,
    scope: USER_POOL_SCOPE,
    // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    nameClaim: 'username',
    groupsClaim: 'cognito:groups',
    algorithm: 'RS256',
    jwksUri: `${pool.issuer}/.well-known/jwks.json`,
    maxAge: signIn.accessSeconds,
    isUserPool: true,
  };
}

/**
 * The verifier for access tokens of an environment.
 * @throws TypeError for a key URL to which calls are not permitted.
 */
export function signInVerifierOf(rules: SignInRules, deps: TokenDeps = {}): SignInVerifier {
  const keys = keysOf(rules, deps);
  const { issuer, nameClaim } = rules;
  return {
    issuer,
    nameClaim,
    async verify(token) {
      const read = readToken(token);
      if (read.payload.iss !== issuer) throw new TokenInvalid('unknown-issuer');
      const payload = await verifySignature(read, rules, keys);
      if (!isAccessToken(read, payload, rules)) throw new TokenInvalid('token-use');
      if (!isAudience(payload, [rules.audience])) throw new TokenInvalid('audience');
      demandRecent(payload, rules);
      return signedIn(payload, rules);
    },
  };
}

/** Media types of access tokens, and the general media type of tokens: RFC 9068 section 2.1, RFC 8725 section 3.11. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** Claims that only ID tokens have: OpenID Connect Core 1.0, section 3.3.2.11. */
const OF_ID_TOKENS = ['at_hash', 'c_hash'];

/** Whether a token is an access token that its bearer may use alone. Refuses a token that may be of another kind. */
function isAccessToken({ header }: UnverifiedToken, payload: JwtPayload, { scope, isUserPool }: SignInRules): boolean {
  const type: unknown = header.typ ?? 'JWT';
  if (typeof type !== 'string' || !TYPES.has(type.toLowerCase())) return false;
  const use = own(payload, 'token_use');
  if (use !== 'access' && (use !== undefined || isUserPool)) return false;
  // Keycloak writes the kind of token into this claim: `Bearer`, `ID`, `Refresh`, `Logout`.
  const kind = own(payload, 'typ');
  if (kind !== undefined && kind !== 'Bearer') return false;
  // A token that is bound to a key proves nothing without this key: RFC 7800.
  if (own(payload, 'cnf') !== undefined) return false;
  return !OF_ID_TOKENS.some((claim) => own(payload, claim) !== undefined) && scopesOf(payload).includes(scope);
}

/** The scopes of a token: a text with spaces (RFC 8693 section 4.2), or a list, which some issuers use. */
function scopesOf(payload: JwtPayload): readonly unknown[] {
  const written = own(payload, 'scope') ?? own(payload, 'scp');
  return typeof written === 'string' ? written.split(' ') : Array.isArray(written) ? written : [];
}

/** Seconds by which the issuer's clock may be ahead. */
const SKEW = 60;

/** Limits the age of a token, because an issuer may issue tokens with a lifetime of several days. */
function demandRecent({ iat }: JwtPayload, { maxAge }: SignInRules): void {
  const now = Date.now() / 1000;
  if (typeof iat !== 'number' || now >= iat + maxAge) throw new TokenInvalid('expired');
  if (iat > now + SKEW) throw new TokenInvalid('not-yet-valid');
}

function signedIn(payload: JwtPayload, { issuer, nameClaim, groupsClaim, isUserPool }: SignInRules): SignedIn {
  const sub = taggable(own(payload, 'sub'));
  const name = own(payload, nameClaim);
  const groups = own(payload, groupsClaim) ?? (isUserPool ? [] : undefined);
  if (sub === undefined || typeof name !== 'string' || !NAME.test(name) || !isGroups(groups)) {
    throw new TokenInvalid('claims');
  }
  return { issuer, sub, name, groups: [...new Set(groups)].sort() };
}

/**
 * Matches a name that is valid as a source identity:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const NAME = /^[A-Za-z0-9][A-Za-z0-9+=,.@_-]{1,63}$/;

/** Maximum number of groups. If a user has more, issuers omit the groups, or the token does not fit into a header. */
const MOST_GROUPS = 500;

function isGroups(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_GROUPS) return false;
  return value.every((group) => typeof group === 'string' && group.length > 0 && group.length <= 256);
}
