/** Checks the shape of the JSON values in policies. */
import type { ConditionBlock, OneOrMany, PrincipalBlock } from '../document';
import { refuse } from './error';

type Path = readonly (string | number)[];

/** Whether the value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or a list of at least one text. */
export function toTexts(value: unknown, path: Path): OneOrMany<string> {
  if (typeof value === 'string') return value;
  const list = nonEmptyList(value, path, 'a text or a list of texts');
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'string') refuse({ code: 'wrong-type', path: [...path, index], got: item, expected: 'a text' });
  }
  return list as readonly string[];
}

/** `"*"`, or an object with at least one kind of principal. */
export function toPrincipalBlock(value: unknown, path: Path): PrincipalBlock {
  if (value === '*') return value;
  if (!isRecord(value))
    refuse({ code: 'bad-principal', path, got: value, expected: `"*" or an object such as {"AWS": "…"}` });
  const kinds = Object.keys(value);
  if (kinds.length === 0) refuse({ code: 'empty-list', path, got: value, expected: 'at least one principal' });
  for (const kind of kinds) {
    if (!PRINCIPAL_KINDS.includes(kind)) {
      refuse({
        code: 'bad-principal',
        path: [...path, kind],
        got: kind,
        expected: `one of ${PRINCIPAL_KINDS.join(', ')}`,
      });
    }
    toTexts(value[kind], [...path, kind]);
  }
  return value as PrincipalBlock;
}

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Validates a condition block: operator → key → a string, number or boolean, or a non-empty list of such values. */
export function toConditionBlock(value: unknown, path: Path): ConditionBlock {
  if (!isRecord(value)) refuse({ code: 'wrong-type', path, got: value, expected: 'an object of operators' });
  for (const [operator, keys] of Object.entries(value)) {
    if (!isRecord(keys)) {
      refuse({ code: 'wrong-type', path: [...path, operator], got: keys, expected: 'an object of keys' });
    }
    for (const [key, values] of Object.entries(keys)) {
      const place = [...path, operator, key];
      if (isScalar(values)) continue;
      const list = nonEmptyList(values, place, 'a text, a number, a boolean, or a list of them');
      for (const [index, item] of list.entries()) {
        if (!isScalar(item)) {
          refuse({ code: 'wrong-type', path: [...place, index], got: item, expected: 'a text, a number or a boolean' });
        }
      }
    }
  }
  return value as ConditionBlock;
}

function isScalar(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

function nonEmptyList(value: unknown, path: Path, expected: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse({ code: 'wrong-type', path, got: value, expected });
  if (value.length === 0) refuse({ code: 'empty-list', path, got: value, expected: 'at least one value' });
  return value as readonly unknown[];
}
