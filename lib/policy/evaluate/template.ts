/**
 * Text that may contain wildcards and policy variables: values of `Resource`, and of conditions with a string or ARN
 * operator. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { append } from '@leasehold/contract/any-length';
import { TAG_ALPHABET_WITHOUT_SPACES } from '@leasehold/contract/text';
import { compileTokens, type GlobMatcher, type GlobToken, parseGlob } from '../glob';
import { refuse } from './error';

/** The version of a document. `${…}` is a variable in 2012-10-17 and plain text in 2008-10-17. */
export type Version = '2008-10-17' | '2012-10-17';

/** A variable that refers to a single-valued context key. */
export interface Variable {
  readonly kind: 'variable';
  /** The key as written, without braces and default. */
  readonly key: string;
  /** The default, which is used if the request has no value. */
  readonly fallback?: string;
}

export type Piece = GlobToken | Variable;

/** Looks up the values of variables. */
export interface Lookup {
  /**
   * The value of a single-valued context key, or the list of values of a multivalued key; `undefined` if the request
   * does not contain the key.
   */
  values(key: string): string | readonly string[] | undefined;
}

/**
 * The result of matching a template against a text. `no-value`: a variable has no value, so the template matches
 * nothing. If the value of a variable is empty or a list, AWS does not document what the variable is replaced with.
 * `blank` then means that the text matches if the variable is replaced with the request's value or with its default.
 * `blank-apart` means that the text matches in neither case.
 */
export type Match = 'yes' | 'no' | 'no-value' | 'blank' | 'blank-apart';

/**
 * The result of a comparison. It is `unsure` if AWS does not document the behaviour, or if the request's value cannot
 * be read. In these cases, a `Deny` statement matches and an `Allow` statement does not match.
 */
export type Answer = 'yes' | 'no' | 'unsure';

/** Pieces of text, prepared for matching. */
export interface Template {
  /** As written. */
  readonly text: string;
  readonly variables: readonly Variable[];
  match(text: string, lookup: Lookup): Match;
}

/** How the text of a template is parsed. */
export interface Reading {
  readonly version: Version;
  /** Whether `*` and `?` are wildcards. The escapes `${*}`, `${?}` and `${$}` are never wildcards. */
  readonly wildcards: boolean;
}

/** Parses a string into pieces. Throws `PolicyError` with code `bad-variable` for an invalid variable. */
export function readPieces(text: string, reading: Reading, path: readonly (string | number)[]): Piece[] {
  const plain = (part: string): Piece[] =>
    part === '' ? [] : reading.wildcards ? parseGlob(part) : [{ kind: 'literal', text: part }];
  if (reading.version === '2008-10-17') return plain(text);
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', start)) {
    const close = text.indexOf('}', at);
    if (close < 0) refuse({ ...VARIABLE_FAULT, path, got: text, expected: 'a closing brace after ${' });
    append(pieces, [...plain(text.slice(start, at)), readVariable(text.slice(at + 2, close), text, path)]);
    start = close + 1;
  }
  return [...pieces, ...plain(text.slice(start))];
}

/** Prepares pieces for matching. */
export function toTemplate(text: string, pieces: readonly Piece[]): Template {
  const variables = pieces.filter((piece) => piece.kind === 'variable');
  const fixed = pieces.filter((piece) => piece.kind !== 'variable');
  if (variables.length > 0) return { text, variables, match: memoized(pieces, variables) };
  const matches = compileTokens(joined(fixed));
  return { text, variables, match: (value) => (matches(value) ? 'yes' : 'no') };
}

/**
 * Caches the matcher for the latest values, because all requests of one session have the same values. A variable's
 * value is taken literally: `*` and `?` in the value match only themselves.
 */
function memoized(pieces: readonly Piece[], variables: readonly Variable[]): Template['match'] {
  let known: { readonly values: readonly string[]; readonly matches: GlobMatcher } | undefined;
  return (text, lookup) => {
    const values: string[] = [];
    for (const variable of variables) {
      const value = standingOf(variable, lookup);
      if (typeof value !== 'string')
        return value === undefined ? 'no-value' : readings(text, pieces, variables, lookup);
      values.push(value);
    }
    const current = known;
    if (current?.values.every((value, index) => value === values[index])) return current.matches(text) ? 'yes' : 'no';
    const matches = compileTokens(joined(substituted(pieces, values)));
    known = { values, matches };
    return matches(text) ? 'yes' : 'no';
  };
}

/**
 * The value of a variable: a string; a list if AWS does not document which of several strings applies; `undefined` if
 * the request has no value and the variable has no default.
 */
export function standingOf({ key, fallback }: Variable, lookup: Lookup): string | readonly string[] | undefined {
  const carried = lookup.values(key);
  if (carried === undefined) return fallback;
  if (typeof carried === 'string' && carried !== '') return carried;
  return [...(typeof carried === 'string' ? [carried] : carried), ...(fallback === undefined ? [] : [fallback])];
}

/**
 * The maximum number of interpretations of unclear variables that are tried. If there are more interpretations, the
 * text counts as a match.
 */
const MOST_READINGS = 64;

function readings(text: string, pieces: readonly Piece[], variables: readonly Variable[], lookup: Lookup): Match {
  let rows: readonly (readonly string[])[] = [[]];
  for (const variable of variables) {
    const value = standingOf(variable, lookup);
    if (value === undefined) return 'no-value';
    const candidates = typeof value === 'string' ? [value] : value;
    if (rows.length * candidates.length <= MOST_READINGS) {
      rows = rows.flatMap((row) => candidates.map((candidate) => [...row, candidate]));
    } else rows = [];
  }
  const matches = rows.length === 0 || rows.some((row) => compileTokens(joined(substituted(pieces, row)))(text));
  return matches ? 'blank' : 'blank-apart';
}

function substituted(pieces: readonly Piece[], values: readonly string[]): GlobToken[] {
  let next = 0;
  return pieces.map((piece) => {
    if (piece.kind !== 'variable') return piece;
    const text = values[next] ?? '';
    next += 1;
    return { kind: 'literal', text };
  });
}

function joined(tokens: readonly GlobToken[]): GlobToken[] {
  const row: GlobToken[] = [];
  for (const token of tokens) {
    const last = row[row.length - 1];
    if (token.kind === 'literal' && last?.kind === 'literal') {
      row[row.length - 1] = { kind: 'literal', text: last.text + token.text };
    } else row.push(token);
  }
  return row;
}

const VARIABLE_FAULT = {
  code: 'bad-variable',
  rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html',
} as const;

/** The characters that AWS permits in the names of keys, including tag keys. A space is not supported in a variable. */
const KEY = new RegExp(`^[${TAG_ALPHABET_WITHOUT_SPACES}]+$`, 'u');

function readVariable(inner: string, text: string, path: readonly (string | number)[]): Piece {
  if (inner === '*' || inner === '?' || inner === '$') return { kind: 'literal', text: inner };
  const comma = inner.indexOf(',');
  const key = comma < 0 ? inner : inner.slice(0, comma);
  if (!KEY.test(key))
    refuse({ ...VARIABLE_FAULT, path, got: text, expected: "a context key, *, ? or $ between '${' and '}'" });
  if (comma < 0) return { kind: 'variable', key };
  const fallback = /^ *'([^']*)'$/.exec(inner.slice(comma + 1))?.[1];
  if (fallback === undefined) {
    refuse({
      ...VARIABLE_FAULT,
      path,
      got: text,
      expected: "a default between single quotes after the comma: ${key, 'default'}",
    });
  }
  return { kind: 'variable', key, fallback };
}
