/**
 * The elements `Resource` and `NotResource`.
 *
 * The first five parts of an ARN are matched one by one, the rest as a whole. A wildcard in the region therefore cannot
 * match into the account. `*` in the last part matches anything, including slashes and colons.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { many, type OneOrMany } from '../document';
import { foldAscii } from '../glob';
import { refuse } from './error';
import {
  type Answer,
  type Lookup,
  type Match,
  type Piece,
  readPieces,
  type Template,
  toTemplate,
  type Version,
} from './template';

/** One value of `Resource`. */
export interface ResourcePattern {
  /** As written. */
  readonly text: string;
  /** The pattern, with the missing parts added if the ARN is incomplete. */
  readonly whole: string;
  match(resource: string, lookup: Lookup): Match;
}

/** `Resource` or `NotResource` of one statement. */
export interface ResourceTest {
  readonly part: 'resource';
  readonly negated: boolean;
  readonly patterns: readonly ResourcePattern[];
}

const RULE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html';

/** How `Resource` is parsed in one policy. */
export interface ResourceReading {
  readonly version: Version;
  /**
   * Whether an ARN with fewer than six parts is completed, as in identity policies. If not, an ARN with fewer than six
   * parts is an error.
   */
  readonly completes: boolean;
}

/** Reads the element. Throws `PolicyError` for a value that is neither `*` nor an ARN pattern. */
export function readResource(
  value: OneOrMany<string>,
  negated: boolean,
  reading: ResourceReading,
  path: readonly (string | number)[],
): ResourceTest {
  const patterns = many(value).map((text, index) =>
    readPattern(text, reading, typeof value === 'string' ? path : [...path, index]),
  );
  return { part: 'resource', negated, patterns };
}

/** Whether a statement with this effect covers the resource. An unsure result counts against the request. */
export function coversResource(
  test: ResourceTest,
  effect: 'Allow' | 'Deny',
  resource: string,
  lookup: Lookup,
): boolean {
  const answer = resourceAnswer(test, resource, lookup);
  return answer === 'yes' || (answer === 'unsure' && effect === 'Deny');
}

/**
 * Whether the element covers the resource. AWS: "The resource that includes a policy variable with no value will not
 * match any resource". In `Resource`, an entry with such a variable therefore grants and denies nothing. For
 * `NotResource` it is unclear whether the entry excludes nothing or the statement matches nothing. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function resourceAnswer({ patterns, negated }: ResourceTest, resource: string, lookup: Lookup): Answer {
  let unsure = false;
  for (const pattern of patterns) {
    const match = pattern.match(resource, lookup);
    if (match === 'yes') return negated ? 'no' : 'yes';
    if (match === 'blank' || (negated && match !== 'no')) unsure = true;
  }
  return unsure ? 'unsure' : negated ? 'yes' : 'no';
}

function readPattern(text: string, reading: ResourceReading, path: readonly (string | number)[]): ResourcePattern {
  if (text === '*') return { text, whole: text, match: () => 'yes' };
  const { version, completes } = reading;
  const written = splitSegments(readPieces(text, { version, wildcards: true }, path));
  const missing = completes && written.length >= FEWEST_PARTS ? Math.max(0, 6 - written.length) : 0;
  const whole = text + ':*'.repeat(missing);
  const segments = [...written, ...Array.from({ length: missing }, (): Piece[] => [{ kind: 'any' }])];
  const fault = arnFault(segments, completes);
  if (fault !== undefined) refuse({ code: 'bad-resource', path, got: text, expected: fault, rule: ARNS });
  if (segments.slice(0, 5).some((segment, part) => segment.some((piece) => isMisplaced(piece, part)))) {
    refuse({
      code: 'bad-variable',
      path,
      got: text,
      expected: 'variables only after the fifth colon of an ARN, except ${aws:PrincipalAccount} as the account',
      rule: RULE,
    });
  }
  return { text, whole, match: matcher(text, segments) };
}

const ARNS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html';

/**
 * The minimum number of parts of an incomplete ARN, from AWS's own example `arn:aws:sqs`. AWS does not document how
 * shorter ARNs are completed.
 */
