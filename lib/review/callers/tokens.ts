/**
 * Determines which tokens of one identity provider a statement of a trust policy accepts. `compare` decides this: the
 * statement is compared with a copy that denies all tokens that a fixed value identifies. If the statement accepts a
 * token that the copy denies, it accepts tokens of strangers.
 */
import type { CompareOptions, PolicyDocument, Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { isPattern, type Written, writtenIn } from './conditions';
import type { Naming } from './named-callers';
import { whoMay, without } from './scope';
import { noneOf } from './strangers';
import { type Fixed, fixedBy } from './token-subjects';

export interface Tokens {
  /** Whether the statement accepts at least one token. */
  readonly any: boolean;
  /** Whether the statement accepts tokens for audiences that do not occur in any condition. */
  readonly anyAudience: boolean;
  /**
   * The tokens that the statement accepts: tokens of one project or repository (`one`), all tokens of one owner
   * (`owner`), or tokens of owners that do not occur in any condition (`strangers`).
   */
  readonly subject: 'one' | 'owner' | 'strangers';
  /** Whether a condition refers to the owner. */
  readonly asks: boolean;
  /** Whether the statement accepts tokens of guests, who have not signed in. Only Cognito issues such tokens. */
  readonly guests: boolean;
}

/**
 * Determines which tokens of an issuer a statement accepts. Must be called only for statements that contain no other
 * provider.
 */
export function tokensOf(
  statement: Statement,
  document: PolicyDocument,
  issuer: string,
  options: CompareOptions,
): Tokens {
  const who = ofIssuer(whoMay(statement, document), issuer);
  const takes = (denied: Statement['Condition']) => widens({ trust: without(who, denied) }, { trust: who }, options);
  const prefix = `${issuer.toLowerCase()}:`;
  const claims = writtenIn(who).flatMap((written) => {
    const claim = written.key.startsWith(prefix) ? written.key.slice(prefix.length) : undefined;
    return claim === undefined ? [] : [{ written, claim }];
  });
  const named = claims.flatMap(({ written, claim }) => {
    const fixed = fixedBy(claim, written);
    return fixed === undefined || fixed === 'nothing' ? [] : [{ fixed, naming: toNaming(written) }];
  });
  const beyond = (levels: readonly Fixed[]) =>
    takes(noneOf(named.flatMap(({ fixed, naming }) => (levels.includes(fixed) ? [naming] : []))));
  const audiences = writtenIn(who).filter(
    (written) =>
      [...AUDIENCES.map((claim) => `${prefix}${claim}`), 'saml:aud'].includes(written.key) &&
      written.family !== 'Null' &&
      !isPattern(written) &&
      !written.value.includes('${'),
  );
  return {
    any: takes(undefined),
    anyAudience: takes(noneOf(audiences.map(toNaming))),
    subject: beyond(['owner', 'one']) ? 'strangers' : beyond(['one']) ? 'owner' : 'one',
    asks: claims.some(({ written, claim }) => fixedBy(claim, written) !== undefined),
    // A guest's token has exactly this value.
    guests: takes({ 'ForAllValues:StringEquals': { [`${prefix}amr`]: ['unauthenticated'] } }),
  };
}

/** Excludes tokens with claims of another issuer, because a statement may name several issuers. */
function ofIssuer(who: PolicyDocument, issuer: string): PolicyDocument {
  const foreign = writtenIn(who)
    .map(({ key }) => key)
    .filter((key) => /^[^:]+\.[^:]+:/.test(key) && !key.startsWith(`${issuer.toLowerCase()}:`));
  return [...new Set(foreign)].reduce((rest, key) => without(rest, { Null: { [key]: 'false' } }), who);
}

/** Claims that contain an audience; `app_id` for Amazon and Facebook. */
const AUDIENCES = ['aud', 'oaud', 'app_id'];

function toNaming(written: Written): Naming {
  const { key, value, set } = written;
  return { key, reading: 'name', value, pattern: isPattern(written), several: set };
}
