/** Reads values along a path in which `*` matches every element, as in the tables of grants. */
import { Unread, type Watched } from '../model';

/** The values of a resource at a path. Attributes that are not configured are omitted. */
export function writtenAlong(watched: Watched | undefined, path: string): readonly unknown[] {
  if (watched?.unset?.includes(path.split('.')[0] ?? '')) return [];
  return valuesAlong(watched?.values, path);
}

/**
 * The values at a path without duplicates. Contains {@link Unread} if a value cannot be read. If a value along the path
 * is a string, it is parsed as JSON.
 */
export function valuesAlong(values: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [values];
  for (const step of path.split('.')) found = found.flatMap((value) => stepInto(value, step));
  return [...new Set(found.filter((value) => value !== undefined && value !== null && value !== ''))];
}

function stepInto(value: unknown, step: string): readonly unknown[] {
  if (value === Unread) return [Unread];
  const inner = typeof value === 'string' ? jsonOf(value) : value;
  if (typeof inner !== 'object' || inner === null) return inner === undefined || inner === null ? [] : [Unread];
  if (step === '*') return Object.values(inner);
  return Object.hasOwn(inner, step) ? [(inner as Readonly<Record<string, unknown>>)[step]] : [];
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return Unread;
  }
}
