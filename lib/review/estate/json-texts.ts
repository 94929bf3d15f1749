/** Splits a string that contains JSON into the strings inside that JSON. */

import { JsonReader } from '../plan/json-reader';
import { JsonFault } from '../plan/json-scan';
import { isJson, type Json } from '../plan/plan';
import { isPathKey, plainKey } from './state-machine-values';

/** A text inside JSON. */
export interface JsonText {
  /** The keys that lead to the text, in the notation of a Terraform path: `a_key.list[0]`. */
  readonly path: string;
  readonly text: string;
  /** Whether the key marks the text as a path in the input of a state machine. */
  readonly isPath?: boolean;
}

/** Maximum length of a path. A longer path is not examined, because every text below the path would repeat the path. */
export const LONGEST_PATH = 1000;

/**
 * The texts in JSON, including keys and JSON inside JSON. `undefined` if the text is no JSON object or list.
 * `unreadable` if it is JSON that can be read in several ways, because a key occurs twice, or if the JSON is nested too
 * deeply or has a path that is too long. Statements of policies are omitted.
 */
export function textsInJson(text: string, depth = 0): readonly JsonText[] | 'unreadable' | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  if (depth >= MOST_NESTED) return 'unreadable';
  const value = parsed(text);
  if (value === 'unreadable' || value === undefined) return value;
  const found: JsonText[] = [];
  for (const each of walk(value.json, '')) {
    if (each === 'unreadable') return each;
    const inner = textsInJson(each.text, depth + 1);
    if (inner === 'unreadable') return inner;
    if (inner === undefined) {
      found.push(each);
      continue;
    }
    // The JSON may contain more texts than a call can have arguments.
    for (const part of inner) {
      const path = joined(each.path, part.path);
      if (path.length > LONGEST_PATH) return 'unreadable';
      found.push({ ...part, path });
    }
  }
  return found;
}

/** The string with escaped characters decoded, regardless of whether the string is JSON, or JSON inside JSON. */
export function unescaped(text: string): string {
  return text
    .replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/(?<!\\)\\+([/"])/g, '$1')
    .replace(/\\\\/g, '\\');
}

/** Maximum nesting depth of JSON within strings of JSON. */
const MOST_NESTED = 5;

function parsed(text: string): { readonly json: unknown } | 'unreadable' | undefined {
  try {
    const reader = new JsonReader(Buffer.from(text));
    const json = reader.take();
    reader.finish();
    return { json };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return error.kind === 'duplicate-key' || error.kind === 'too-deep' ? 'unreadable' : undefined;
  }
}

function* walk(value: unknown, path: string, isPath = false): Iterable<JsonText | 'unreadable'> {
  if (path.length > LONGEST_PATH) yield 'unreadable';
  if (typeof value === 'string') yield { path, text: value, ...(isPath ? { isPath } : {}) };
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* walk(inner, `${path}[${index}]`);
  } else if (isJson(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Statement' && isOfPolicy(inner)) continue;
      if (key.length > LONGEST_PATH) yield 'unreadable';
      const below = joined(path, snakeCase(plainKey(key)));
      yield { path: joined(path, 'key'), text: key };
      yield* walk(inner, below, isPathKey(key));
    }
  }
}

/** Whether a value consists of the statements of a policy, and contains nothing else. */
function isOfPolicy(value: unknown): boolean {
  const statements: readonly unknown[] = Array.isArray(value) ? value : [value];
  return statements.every(
    (statement) => isJson(statement) && hasEffect(statement) && Object.keys(statement).every((key) => KEYS.has(key)),
  );
}

function hasEffect({ Effect }: Json): boolean {
  return Effect === 'Allow' || Effect === 'Deny';
}

const KEYS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function joined(path: string, below: string): string {
  return path === '' || below === '' || below.startsWith('[') ? `${path}${below}` : `${path}.${below}`;
}

/** Returns `dead_letter_target_arn` for `deadLetterTargetArn`. */
function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}
