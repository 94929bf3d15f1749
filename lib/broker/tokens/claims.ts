/** Converts the claims in a verified token to an end user (subject). */

import { hidesSomething, LONGEST_TAG_VALUE, lineOf, TAG_ALPHABET, textOf } from '@leasehold/contract/text';
import type { TokenIssuer } from '@leasehold/definitions';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import type { Subject } from '../identity';
import { TokenInvalid } from '../port-errors';

/** The end user (subject) of a token whose signature and times were verified. @throws {TokenInvalid} */
export function subjectOf(payload: JwtPayload, { issuer, audiences, tokenUse, claims }: TokenIssuer): Subject {
  if (!isAudience(payload, audiences)) throw new TokenInvalid('audience');
  if (tokenUse !== undefined && own(payload, 'token_use') !== tokenUse) throw new TokenInvalid('token-use');
  const sub = taggable(own(payload, 'sub'));
  if (sub === undefined) throw new TokenInvalid('claims');
  const taken = claims.flatMap((claim): [string, string][] => {
    const value = own(payload, claim);
    return value === undefined ? [] : [[claim, mustBeTaggable(value)]];
  });
  return { issuer, sub, claims: Object.fromEntries(taken) };
}

/**
 * Whether a token is intended for one of the audiences. As in API Gateway, `client_id` is used only if there is no
 * `aud`. Cognito access tokens contain `client_id`. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function isAudience(payload: JwtPayload, audiences: readonly string[]): boolean {
  const { aud, client_id: client } = payload;
  const meant = aud === undefined ? [client] : Array.isArray(aud) ? aud : [aud];
  return meant.some((each) => typeof each === 'string' && audiences.includes(each));
}

function mustBeTaggable(value: unknown): string {
  const text = taggable(value);
  if (text === undefined) throw new TokenInvalid('claims');
  return text;
}

/** The value, if it is a string that a session tag can contain unchanged. `undefined` for any other value. */
export function taggable(value: unknown): string | undefined {
  return typeof value === 'string' && TAG_VALUE.test(value) && LINE.test(value) && !hidesSomething(value)
    ? value
    : undefined;
}

/**
 * Matches a session tag value on one line without leading or trailing spaces, so that values that look equal are equal.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 */
const TAG_VALUE = textOf(TAG_ALPHABET, 1, LONGEST_TAG_VALUE);
const LINE = lineOf(1, LONGEST_TAG_VALUE);

/** The value of a claim that the token contains. Ignores properties that every JavaScript object inherits. */
export function own(payload: JwtPayload, claim: string): unknown {
  return Object.hasOwn(payload, claim) ? payload[claim] : undefined;
}
