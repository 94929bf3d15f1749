/**
 * Reads the JSON text of a policy. A key that occurs twice in one object is an error, as in IAM. `JSON.parse` would use
 * only the last of the duplicate keys, so a reader and the engine could see different policies. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html ("Individual elements must not
 * contain multiple instances of the same key")
 */
import { repeatedKey } from '@leasehold/contract/strict-json';
import { refuse } from './error';

/** Parses the text. Throws `PolicyError` with code `invalid-json` or `duplicate-key`. */
export function readJson(text: string, path: readonly (string | number)[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    refuse({ code: 'invalid-json', path, got: text, expected: 'JSON text' }, { cause });
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) {
    const place = [...path, ...repeated];
    refuse({ code: 'duplicate-key', path: place, got: repeated.at(-1), expected: 'each key once in an object' });
  }
  return value;
}
