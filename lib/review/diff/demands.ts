/** What a trust policy demands of a call, condition by condition, and whether it still does. */

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
import { linked } from './linked-keys';
import { statementsOf } from './same';

/** One condition of an allow. */
export interface Demand {
  /** For example `Bool`. */
  readonly operator: string;
  /** As written, for example `aws:MultiFactorAuthPresent`. */
  readonly key: string;
  readonly values: OneOrMany<ConditionValue>;
}

/** The conditions that the allows of a document set, each once. */
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

/** Keys that the denies of a document speak of and those of another do not, in lower case. */
export function deniedKeys(before: PolicyDocument, after: PolicyDocument): readonly string[] {
  const keys = (document: PolicyDocument) =>
    statementsOf(document).flatMap(({ Effect, Condition }) =>
      Effect === 'Deny' ? Object.values(Condition ?? {}).flatMap((block) => Object.keys(block)) : [],
    );
  const kept = new Set(keys(after).map((key) => key.toLowerCase()));
  return [...new Set(keys(before).map((key) => key.toLowerCase()))].filter((key) => !kept.has(key));
}

/**
 * The demands of `before` without which a call opens `after` that did not open `before`. A demand whose keeping cannot
 * be proven counts as weakened.
 */
export function weakenedDemands(
  before: PolicyDocument,
  after: PolicyDocument,
  options: CompareOptions,
): readonly Demand[] {
  return demandsOf(before).filter((demand) => {
    // Whoever keeps the demand is kept out, so that what is left are the calls that break it.
    const [earlier, later] = [breaking(before, demand), breaking(after, demand)];
    return widens({ trust: earlier }, { trust: later }, options);
  });
}

/** Whether the one permits what the other did not, or may. */
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

/** A demand in words, for example `Bool aws:MultiFactorAuthPresent = true`. */
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
