/**
 * Holds a document against the schema of its kind, and saves of a faulty one what can be saved.
 *
 * The rest of the checks then speak of the whole document and not only of its first fault, and say nothing of what is
 * broken: a misspelt key must not be followed by ten complaints that are its echoes.
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
  /** The document; where it was faulty, without what was faulty, or with a stand-in for it. */
  readonly yaml: T;
  /** Whether it is as written. Only then does what is absent from it mean anything. */
  readonly whole: boolean;
  /** What was written at a path, faulty or not. */
  readonly written: (path: Path) => unknown;
  readonly places: Places;
}

/** The document as its schema's type, with a complaint for every fault; undefined when nothing could be saved. */
export function check<T>(schema: z.ZodType<T>, document: RawDocument, complaints: Complaints): Checked<T> | undefined {
  const { value, sound, places } = document;
  const written = (path: Path) => at(value, path);
  const result = schema.safeParse(value);
  // What was complained of while the YAML was read is no longer in the value, or is BROKEN: see plain.ts.
  if (result.success) return { yaml: result.data, whole: sound, written, places };
  complainOf(result.error.issues, value, places, complaints);
  const saved = save(schema, value);
  return saved === undefined ? undefined : { yaml: saved, whole: false, written, places };
}

/** Values that stand for required ones that were faulty. Nothing is made of them: the run has failed. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  name: 'unnamed',
  purpose: 'None.',
  access: 'read',
  gate: 'broker',
  allow: [{ actions: ['none:None'], resources: ['*'] }],
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

/** Each round fixes or removes what the last one complained of, and at last what holds it. */
const MAX_ROUNDS = 16;

function save<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const copy = clone(value);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    const issues = result.error.issues.flatMap((issue) => unfold(issue, [], copy));
    // Later items first, so that the indexes of the earlier ones stay true.
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

/** A wrong value is removed; where it was required, a stand-in is put; where there is none, what holds it is removed. */
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

/** A copy in which nothing is shared, as aliases are. */
function clone(value: unknown): unknown {
  if (value === BROKEN || value === null || typeof value !== 'object' || value instanceof OddNumber) return value;
  if (Array.isArray(value)) return value.map(clone);
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = clone(inner);
  return copy;
}
