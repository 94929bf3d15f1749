/**
 * Validates a document against the schema of its kind, and keeps the valid parts of an invalid document.
 *
 * This has two effects: later checks find more than the first error, and they ignore invalid parts, so that a
 * misspelled key does not cause many follow-up errors.
 */
import type * as z from 'zod';
import type { Complaints } from './complaints';
import type { Path } from './model';
import type { RawDocument } from './parse';
import type { Places } from './places';
import { BROKEN, OddNumber } from './plain';
import { at, complainOf, pathText, unfold } from './schema-complaints';

/** A document of one kind. */
export interface Checked<T> {
  /** The document, with invalid parts removed or replaced by a placeholder. */
  readonly yaml: T;
  /**
   * Whether the document was valid and is unchanged. If not, a value that is missing here may have been removed because
   * it was invalid.
   */
  readonly whole: boolean;
  /** The original value at a path, valid or not. */
  readonly written: (path: Path) => unknown;
  readonly places: Places;
}

/**
 * Validates a document and reports every error. Returns the valid parts with the type of the schema; undefined if no
 * part is valid.
 */
export function check<T>(schema: z.ZodType<T>, document: RawDocument, complaints: Complaints): Checked<T> | undefined {
  const { value, sound, places } = document;
  const written = (path: Path) => at(value, path);
  const result = schema.safeParse(value);
  // Values for which reading the YAML already reported an error were removed or are BROKEN; see plain.ts.
  if (result.success) return { yaml: result.data, whole: sound, written, places };
  complainOf(result.error.issues, value, places, complaints);
  const saved = save(schema, value);
  return saved === undefined ? undefined : { yaml: saved, whole: false, written, places };
}

/** Placeholders for invalid required values. They never reach a generated file, because the run fails. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  name: 'unnamed',
  purpose: 'None.',
  access: 'read',
  gate: 'broker',
  actions: ['none:None'],
  resources: ['*'],
  account: '000000000000',
  region: 'us-east-1',
  environments: { unnamed: { account: '000000000000', region: 'us-east-1' } },
  agents: { unnamed: { identity: { type: 'iam-user' } } },
  identity: { type: 'iam-user' },
  description: 'None.',
  pattern: 'none',
  humans: 1,
};

/**
 * Maximum number of rounds. Each round repairs or removes the values with errors; if errors remain, their parent
 * values.
 */
const MAX_ROUNDS = 16;

function save<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const copy = clone(value);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    const issues = result.error.issues.flatMap((issue) => unfold(issue, [], copy));
    // Removes later items first, so that the indexes of earlier items stay valid.
    const fixed = new Set<string>();
    for (const { path, keys } of [...issues].reverse()) {
      for (const key of keys ?? []) remove(copy, [...path, key]);
      if (keys !== undefined || fixed.has(pathText(path))) continue;
      fixed.add(pathText(path));
      repair(copy, path);
    }
  }
  return undefined;
}

/**
 * Removes an invalid value. A required value is replaced by a placeholder; if no placeholder exists, the parent value
 * is removed.
 */
function repair(root: unknown, path: Path): void {
  const key = path.at(-1);
  const holder = at(root, path.slice(0, -1));
  const standIn = typeof key === 'string' ? STAND_INS[key] : undefined;
  if (at(root, path) !== undefined) remove(root, path);
  else if (standIn === undefined || holder === null || typeof holder !== 'object') remove(root, path.slice(0, -1));
  else (holder as Record<string, unknown>)[String(key)] = clone(standIn);
}

function remove(root: unknown, path: Path): void {
  const key = path.at(-1);
  const holder = at(root, path.slice(0, -1));
  if (key === undefined || holder === null || typeof holder !== 'object') return;
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete (holder as Record<string, unknown>)[String(key)];
}

/** A deep copy in which aliased values are separate copies. */
function clone(value: unknown): unknown {
  if (value === BROKEN || value === null || typeof value !== 'object' || value instanceof OddNumber) return value;
  if (Array.isArray(value)) return value.map(clone);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = clone(inner);
  return copy;
}
