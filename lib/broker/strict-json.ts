/**
 * A JSON reader that accepts only unambiguous text. JSON parsers differ on duplicate keys, `__proto__` and number
 * precision, so one reader may see another value than the next. Such texts are rejected. Source:
 * https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */

/** How strictly a text is read. */
export interface Strictness {
  /**
   * Requires the shortest form of numbers only below members with this name, where the rest of the text comes from
   * another writer. @default everywhere
   */
  readonly numbersBelow?: string;
}

/** Maximum nesting depth; far more than any text here needs. */
const DEEPEST = 64;

/**
 * Parses a text.
 * @throws {SyntaxError} for a text that is not JSON, for a duplicate key or the key `__proto__`, for a number in
 * another notation than JSON.stringify writes, for example `1.0`, `1e2` or `-0`, and for excessive nesting.
 */
export function strictJson(text: string, { numbersBelow }: Strictness = {}): unknown {
  const value: unknown = JSON.parse(text);
  const open: Level[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const level = open.at(-1);
    if (token === '{' || token === '[') {
      const below = level?.exact === true || numbersBelow === undefined || level?.key === numbersBelow;
      open.push({
        keys: token === '{' ? new Set() : undefined,
        expectsKey: token === '{',
        key: undefined,
        exact: below,
      });
      if (open.length > DEEPEST) throw new SyntaxError('the JSON is nested too deeply');
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',' && level?.keys !== undefined) {
      level.expectsKey = true;
    } else if (token.startsWith('"') && level?.keys !== undefined && level.expectsKey) {
      addKey(level, JSON.parse(token) as string);
    } else if (NUMBER.test(token) && isExact(level, numbersBelow) && JSON.stringify(Number(token)) !== token) {
      throw new SyntaxError('a number of the JSON is not in its shortest form');
    }
  }
  return value;
}

interface Level {
  /** Keys read so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  expectsKey: boolean;
  /** The member that is being read. */
  key: string | undefined;
  /** Whether numbers in it must have the shortest form. */
  readonly exact: boolean;
}

function addKey(level: Level, key: string): void {
  if (key === '__proto__' || level.keys?.has(key)) throw new SyntaxError('a key of the JSON is doubled, or __proto__');
  level.keys?.add(key);
  level.expectsKey = false;
  level.key = key;
}

function isExact(level: Level | undefined, numbersBelow: string | undefined): boolean {
  return numbersBelow === undefined || level?.exact === true || level?.key === numbersBelow;
}

/** The tokens of a valid JSON text. Colons and white space are not needed. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]|-?\d[\d.eE+-]*|true|false|null/g;
const NUMBER = /^-?\d/;
