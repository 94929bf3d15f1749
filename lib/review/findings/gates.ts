/** Finds new roles without a gate in a configuration that Leasehold generated. */
import { defined } from '@leasehold/contract/defined';
import { compileActionPattern, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { statementsOf } from '../diff/equal-values';
import { type Named, onlyFor } from '../diff/principals';
import { type Check, type FindingKind, finding, nameOf, placeOf, type ReviewContext } from './finding';

const kind: FindingKind = {
  id: 'role-without-gate',
  title: 'A new role can be assumed without a gate',
  severities: ['high'],
  why: 'A role that requires no MFA, no lease id and no reason is a standing permission for every principal in its trust policy.',
  hint: 'Declare the role under `roles/`, so that its trust policy has a gate.',
};

/**
 * Checks only new roles: for an existing role, the conditions are compared with the conditions before the plan. Base
 * roles need no gate, because they can be used only to request leases. Services and users of identity providers assume
 * base roles.
 */
export const gates: Check = {
  kinds: [kind],
  *find(context) {
    if (!context.leasehold) return;
    for (const diff of context.diffs) {
      const trust = diff.after?.trust?.document;
      if (diff.state !== 'new' || trust?.kind !== 'known') continue;
      const missing = missingDemands(trust.value, context);
      if (missing.length === 0) continue;
      yield finding(kind, {
        place: placeOf(diff, 'assume_role_policy'),
        identity: diff.key,
        message: `The ${nameOf(diff)} can be opened without ${missing.join(', ')}.`,
      });
    }
  },
};

/**
 * The conditions of each gate. Gates that require MFA do not apply to the broker, because the broker has no MFA device.
 */
const DEMANDS: readonly Gate[] = [
  ['MFA', [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }], 'but the broker'],
  [
    'a long-term key on the same call',
    // The alternative conditions for `mfa: { oneCodeOneLease: code-age }`.
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }],
    'but the broker',
  ],
  ['a lease id', [{ StringLike: { 'aws:RequestTag/lease-id': '?*' } }], 'everybody'],
  ['a reason', [{ StringLike: { 'aws:RequestTag/reason': '?*' } }], 'everybody'],
];

/** The gate in words, the conditions of which one must be met, and who must meet it. */
type Gate = readonly [string, readonly Statement['Condition'][], 'everybody' | 'but the broker'];

function missingDemands(trust: PolicyDocument, { catalogue, steps }: ReviewContext): readonly string[] {
  const opening = {
    ...trust,
    Statement: statementsOf(trust).flatMap((statement): Statement[] =>
      statement.Effect === 'Deny' ? [statement] : opens(statement) ? [{ ...statement, Action: 'sts:AssumeRole' }] : [],
    ),
  };
  return DEMANDS.flatMap(([words, conditions, of]) => {
    const asked = onlyFor(opening, (named) => isAsker(named) && (of === 'everybody' || !isBroker(named)));
    if (asked === undefined || conditions.some((condition) => writtenOut(asked, condition))) return [];
    const deny = (more: Partial<Statement>): PolicyDocument => ({
      ...asked,
      Statement: [...statementsOf(asked), { Effect: 'Deny', Principal: '*', Action: 'sts:*', ...more }],
    });
    const isMissing = (condition: Statement['Condition']) =>
      widens({ trust: deny({}) }, { trust: deny(defined({ Condition: condition })) }, { catalogue, steps });
    return conditions.every(isMissing) ? [words] : [];
  });
}

/**
 * Whether every allow statement contains the condition, exactly or stricter. If so, the policies need not be compared.
 */
function writtenOut(trust: PolicyDocument, demand: Statement['Condition']): boolean {
  const wanted = Object.entries(demand ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => [operator, key.toLowerCase(), String(value)] as const),
  );
  return statementsOf(trust).every(({ Effect, Condition }) => {
    if (Effect === 'Deny') return true;
    return wanted.every(([operator, key, value]) =>
      Object.entries(Condition?.[operator] ?? {}).some(
        ([name, values]) =>
          name.toLowerCase() === key &&
          many(values).length > 0 &&
          many(values).every((text) => String(text) === value || (value === '?*' && /^[^*]/.test(String(text)))),
      ),
    );
  });
}

function opens({ Action }: Statement): boolean {
  return many(Action).some((action) => compileActionPattern(action)('sts:AssumeRole'));
}

function isAsker({ kind: of }: Named): boolean {
  return of === 'AWS' || of === 'Everyone';
}

function isBroker({ value }: Named): boolean {
  return value.includes(':role/leasehold-broker/');
}