const FEWEST_PARTS = 3;

/**
 * A description of the expected form, if the parts are not a valid ARN pattern. A pattern with an empty part would
 * silently never match.
 */
function arnFault(segments: readonly (readonly Piece[])[], completes: boolean): string | undefined {
  const [scheme, partition = [], service = [], region = [], account = []] = segments;
  if (scheme?.length !== 1 || scheme[0]?.kind !== 'literal' || scheme[0].text !== 'arn' || segments.length < 6) {
    const whole = "'*' or arn:partition:service:region:account:resource";
    return completes ? `${whole}, in which the last three parts may be omitted` : whole;
  }
  if (!isName(partition)) return 'a partition in lower case after arn:, such as aws, or *';
  if (!isName(service)) return 'a service in lower case after the partition, such as s3, or *';
  if (![...region, ...account].every((piece) => piece.kind !== 'literal' || /^\S+$/.test(piece.text))) {
    return 'a region and an account without white space';
  }
  return undefined;
}

function isName(segment: readonly Piece[]): boolean {
  return segment.length > 0 && segment.every((piece) => piece.kind !== 'literal' || /^[a-z0-9-]+$/.test(piece.text));
}

/**
 * Whether a variable is in a part where AWS does not permit it. The IAM documentation permits no variables before the
 * fifth colon, but an AWS-managed policy contains such a variable:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonTimestreamInfluxDBServiceRolePolicy.html
 */
function isMisplaced(piece: Piece, part: number): boolean {
  return piece.kind === 'variable' && !(part === 4 && foldAscii(piece.key) === 'aws:principalaccount');
}

function matcher(text: string, segments: readonly (readonly Piece[])[]): ResourcePattern['match'] {
  const last = toTemplate(text, segments[5] ?? []);
  const head = segments.slice(0, 5);
  if (head.every((segment) => segment.every((piece) => piece.kind === 'literal'))) {
    const prefix = `${head.map((segment) => segment.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('')).join(':')}:`;
    return (resource, lookup) =>
      resource.startsWith(prefix) ? last.match(resource.slice(prefix.length), lookup) : 'no';
  }
  return segmentMatcher(
    head.map((segment) => toTemplate(text, segment)),
    last,
  );
}

/** Matches each of the first five parts of an ARN separately, and the rest as a whole. */
export function segmentMatcher(head: readonly Template[], last: Template): ResourcePattern['match'] {
  return (text, lookup) => {
    let start = 0;
    let least: Match = 'yes';
    for (const segment of head) {
      const end = text.indexOf(':', start);
      if (end < 0) return 'no';
      const match = segment.match(text.slice(start, end), lookup);
      if (match === 'no') return 'no';
      least = lesser(least, match);
      start = end + 1;
    }
    return lesser(least, last.match(text.slice(start), lookup));
  };
}

function lesser(one: Match, other: Match): Match {
  return RANKS[one] < RANKS[other] ? one : other;
}

/** The result for an ARN is the weakest result among its parts. */
const RANKS: Readonly<Record<Match, number>> = { no: 0, 'no-value': 1, 'blank-apart': 2, blank: 3, yes: 4 };

/** The text split at the first five colons. A colon inside a variable is not a separator. */
export function splitSegments(pieces: readonly Piece[]): Piece[][] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    let text = piece.kind === 'literal' ? piece.text : undefined;
    if (text === undefined) {
      segments[segments.length - 1]?.push(piece);
      continue;
    }
    for (let colon = text.indexOf(':'); colon >= 0 && segments.length < 6; colon = text.indexOf(':')) {
      if (colon > 0) segments[segments.length - 1]?.push({ kind: 'literal', text: text.slice(0, colon) });
      segments.push([]);
      text = text.slice(colon + 1);
    }
    if (text !== '') segments[segments.length - 1]?.push({ kind: 'literal', text });
  }
  return segments;
}
