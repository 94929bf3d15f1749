/** Values along a path with `*` for every element, as the tables of grants have them. */
import { Unread, type Watched } from '../model';

/** The values of a resource at a path. What nobody wrote down is none. */
export function writtenAlong(watched: Watched | undefined, path: string): readonly unknown[] {
  if (watched?.unset?.includes(path.split('.')[0] ?? '')) return [];
  return valuesAlong(watched?.values, path);
}

/** The values at a path, each once; {@link Unread} where one cannot be read. A text on the way is read as JSON. */
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
