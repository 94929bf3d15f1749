/**
 * The conditions of a statement: one entry for each operator and key, with the operator parsed. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import type { Path } from '@leasehold/definitions';
import { foldAscii } from '@leasehold/policy';
import type { AllowReading } from './reading';

/** The type that an operator compares. `Null` only tests whether the key is present. */
export type OperatorFamily = 'String' | 'ARN' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IPAddress' | 'Null';

/** A parsed condition operator. */
export interface Operator {
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  readonly family: OperatorFamily;
  /** Whether the operator is negated, such as `StringNotEquals`. */
  readonly negated: boolean;
  /** Whether `*` and `?` in the condition's values are wildcards. `ArnEquals` behaves like `ArnLike`. */
  readonly like: boolean;
  readonly ignoresCase: boolean;
  /** Whether the condition is true for a request that does not contain the key. */
  readonly ifExists: boolean;
}

/** One operator and key of a statement. */
export interface ConditionEntry {
  /** The operator as written. */
  readonly name: string;
  /** The parsed operator; `undefined` if IAM has no operator of this name. */
  readonly operator: Operator | undefined;
  /** The condition key as written. */
  readonly key: string;
  readonly values: readonly string[];
  /** The location of the key in the role's document. */
  readonly path: Path;
}

/** The conditions of a statement, in the order written. */
export function conditionsOf(reading: AllowReading): readonly ConditionEntry[] {
  const known = memory.get(reading);
  if (known !== undefined) return known;
  const entries = entriesOf(reading);
  memory.set(reading, entries);
  return entries;
}

const memory = new WeakMap<AllowReading, readonly ConditionEntry[]>();

function entriesOf({ allow, section, index }: AllowReading): readonly ConditionEntry[] {
  return Object.entries(allow.conditions).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) => ({
      name,
      operator: parseOperator(name),
      key,
      values,
      path: [section, index, 'conditions', name, key],
    })),
  );
}

/** Whether the statement requires the key to be present: `"Null": { key: false }`. */
export function demandsPresence(entries: readonly ConditionEntry[], key: string): boolean {
  return entries.some(
    (entry) =>
      entry.operator?.family === 'Null' &&
      sameKey(entry.key, key) &&
      entry.values.length > 0 &&
      entry.values.every((value) => value.toLowerCase() === 'false'),
  );
}

/** Whether IAM treats two condition keys as equal. IAM ignores case. */
export function sameKey(a: string, b: string): boolean {
  return foldAscii(a) === foldAscii(b);
}

/** Parses an operator; `undefined` if IAM has no operator with that spelling. */
export function parseOperator(name: string): Operator | undefined {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  const family = BASES.get(base);
  if (family === undefined) return undefined;
  // `Null` already tests for presence, so `IfExists` and set operators are not permitted with it.
  if (family === 'Null' && (set !== undefined || ifExists !== undefined)) return undefined;
  return {
    ...(set === undefined ? {} : { set: set === 'ForAllValues' ? 'ForAllValues' : 'ForAnyValue' }),
    family,
    negated: base.includes('Not'),
    like: base.endsWith('Like') || family === 'ARN',
    ignoresCase: base.endsWith('IgnoreCase'),
    ifExists: ifExists !== undefined,
  };
}

const BASES: ReadonlyMap<string, OperatorFamily> = new Map<string, OperatorFamily>([
  ['StringEquals', 'String'],
  ['StringNotEquals', 'String'],
  ['StringEqualsIgnoreCase', 'String'],
  ['StringNotEqualsIgnoreCase', 'String'],
  ['StringLike', 'String'],
  ['StringNotLike', 'String'],
  ['NumericEquals', 'Numeric'],
  ['NumericNotEquals', 'Numeric'],
  ['NumericLessThan', 'Numeric'],
  ['NumericLessThanEquals', 'Numeric'],
  ['NumericGreaterThan', 'Numeric'],
  ['NumericGreaterThanEquals', 'Numeric'],
  ['DateEquals', 'Date'],
  ['DateNotEquals', 'Date'],
  ['DateLessThan', 'Date'],
  ['DateLessThanEquals', 'Date'],
  ['DateGreaterThan', 'Date'],
  ['DateGreaterThanEquals', 'Date'],
  ['Bool', 'Bool'],
  ['BinaryEquals', 'Binary'],
  ['IpAddress', 'IPAddress'],
  ['NotIpAddress', 'IPAddress'],
  ['ArnEquals', 'ARN'],
  ['ArnNotEquals', 'ARN'],
  ['ArnLike', 'ARN'],
  ['ArnNotLike', 'ARN'],
  ['Null', 'Null'],
]);

/** Every operator without set operator and suffix, in AWS's order, for spelling suggestions. */
export const OPERATOR_NAMES: readonly string[] = [...BASES.keys()];
