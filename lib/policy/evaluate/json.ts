/**
 * Reads the JSON text of a policy. A key that occurs twice in one object is an error, as in IAM. `JSON.parse` would use
 * only the last one, so a reader and the engine could see different policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html ("Individual elements must
 * not contain multiple instances of the same key")
 */
import { refuse } from './error';

/** Parses the text. Throws `PolicyError` with code `invalid-json` or `duplicate-key`. */
export function readJson(text: string, path: readonly (string | number)[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    refuse({ code: 'invalid-json', path, got: text, expected: 'JSON text' }, { cause });
  }
  refuseRepeatedKeys(text, path);
  return value;
}

/** An object or list that is open at the current position of the text. */
interface Open {
  /** The keys so far; `undefined` for a list. */
  readonly keys: Set<string> | undefined;
  /** The key or index of the next value. */
  at: string | number;
  /** Whether the next token is a key, not a value. */
  wantsKey: boolean;
}

/** Rejects repeated keys. The text is known to be valid JSON, so only strings and brackets must be recognized. */
function refuseRepeatedKeys(text: string, path: readonly (string | number)[]): void {
  const open: Open[] = [];
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    const inner = open[open.length - 1];
    if (char === '"') {
      const end = closingQuote(text, index);
      if (inner?.keys !== undefined && inner.wantsKey) {
        const key: unknown = JSON.parse(text.slice(index, end + 1));
        noteKey(inner, inner.keys, String(key), [...path, ...open.map(({ at }) => at)]);
      }
      index = end;
    } else if (char === '{') open.push({ keys: new Set(), at: '', wantsKey: true });
    else if (char === '[') open.push({ keys: undefined, at: 0, wantsKey: false });
    else if (char === '}' || char === ']') open.pop();
    else if (char === ',' && inner !== undefined) {
      if (typeof inner.at === 'number') inner.at += 1;
      else inner.wantsKey = true;
    }
  }
}

function noteKey(inner: Open, keys: Set<string>, key: string, path: readonly (string | number)[]): void {
  if (keys.has(key)) {
    const place = [...path.slice(0, -1), key];
    refuse({ code: 'duplicate-key', path: place, got: key, expected: 'each key once in an object' });
  }
  inner.at = key;
  inner.wantsKey = false;
  keys.add(key);
}

function closingQuote(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}
