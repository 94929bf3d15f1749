/**
 * IAM's wildcards: `*` matches any number of characters, including none, and `?` matches exactly one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 *
 * "One character" is one UTF-16 code unit here. AWS does not document its unit.
 */

/** One token of a pattern: literal text, `?` (`one`) or `*` (`any`). */
export type GlobToken =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' };

export interface GlobOptions {
  /** Whether ASCII letters match in either case, as in action names. @default false */
  readonly caseInsensitive?: boolean;
}

/** Returns whether the whole text matches. */
export type GlobMatcher = (text: string) => boolean;

/** Splits a pattern into tokens. Every `*` and `?` is a wildcard. */
export function parseGlob(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  let start = 0;
  for (let index = 0; index <= pattern.length; index++) {
    const char = pattern[index];
    if (char !== undefined && char !== '*' && char !== '?') continue;
    if (index > start) tokens.push({ kind: 'literal', text: pattern.slice(start, index) });
    if (char !== undefined) tokens.push({ kind: char === '*' ? 'any' : 'one' });
    start = index + 1;
  }
  return tokens;
}

/** A matcher for a pattern in which every `*` and `?` is a wildcard. */
export function compileGlob(pattern: string, options: GlobOptions = {}): GlobMatcher {
  return compileTokens(parseGlob(pattern), options);
}

/**
 * A matcher for tokens, for callers that treat some text as literal: the value of a policy variable, or the escapes
 * `${*}`, `${?}` and `${$}`.
 *
 * A pattern is a sequence of chunks between stars. The leftmost match of each chunk is always sufficient, so the
 * matcher never backtracks. The time is bounded by the text's length times the longest chunk's length, for any number
 * of stars.
 */
export function compileTokens(tokens: readonly GlobToken[], options: GlobOptions = {}): GlobMatcher {
  const fold = options.caseInsensitive === true ? foldAscii : (text: string) => text;
  const chunks = toChunks(tokens, fold);
  const [head, ...rest] = chunks;
  if (head === undefined) return (text) => text === '';
  const tail = rest.pop();
  if (tail === undefined) {
    if (head.literal !== undefined) {
      const whole = head.literal;
      return (text) => fold(text) === whole;
    }
    return (text) => text.length === head.length && matchesAt(head, fold(text), 0);
  }
  const shortest = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return (raw) => {
    if (raw.length < shortest) return false;
    const text = fold(raw);
    const end = text.length - tail.length;
    if (!matchesAt(head, text, 0) || !matchesAt(tail, text, end)) return false;
    let position = head.length;
    for (const chunk of rest) {
      const found = findFrom(chunk, text, position, end);
      if (found < 0) return false;
      position = found + chunk.length;
    }
    return true;
  };
}

/**
 * Converts only the ASCII letters A to Z to lower case. The length never changes, and no other letter becomes an
 * ASCII letter.
 */
export function foldAscii(text: string): string {
  return NON_ASCII.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text.toLowerCase();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the class is the ASCII range itself.
const NON_ASCII = /[^\x00-\x7f]/;

/** The part of a pattern between two stars. */
interface Chunk {
  readonly length: number;
  /** The chunk's text if it contains no `?`. */
  readonly literal: string | undefined;
  /** One entry for each character; `undefined` for `?`. */
  readonly chars: readonly (string | undefined)[];
}

function toChunks(tokens: readonly GlobToken[], fold: (text: string) => string): Chunk[] {
  if (tokens.length === 0) return [];
  const rows: (string | undefined)[][] = [[]];
  for (const token of tokens) {
    const row = rows[rows.length - 1] ?? [];
    if (token.kind === 'any') rows.push([]);
    else if (token.kind === 'one') row.push(undefined);
    else for (const char of fold(token.text).split('')) row.push(char);
  }
  const last = rows.length - 1;
  // Adjacent stars leave empty chunks between them, which match nothing and can be dropped.
  return rows
    .filter((row, index) => row.length > 0 || index === 0 || index === last)
    .map((chars) => ({
      length: chars.length,
      literal: chars.includes(undefined) ? undefined : chars.join(''),
      chars,
    }));
}

function matchesAt(chunk: Chunk, text: string, at: number): boolean {
  if (chunk.literal !== undefined) return text.startsWith(chunk.literal, at);
  for (let index = 0; index < chunk.length; index++) {
    const wanted = chunk.chars[index];
    if (wanted !== undefined && wanted !== text[at + index]) return false;
  }
  return true;
}

function findFrom(chunk: Chunk, text: string, from: number, end: number): number {
  if (chunk.literal !== undefined) {
    const found = text.indexOf(chunk.literal, from);
    return found < 0 || found + chunk.length > end ? -1 : found;
  }
  for (let at = from; at + chunk.length <= end; at++) if (matchesAt(chunk, text, at)) return at;
  return -1;
}
