/**
 * A JSON reader that accepts only unambiguous text. JSON parsers handle duplicate keys, `__proto__` and number
 * precision differently, so two parsers may return different values for the same text. Such texts are rejected. Source:
 * https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */

/** Options that determine how strictly text is parsed. */
export interface Strictness {
  /**
   * If set, numbers must be in their shortest form only inside members with this name, because other software wrote the
   * rest of the JSON.
   * @default everywhere
   */
  readonly numbersBelow?: string;
}

/** Maximum nesting depth; far more than any JSON parsed here needs. */
const DEEPEST = 64;

/**
 * Parses a text.
 * @throws {SyntaxError} for text that is not JSON, for a duplicate key or the key `__proto__`, for a number that
 *   JSON.stringify would write differently, for example `1.0`, `1e2` or `-0`, and for excessive nesting.
 */
export function strictJson(text: string, { numbersBelow }: Strictness = {}): unknown {
  const value: unknown = JSON.parse(text);
  for (const { token, key, repeated, open } of walk(text)) {
    if (open.length > DEEPEST) throw new SyntaxError('the JSON is nested too deeply');
    if (repeated || key === '__proto__') throw new SyntaxError('a key of the JSON is doubled, or __proto__');
    const exact = numbersBelow === undefined || open.some(({ at }) => at === numbersBelow);
    if (exact && NUMBER.test(token) && JSON.stringify(Number(token)) !== token) {
      throw new SyntaxError('a number of the JSON is not in its shortest form');
    }
  }
  return value;
}

/** The path (keys and indexes) of the first duplicate key in a valid JSON text. */
export function repeatedKey(text: string): readonly (string | number)[] | undefined {
  for (const { repeated, open } of walk(text)) if (repeated) return open.map(({ at }) => at);
  return undefined;
}

/** An object or list that is open at the current token. */
interface Level {
  /** The keys that were read so far; undefined for a list. */
  readonly keys: Set<string> | undefined;
  expectsKey: boolean;
  /** The member or index that is being read. */
  at: string | number;
}

/** One token of a text. */
interface Token {
  readonly token: string;
  /** The key, if the token is a key of an object. */
  readonly key?: string;
  /** Whether the key has already occurred in the same object. */
  readonly repeated?: boolean;
  /** The objects and lists that are open at this token, outermost first. */
  readonly open: readonly Level[];
}

function* walk(text: string): Generator<Token> {
  const open: Level[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const level = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), expectsKey: true, at: '' });
    else if (token === '[') open.push({ keys: undefined, expectsKey: false, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof level?.at === 'number') level.at += 1;
    else if (token === ',' && level !== undefined) level.expectsKey = true;
    else if (token.startsWith('"') && level?.keys !== undefined && level.expectsKey) {
      const key = JSON.parse(token) as string;
      const repeated = level.keys.has(key);
      level.keys.add(key);
      level.expectsKey = false;
      level.at = key;
      yield { token, key, repeated, open };
      continue;
    }
    yield { token, open };
  }
}

/** The tokens of a valid JSON text, except colons and white space, which are skipped. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]|-?\d[\d.eE+-]*|true|false|null/g;
const NUMBER = /^-?\d/;
