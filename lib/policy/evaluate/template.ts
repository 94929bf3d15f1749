/**
 * Text with wildcards and policy variables: values of `Resource`, and of conditions with a string or ARN operator.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { TAG_ALPHABET_WITHOUT_SPACES } from '@leasehold/contract/text';
import { compileTokens, type GlobMatcher, type GlobToken, parseGlob } from '../glob';
import { refuse } from './error';

/** The documents in which `${…}` is a variable; in 2008-10-17 it is plain text. */
export type Version = '2008-10-17' | '2012-10-17';

/** A variable that stands for the value of a single-valued context key. */
export interface Variable {
  readonly kind: 'variable';
  /** As written, without braces and default. */
  readonly key: string;
  /** What stands in for the value when the request has none. */
  readonly fallback?: string;
}

export type Piece = GlobToken | Variable;

/** Where variables get their values. */
export interface Lookup {
  /** The value of a single-valued context key or the list of a multivalued one; `undefined` when the request has none. */
  values(key: string): string | readonly string[] | undefined;
}

/**
 * What a template says of a text. `no-value`: a variable of it has none, so it matches nothing. Of a variable whose value
 * is empty, or a list, AWS does not say what it stands for: with `blank` the text matches if the variable stands for what
 * the request has, or for the variable's default; with `blank-apart` it matches in no such reading.
 */
export type Match = 'yes' | 'no' | 'no-value' | 'blank' | 'blank-apart';

/**
 * What a comparison says. `unsure` where AWS does not say what it does, or where the request's value cannot be read:
 * the statement then matches when it is a `Deny` and does not when it is an `Allow`.
 */
export type Answer = 'yes' | 'no' | 'unsure';

/** Pieces, made ready to match. */
export interface Template {
  /** As written. */
  readonly text: string;
  readonly variables: readonly Variable[];
  match(text: string, lookup: Lookup): Match;
}

/** How the text of a template is read. */
export interface Reading {
  readonly version: Version;
  /** Whether `*` and `?` are wildcards. The escapes `${*}`, `${?}` and `${$}` never are. */
  readonly wildcards: boolean;
}

/** The pieces of a text. Throws `PolicyError` with code `bad-variable` for a variable that is not well formed. */
export function readPieces(text: string, reading: Reading, path: readonly (string | number)[]): Piece[] {
  const plain = (part: string): Piece[] =>
    part === '' ? [] : reading.wildcards ? parseGlob(part) : [{ kind: 'literal', text: part }];
  if (reading.version === '2008-10-17') return plain(text);
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', start)) {
    const close = text.indexOf('}', at);
    if (close < 0) refuse({ ...VARIABLE_FAULT, path, got: text, expected: 'a closing brace after ${' });
    pieces.push(...plain(text.slice(start, at)), readVariable(text.slice(at + 2, close), text, path));
    start = close + 1;
  }
  return [...pieces, ...plain(text.slice(start))];
}

/** Makes pieces ready to match. */
export function toTemplate(text: string, pieces: readonly Piece[]): Template {
  const variables = pieces.filter((piece) => piece.kind === 'variable');
  const fixed = pieces.filter((piece) => piece.kind !== 'variable');
  if (variables.length > 0) return { text, variables, match: memoized(pieces, variables) };
  const matches = compileTokens(joined(fixed));
  return { text, variables, match: (value) => (matches(value) ? 'yes' : 'no') };
}

/**
 * A value that a variable stands for is literal: its `*` and `?` match themselves. The matcher of the last values is
 * kept, since the requests of one session all have the same.
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
 * What a variable stands for: the text; a list where AWS does not say which of the texts, if any; `undefined` where the
 * request has no value and the variable no default.
 */
export function standingOf({ key, fallback }: Variable, lookup: Lookup): string | readonly string[] | undefined {
  const carried = lookup.values(key);
  if (carried === undefined) return fallback;
  if (typeof carried === 'string' && carried !== '') return carried;
  return [...(typeof carried === 'string' ? [carried] : carried), ...(fallback === undefined ? [] : [fallback])];
}

/** How many readings of variables in doubt are tried; with more of them the text is taken to match. */
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

/** Names AWS gives to keys, tag keys included; a space is not supported in a variable. */
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
