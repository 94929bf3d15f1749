/**
 * The IAM policy language as JSON: the shapes that AWS documents, and nothing more.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

/** One value or several: IAM accepts both wherever a list may stand. */
export type OneOrMany<T> = T | readonly T[];

/** A condition value as JSON writes it. IAM compares the text of numbers and booleans. */
export type ConditionValue = string | number | boolean;

/** Operator → condition key → value or values, for example `{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }`. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** Who a resource or trust policy speaks of: everybody, or lists by kind. */
export type PrincipalBlock =
  | '*'
  | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated' | 'CanonicalUser', OneOrMany<string>>>>;

/** One statement, with every element the grammar knows. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalBlock;
  readonly NotPrincipal?: PrincipalBlock;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionBlock;
}

/** A policy document. Without `Version` AWS reads it as 2008-10-17, in which policy variables are plain text. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

/** The list in a {@link OneOrMany}; the empty list when it is absent. */
export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** The short form of a list: a list of one is written as the one. */
export function oneOrMany<T>(values: readonly T[]): OneOrMany<T> {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : values;
}
