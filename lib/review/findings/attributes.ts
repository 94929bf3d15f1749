/** Reads attributes of watched resources before and after the plan. */
import { sameValue } from '../diff/equal-values';
import { stepsOf } from '../estate/written-at';
import type { Watched } from '../model';
import { Unread } from '../model';
import type { Change } from './finding';

/** The value of an attribute of a resource, either before or after the change. */
export type Value = unknown;

/**
 * The values of an attribute before and after the plan, for a resource that exists on both sides. The attribute may
 * be a path such as `environment[0].variables`.
 */
export function valuesOf({ before, after }: Change<Watched>, path: string): readonly [Value, Value] {
  return [valueAt(before?.values, path), valueAt(after?.values, path)];
}

/** Whether a value cannot be read. */
export function isUnread(value: Value): boolean {
  return value === Unread;
}

/**
 * Whether an attribute has no value. Terraform shows such an attribute as null, as an empty text, or as an empty list or
 * map.
 */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * Whether the value of an attribute differs before and after the plan. If neither value can be read, they count as
 * equal.
 */
export function differs(change: Change<Watched>, path: string): boolean {
  const [was, is] = valuesOf(change, path);
  if (isUnread(was) && isUnread(is)) return false;
  return !(isEmpty(was) && isEmpty(is)) && !sameValue(was, is);
}

/** Whether a value had a property before the plan but may not have it after the plan. */
export function nowLacks(change: Change<Watched>, path: string, good: (value: Value) => boolean): boolean {
  const [before, after] = valuesOf(change, path);
  return good(before) && !good(after);
}

/** The value at a path; `undefined` if the path has no value. */
export function valueAt(values: unknown, path: string): Value {
  let value: unknown = values;
  for (const step of stepsOf(path)) {
    if (value === Unread) return Unread;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** Whether a value is `true`, as a boolean or as text. */
export function isTrue(value: Value): boolean {
  return value === true || value === 'true';
}

/** The value at a path as a list. */
export function listAt(values: unknown, path: string): readonly unknown[] {
  const value = valueAt(values, path);
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** A value in one short line. */
export function show(value: Value): string {
  if (value === Unread) return 'a value that cannot be read';
  if (value === undefined || value === null || value === '') return 'nothing';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'a value');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
