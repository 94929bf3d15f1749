/** The IAM policy language as JSON types, and helpers for values that are one item or a list. */
import type { OneOrMany } from '@leasehold/contract/policy-document';

export type {
  ConditionBlock,
  ConditionValue,
  OneOrMany,
  PolicyDocument,
  PrincipalBlock,
  Statement,
} from '@leasehold/contract/policy-document';

/** Converts a {@link OneOrMany} into a list; `undefined` becomes an empty list. */
export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** The short form of a list: a list with one item becomes that item. */
export function oneOrMany<T>(values: readonly T[]): OneOrMany<T> {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : values;
}
