/** New roles of a configuration made by Leasehold that open without a gate. */
import { compileGlob, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { type Named, onlyFor } from '../diff/principals';
import { statementsOf } from '../diff/same';
import { type Check, type FindingKind, finding, nameOf, placeOf, type ReviewContext } from './finding';

const kind: FindingKind = {
  id: 'role-without-gate',
  title: 'A new role opens without a gate',
  severities: ['high'],
  why: 'A role that demands no MFA, no lease id and no reason is standing power for whoever its trust names.',
  hint: 'Declare the role under `roles/`, so that its trust policy is the one of a gate.',
};

/**
 * Looks at new roles alone: of one that exists, the demands are held against those before. Services and identity
 * providers open base identities, which can only ask, so what they open has no gate.
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

/** What a gate demands. The broker has no MFA to show. */
const DEMANDS: readonly (readonly [string, Statement['Condition'], 'everybody' | 'but the broker'])[] = [
  ['MFA', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, 'but the broker'],
  ['a long-term key on the same call', { Null: { 'aws:TokenIssueTime': 'true' } }, 'but the broker'],
  ['a lease id', { StringLike: { 'aws:RequestTag/lease-id': '?*' } }, 'everybody'],
  ['a reason', { StringLike: { 'aws:RequestTag/reason': '?*' } }, 'everybody'],
];

function missingDemands(trust: PolicyDocument, { catalogue, steps }: ReviewContext): readonly string[] {
  const opening = {
    ...trust,
    Statement: statementsOf(trust).flatMap((statement): Statement[] =>
      statement.Effect === 'Deny' ? [statement] : opens(statement) ? [{ ...statement, Action: 'sts:AssumeRole' }] : [],
    ),
  };
  return DEMANDS.flatMap(([words, condition, of]) => {
    const asked = onlyFor(opening, (named) => isAsker(named) && (of === 'everybody' || !isBroker(named)));
    if (asked === undefined || writtenOut(asked, condition)) return [];
    const deny = (more: Partial<Statement>): PolicyDocument => ({
      ...asked,
      Statement: [...statementsOf(asked), { Effect: 'Deny', Principal: '*', Action: 'sts:*', ...more }],
    });
    const broken = deny(condition === undefined ? {} : { Condition: condition });
    return widens({ trust: deny({}) }, { trust: broken }, { catalogue, steps }) ? [words] : [];
  });
}

/** Whether every allow states a demand as it is written here, or more closely: then nothing need be compared. */
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
  return many(Action).some((action) => compileGlob(action.toLowerCase())('sts:assumerole'));
}

function isAsker({ kind: of }: Named): boolean {
  return of === 'AWS' || of === 'Everyone';
}

function isBroker({ value }: Named): boolean {
  return value.includes(':role/leasehold-broker/');
}
