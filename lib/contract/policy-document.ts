/**
 * The IAM policy language as JSON types, exactly as AWS documents the grammar. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

/** One value or a list of values. IAM accepts both for every list. */
export type OneOrMany<T> = T | readonly T[];

/** A condition value in JSON. IAM compares numbers and booleans as text. */
export type ConditionValue = string | number | boolean;

/** Operator → condition key → value or values, for example `{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }`. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;

/** The principals of a resource or trust policy: everybody, or lists by kind. */
export type PrincipalBlock =
  | '*'
  | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated' | 'CanonicalUser', OneOrMany<string>>>>;

/** One statement, with all elements of the grammar. */
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

/** A policy document. Without `Version`, AWS uses version 2008-10-17, in which policy variables are plain text. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}
