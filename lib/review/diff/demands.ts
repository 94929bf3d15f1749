/**
 * The conditions that a call must meet under a trust policy, and whether the call must still meet these conditions
 * after the plan.
 */

import {
  type CompareOptions,
  type ConditionValue,
  compare,
  many,
  type OneOrMany,
  type PolicyDocument,
  PolicyError,
  type Statement,
} from '@leasehold/policy';
import { statementsOf } from './equal-values';
import { linked } from './linked-keys';

/** One condition of an allow statement. */
export interface Demand {
  /** The condition operator, for example `Bool`. */
  readonly operator: string;
  /** The condition key as written, for example `aws:MultiFactorAuthPresent`. */
  readonly key: string;
  readonly values: OneOrMany<ConditionValue>;
}

/** The conditions in the allow statements of a document, without duplicates. */
export function demandsOf(document: PolicyDocument): readonly Demand[] {
  const found = new Map<string, Demand>();
  for (const { Effect, Condition } of statementsOf(document)) {
    if (Effect !== 'Allow') continue;
    for (const [operator, keys] of Object.entries(Condition ?? {})) {
      for (const [key, values] of Object.entries(keys)) {
        found.set(JSON.stringify([operator, key.toLowerCase(), values]), { operator, key, values });
      }
    }
  }
  return [...found.values()];
}

/** Condition keys in deny statements of `before` that no deny statement of `after` uses. In lower case. */
export function deniedKeys(before: PolicyDocument, after: PolicyDocument): readonly string[] {
  const keys = (document: PolicyDocument) =>
    statementsOf(document).flatMap(({ Effect, Condition }) =>
      Effect === 'Deny' ? Object.values(Condition ?? {}).flatMap((block) => Object.keys(block)) : [],
    );
  const kept = new Set(keys(after).map((key) => key.toLowerCase()));
  return [...new Set(keys(before).map((key) => key.toLowerCase()))].filter((key) => !kept.has(key));
}

/**
 * The conditions of `before` that a call no longer has to meet to assume the role under `after`. A condition is
 * included unless there is proof that the condition is still required.
 */
export function weakenedDemands(
  before: PolicyDocument,
  after: PolicyDocument,
  options: CompareOptions,
): readonly Demand[] {
  return demandsOf(before).filter((demand) => {
    // Denies callers that meet the condition, so that only calls that violate it remain.
    const [earlier, later] = [breaking(before, demand), breaking(after, demand)];
    return widens({ trust: earlier }, { trust: later }, options);
  });
}

/** Whether one policy permits, or may permit, something that the other policy does not. */
export function widens(
  before: Parameters<typeof compare>[0],
  after: Parameters<typeof compare>[1],
  options: CompareOptions,
): boolean {
  const [earlier, later] = linked(before, after);
  try {
    return compare(earlier, later, options).kind !== 'not-widened';
  } catch (error) {
    if (error instanceof PolicyError) return true;
    throw error;
  }
}

/** A condition in words, for example `Bool aws:MultiFactorAuthPresent = true`. */
export function demandInWords({ operator, key, values }: Demand): string {
  return `${operator} ${key} = ${many(values).join(', ')}`;
}

function breaking(document: PolicyDocument, { operator, key, values }: Demand): PolicyDocument {
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:*',
    Condition: { [operator]: { [key]: values } },
  };
  return { ...document, Statement: [...statementsOf(document), deny] };
}
