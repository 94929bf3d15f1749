/**
 * JSON that says one thing in one way. Readers of JSON disagree about doubled keys, about `__proto__`, and about how exact a
 * number is: what one of them was shown another may take for something else. Such texts are refused.
 * Source: https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */

/** How strictly a text is read. */
export interface Strictness {
  /**
   * Numbers are demanded in their one shortest form only below members of this name, where the rest of a text is somebody
   * else's to write. @default everywhere
   */
  readonly numbersBelow?: string;
}

/** Levels of objects and arrays: far more than anything that is read has. */
const DEEPEST = 64;

/**
 * The value of a text.
 * @throws {SyntaxError} for what is no JSON; for a key that an object has twice, or that is `__proto__`; for a number in
 * another notation than JSON writes it in, for example `1.0`, `1e2` or `-0`; and for what is nested too deeply.
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
  /** Keys so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  expectsKey: boolean;
  /** The member that is being read. */
  key: string | undefined;
  /** Whether numbers in it must be in their shortest form. */
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

/** The tokens of a text that is JSON. A colon and white space say nothing more. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]|-?\d[\d.eE+-]*|true|false|null/g;
const NUMBER = /^-?\d/;
