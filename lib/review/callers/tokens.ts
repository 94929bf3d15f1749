/**
 * Whose tokens a statement of a trust policy accepts from one identity provider. `compare` decides this as for other
 * callers: does the statement accept a token that it refuses once all tokens that a fixed value identifies are denied?
 */
import type { CompareOptions, PolicyDocument, Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { isPattern, type Written, writtenIn } from './conditions';
import type { Naming } from './named-callers';
import { whoMay, without } from './scope';
import { noneOf } from './strangers';
import { type Fixed, fixedBy } from './token-subjects';

export interface Tokens {
  /** Whether it accepts any token at all. */
  readonly any: boolean;
  /** Whether it accepts tokens for audiences that no condition names. */
  readonly anyAudience: boolean;
  /**
   * Whose tokens it accepts: those of one thing, of everything that one owner has, or those of owners that no condition
   * names.
   */
  readonly subject: 'one' | 'owner' | 'strangers';
  /** Whether a condition refers to the owner. */
  readonly asks: boolean;
  /** Whether it accepts tokens of guests, who have not signed in. Only Cognito issues such tokens. */
  readonly guests: boolean;
}

/** Whose tokens of an issuer a statement accepts. The statement must name only this provider. */
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

/** Excludes tokens with claims of another issuer, because a statement may name several. */
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
