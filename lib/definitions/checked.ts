/**
 * Validates a document against the schema of its kind, and keeps the valid parts of a faulty document.
 *
 * Later checks then cover the whole document and not only its first fault, and ignore broken parts: a misspelled key
 * must not cause ten consequential errors.
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
  /** The document; if it was faulty, the faulty parts are removed or replaced by a placeholder. */
  readonly yaml: T;
  /** Whether the document is unchanged. Otherwise a missing value may be one that was removed. */
  readonly whole: boolean;
  /** What was written at a path, faulty or not. */
  readonly written: (path: Path) => unknown;
  readonly places: Places;
}

/** The document as its schema's type, with a complaint for every fault; undefined if no part is valid. */
export function check<T>(schema: z.ZodType<T>, document: RawDocument, complaints: Complaints): Checked<T> | undefined {
  const { value, sound, places } = document;
  const written = (path: Path) => at(value, path);
  const result = schema.safeParse(value);
  // Values with a complaint from reading the YAML were removed or are BROKEN: see plain.ts.
  if (result.success) return { yaml: result.data, whole: sound, written, places };
  complainOf(result.error.issues, value, places, complaints);
  const saved = save(schema, value);
  return saved === undefined ? undefined : { yaml: saved, whole: false, written, places };
}

/** Placeholders for faulty required values. Nothing is generated from them, because the run has failed. */
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

/** Each round fixes or removes the values with complaints, and if that is not enough, what contains them. */
const MAX_ROUNDS = 16;

function save<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const copy = clone(value);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    const issues = result.error.issues.flatMap((issue) => unfold(issue, [], copy));
    // Later items first, so that the indexes of earlier items stay valid.
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
 * Removes a faulty value. A required value is replaced by a placeholder; if there is none, what contains it is removed.
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

/** A copy without shared parts, which aliases cause. */
function clone(value: unknown): unknown {
  if (value === BROKEN || value === null || typeof value !== 'object' || value instanceof OddNumber) return value;
  if (Array.isArray(value)) return value.map(clone);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = clone(inner);
  return copy;
}
