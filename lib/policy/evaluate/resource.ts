/**
 * `Resource` and `NotResource`.
 *
 * The first five parts of an ARN are matched one by one, the rest as a whole: a wildcard of the region cannot reach
 * into the account, and `*` in the last part stands for anything, slashes and colons included.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { many, type OneOrMany } from '../document';
import { refuse } from './error';
import { type Lookup, type Match, type Piece, readPieces, type Template, toTemplate, type Version } from './template';

/** One value of `Resource`. */
export interface ResourcePattern {
  /** As written. */
  readonly text: string;
  match(resource: string, lookup: Lookup): Match;
}

/** `Resource` or `NotResource` of one statement. */
export interface ResourceTest {
  readonly part: 'resource';
  readonly negated: boolean;
  readonly patterns: readonly ResourcePattern[];
}

const RULE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html';

/** Reads the element. Throws `PolicyError` for what is neither `*` nor an ARN pattern of six parts. */
export function readResource(
  value: OneOrMany<string>,
  negated: boolean,
  version: Version,
  path: readonly (string | number)[],
): ResourceTest {
  const patterns = many(value).map((text, index) =>
    readPattern(text, version, typeof value === 'string' ? path : [...path, index]),
  );
  return { part: 'resource', negated, patterns };
}

/**
 * Whether the statement speaks of the resource. A variable without a value matches no resource, in `Resource` and in
 * `NotResource` alike: the first then grants nothing by that value, the second excepts nothing by it.
 */
export function coversResource(test: ResourceTest, resource: string, lookup: Lookup): boolean {
  for (const pattern of test.patterns) if (pattern.match(resource, lookup) === 'yes') return !test.negated;
  return test.negated;
}

function readPattern(text: string, version: Version, path: readonly (string | number)[]): ResourcePattern {
  if (text === '*') return { text, match: () => 'yes' };
  const pieces = readPieces(text, { version, wildcards: true }, path);
  const segments = splitSegments(pieces);
  const [scheme, ...others] = segments;
  if (segments.length < 6 || scheme?.length !== 1 || scheme[0]?.kind !== 'literal' || scheme[0].text !== 'arn') {
    refuse({
      code: 'bad-resource',
      path,
      got: text,
      expected: "'*' or arn:partition:service:region:account:resource",
      rule: RULE,
    });
  }
  if (others.slice(0, 4).some((segment) => segment.some((piece) => piece.kind === 'variable'))) {
    refuse({
      code: 'bad-variable',
      path,
      got: text,
      expected: 'variables only after the fifth colon of an ARN',
      rule: RULE,
    });
  }
  return { text, match: matcher(text, segments) };
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

/** Matches the texts between the first five colons one by one, and the rest as a whole. */
export function segmentMatcher(head: readonly Template[], last: Template): ResourcePattern['match'] {
  return (text, lookup) => {
    let start = 0;
    let open: Match = 'yes';
    for (const segment of head) {
      const end = text.indexOf(':', start);
      if (end < 0) return 'no';
      const match = segment.match(text.slice(start, end), lookup);
      if (match === 'no') return 'no';
      if (match === 'no-value') open = 'no-value';
      start = end + 1;
    }
    const match = last.match(text.slice(start), lookup);
    return match === 'yes' ? open : match;
  };
}

/** The pieces between the first five colons, and the rest. A colon inside a variable separates nothing. */
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
