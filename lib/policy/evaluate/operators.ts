/**
 * The condition operators, which compare one value of a policy with one value of a request.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { parseArn } from '../arn';
import { foldAscii } from '../glob';
import { segmentMatcher, splitSegments } from './resource';
import { type Answer, type Lookup, type Match, readPieces, standingOf, toTemplate, type Version } from './template';
import { inRange, readBoolean, readBytes, readMoment, readNumber, readRange } from './values';

/** Compares a value of the request with one value of the policy. */
export type ValueTest = (value: string, lookup: Lookup) => Answer;

export interface Operator {
  /** Prepares a policy's value; `undefined` if the value is not of the operator's type. */
  readonly read: (text: string, version: Version, path: readonly (string | number)[]) => ValueTest | undefined;
  /** Whether the operator requires that no value of the policy matches. */
  readonly negated: boolean;
  /** The type of the operator's values, as a noun phrase. */
  readonly takes: string;
}

/** The operator with this name. Names are case-sensitive, and `Null` is not included. */
export function operatorNamed(name: string): Operator | undefined {
  return OPERATORS.get(name);
}

const answer = (holds: boolean): Answer => (holds ? 'yes' : 'no');

const text = (matches: (wanted: string, value: string) => boolean): Operator['read'] => {
  return (wanted, version, path) => {
    const pieces = readPieces(wanted, { version, wildcards: false }, path);
    const only =
      pieces.length === 0 ? '' : pieces.length === 1 && pieces[0]?.kind === 'literal' ? pieces[0].text : undefined;
    if (only !== undefined) return (value) => answer(matches(only, value));
    return (value, lookup) => {
      let whole = '';
      let doubtful = false;
      for (const piece of pieces) {
        if (piece.kind === 'literal') whole += piece.text;
        else if (piece.kind === 'variable') {
          const resolved = standingOf(piece, lookup);
          if (resolved === undefined) return 'no';
          if (typeof resolved === 'string') whole += resolved;
          else doubtful = true;
        }
      }
      return doubtful ? 'unsure' : answer(matches(whole, value));
    };
  };
};

const like: Operator['read'] = (pattern, version, path) => {
  const template = toTemplate(pattern, readPieces(pattern, { version, wildcards: true }, path));
  return (value, lookup) => ANSWERS[template.match(value, lookup)];
};

/**
 * "If a variable has no value, operators like StringEquals or StringLike don't match": quoted from AWS's page on
 * variables without a value. AWS does not document the effect of an empty value or a list.
 */
const ANSWERS: Readonly<Record<Match, Answer>> = {
  yes: 'yes',
  no: 'no',
  'no-value': 'no',
  blank: 'unsure',
  'blank-apart': 'unsure',
};

/**
 * Compares ARNs part by part. AWS does not document what a pattern with fewer than six parts (for example `*`) matches,
 * or how a value that is not an ARN is compared.
 */
const arn: Operator['read'] = (pattern, version, path) => {
  const segments = splitSegments(readPieces(pattern, { version, wildcards: true }, path));
  const [last, ...head] = segments.map((segment) => toTemplate(pattern, segment)).reverse();
  if (last === undefined || segments.length < 6) return () => 'unsure';
  const match = segmentMatcher(head.reverse(), last);
  return (value, lookup) => (parseArn(value) === undefined ? 'unsure' : ANSWERS[match(value, lookup)]);
};

const ordered = (
  read: (text: string) => number | undefined,
  holds: (value: number, wanted: number) => boolean,
): Operator['read'] => {
  return (text) => {
    const wanted = read(text);
    if (wanted === undefined) return undefined;
    return (text) => {
      const value = read(text);
      return value === undefined ? 'unsure' : answer(holds(value, wanted));
    };
  };
};

const same = <T>(read: (text: string) => T | undefined): Operator['read'] => {
  return (text) => {
    const wanted = read(text);
    if (wanted === undefined) return undefined;
    return (text) => {
      const value = read(text);
      return value === undefined ? 'unsure' : answer(value === wanted);
    };
  };
};

/**
 * AWS documents a default prefix of /32, but not whether it also applies to IPv6. An IPv6 range without a prefix could
 * therefore mean one address or a block of 2^96 addresses. For addresses in this block other than the given address,
 * the result is unsure.
 */
const address: Operator['read'] = (text) => {
  const range = readRange(text);
  if (range === undefined) return undefined;
  const doubtful = !range.explicit && range.words.length === 8;
  return (text) => {
    const value = readRange(text);
    if (value === undefined || value.explicit) return 'unsure';
    if (inRange(value, range.words, range.bits)) return 'yes';
    return doubtful && inRange(value, range.words, 32) ? 'unsure' : 'no';
  };
};

const COMPARISONS: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  LessThan: (value, wanted) => value < wanted,
  LessThanEquals: (value, wanted) => value <= wanted,
  GreaterThan: (value, wanted) => value > wanted,
  GreaterThanEquals: (value, wanted) => value >= wanted,
};

const NUMBER = 'a number of at most 15 digits';
const MOMENT = 'an ISO 8601 date or seconds since 1970';
const RANGE = 'an IPv4 or IPv6 address or CIDR range';

function pair(positive: string, negative: string, read: Operator['read'], takes: string): [string, Operator][] {
  return [
    [positive, { read, takes, negated: false }],
    [negative, { read, takes, negated: true }],
  ];
}

function orderings(family: string, read: (text: string) => number | undefined, takes: string): [string, Operator][] {
  return Object.entries(COMPARISONS).map(([name, holds]) => [
    `${family}${name}`,
    { read: ordered(read, holds), takes, negated: false },
  ]);
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair(
    'StringEquals',
    'StringNotEquals',
    text((wanted, value) => wanted === value),
    'a text',
  ),
  ...pair(
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    text((wanted, value) => foldAscii(wanted) === foldAscii(value)),
    'a text',
  ),
  ...pair('StringLike', 'StringNotLike', like, 'a text'),
  ...pair('ArnEquals', 'ArnNotEquals', arn, 'an ARN pattern'),
  ...pair('ArnLike', 'ArnNotLike', arn, 'an ARN pattern'),
  ...pair('NumericEquals', 'NumericNotEquals', same(readNumber), NUMBER),
  ...orderings('Numeric', readNumber, NUMBER),
  ...pair('DateEquals', 'DateNotEquals', same(readMoment), MOMENT),
  ...orderings('Date', readMoment, MOMENT),
  ...pair('IpAddress', 'NotIpAddress', address, RANGE),
  ['Bool', { read: same(readBoolean), takes: 'true or false', negated: false }],
  ['BinaryEquals', { read: same(readBytes), takes: 'base64 text', negated: false }],
]);
