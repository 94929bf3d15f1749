/** Variants of a deployed trust policy that isolate the effect of one condition. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';

/** The condition keys that occur in the MFA conditions of a trust policy. */
export const MFA_KEYS: readonly string[] = [
  'aws:MultiFactorAuthPresent',
  'aws:MultiFactorAuthAge',
  'aws:TokenIssueTime',
];

/** The trust policy without its conditions on these keys. */
export function withoutKeys(document: PolicyDocument, keys: readonly string[]): PolicyDocument {
  return mapped(document, (condition) =>
    Object.fromEntries(
      Object.entries(condition)
        .map(
          ([operator, block]) =>
            [operator, Object.fromEntries(Object.entries(block).filter(([key]) => !keys.includes(key)))] as const,
        )
        .filter(([, block]) => Object.keys(block).length > 0),
    ),
  );
}

/** Returns the trust policy with an additional condition in the statements that allow assuming the role. */
export function withCondition(document: PolicyDocument, operator: string, key: string, value: string): PolicyDocument {
  return mapped(document, (condition) => ({ ...condition, [operator]: { ...condition[operator], [key]: value } }));
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Changes the conditions of the statements about `sts:AssumeRole`. */
function mapped(document: PolicyDocument, change: (condition: Conditions) => Conditions): PolicyDocument {
  const statements = many(document.Statement).map((statement): Statement => {
    if (!many(statement.Action ?? []).includes('sts:AssumeRole')) return statement;
    return { ...statement, Condition: change((statement.Condition ?? {}) as Conditions) } as Statement;
  });
  return { ...document, Statement: statements };
}
