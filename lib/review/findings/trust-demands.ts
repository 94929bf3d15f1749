/**
 * Finds conditions of a trust policy that were removed or weakened for principals that the policy already permitted
 * before the plan.
 */
import { type Demand, demandInWords } from '../diff/demands';
import type { IdentityDiff } from '../diff/identity-diff';
import { newcomerInWords } from '../diff/newcomers';
import type { ReviewFinding } from '../review';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf } from './finding';

const mfa: FindingKind = {
  id: 'mfa-weakened',
  title: 'A role no longer requires MFA for every call',
  severities: ['critical'],
  why: 'Without this requirement, anyone who has the access key can assume the role without the approval of a human.',
  hint: 'Restore `Bool aws:MultiFactorAuthPresent true`. Do not use `BoolIfExists`, which is true for a key without MFA.',
};

const keyAge: FindingKind = {
  id: 'key-age-weakened',
  title: 'A role no longer requires a long-term key together with a fresh MFA code',
  severities: ['high'],
  why: 'After a single MFA code, a session from GetSessionToken counts as MFA-authenticated for up to 36 hours, and can assume the role repeatedly.',
  hint: 'Restore `Null aws:TokenIssueTime true` and the limit on `aws:MultiFactorAuthAge`.',
};

const reason: FindingKind = {
  id: 'reason-weakened',
  title: 'A role no longer requires a lease id or a reason',
  severities: ['high'],
  why: 'Without this requirement, CloudTrail can contain sessions without a stated purpose.',
  hint: 'Restore the condition that requires `aws:RequestTag/lease-id` and `aws:RequestTag/reason`.',
};

const tag: FindingKind = {
  id: 'tag-demand-weakened',
  title: 'A role no longer requires a session tag, or accepts other tags',
  severities: ['high'],
  why: 'Session tags determine what the session may access, so anyone who can choose the tags can choose what to access.',
  hint: 'Restore the condition that requires the tag, with `Null … false` beside any `ForAllValues`.',
};

const sessionName: FindingKind = {
  id: 'session-name-weakened',
  title: 'A role no longer requires its session name or source identity',
  severities: ['high'],
  why: 'The session name and the source identity link the calls of a session to a lease and an agent.',
  hint: 'Restore the condition that requires `sts:RoleSessionName` or `sts:SourceIdentity`.',
};

const caller: FindingKind = {
  id: 'caller-condition-weakened',
  title: 'A role no longer requires its callers to meet a condition',
  severities: ['high'],
  why: 'The condition excluded callers. Without the condition, every caller that matches the principal is permitted.',
  hint: 'Restore the condition, or state in the pull request why it is no longer needed.',
};

const wider: FindingKind = {
  id: 'trust-widened',
  title: 'A role can be assumed with calls that it denied before',
  severities: ['high'],
  why: 'Callers that could already assume the role may now do so with calls that were denied before, or the review cannot rule this out.',
  hint: 'Compare the two trust policies statement by statement, and revert every unintended change.',
};

/** Reports one finding for each role and kind of condition. */
export const trustDemands: Check = {
  kinds: [mfa, keyAge, reason, tag, sessionName, caller, wider],
  *find({ diffs }) {
    for (const diff of diffs) {
      const { trust, before, after } = diff;
      if (before?.trust?.document.kind === 'unknown' && after?.trust?.document.kind === 'known') {
        yield report(diff, wider, []);
      }
      if (trust === undefined || !trust.wider) continue;
      const found = new Map<FindingKind, string[]>();
      const add = (kind: FindingKind, text: string) => found.set(kind, [...(found.get(kind) ?? []), text]);
      for (const demand of trust.weakened) add(kindOf(demand), demandInWords(demand));
      for (const key of trust.undenied) add(kindOf({ key }), `the deny by ${key}`);
      if (found.size === 0) found.set(wider, []);
      for (const [kind, demands] of found) yield report(diff, kind, demands);
    }
  },
};

function report(diff: IdentityDiff, kind: FindingKind, demands: readonly string[]): ReviewFinding {
  const added = diff.trust?.newcomers ?? [];
  const letIn = added.length === 0 ? '' : ` It newly lets in calls with ${listOf(added.map(newcomerInWords), 3)}.`;
  const message =
    kind === wider
      ? `The ${nameOf(diff)} can be assumed by calls that its trust policy refused before, or nobody can show that it cannot.${letIn}`
      : `The ${nameOf(diff)} can be opened without ${demands.join(' and ')}.${letIn}`;
  return finding(kind, { place: placeOf(diff, 'assume_role_policy'), message, identity: diff.key });
}

function kindOf({ key }: Pick<Demand, 'key'>): FindingKind {
  const name = key.toLowerCase();
  if (name === 'aws:multifactorauthpresent') return mfa;
  if (name === 'aws:tokenissuetime' || name === 'aws:multifactorauthage') return keyAge;
  if (name === 'aws:requesttag/reason' || name === 'aws:requesttag/lease-id') return reason;
  if (name.startsWith('aws:requesttag/') || name === 'aws:tagkeys' || name === 'sts:transitivetagkeys') return tag;
  if (name === 'sts:rolesessionname' || name === 'sts:sourceidentity') return sessionName;
  return caller;
}
