/** Demands of a trust policy that were removed or weakened for somebody whom it let in before. */
import { type Demand, demandInWords } from '../diff/demands';
import type { IdentityDiff } from '../diff/identity-diff';
import { newcomerInWords } from '../diff/newcomers';
import type { ReviewFinding } from '../review';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf } from './finding';

const mfa: FindingKind = {
  id: 'mfa-weakened',
  title: 'A role no longer demands MFA of every call',
  severities: ['critical'],
  why: 'Without the demand whoever holds the key opens the role with no human.',
  hint: 'Put `Bool aws:MultiFactorAuthPresent true` back; not `BoolIfExists`, which a key without MFA passes.',
};

const keyAge: FindingKind = {
  id: 'key-age-weakened',
  title: 'A role no longer demands a long-term key with a fresh code',
  severities: ['high'],
  why: 'A session from GetSessionToken carries one MFA code for up to 36 hours, and opens the role again and again.',
  hint: 'Put `Null aws:TokenIssueTime true` and the limit on `aws:MultiFactorAuthAge` back.',
};

const reason: FindingKind = {
  id: 'reason-weakened',
  title: 'A role no longer demands a lease id or a reason',
  severities: ['high'],
  why: 'CloudTrail then has sessions of which nobody can say what they were for.',
  hint: 'Put the demand on `aws:RequestTag/lease-id` and `aws:RequestTag/reason` back.',
};

const tag: FindingKind = {
  id: 'tag-demand-weakened',
  title: 'A role no longer demands a session tag, or takes others',
  severities: ['high'],
  why: 'Session tags decide what the session may reach; a free choice of tags is a free choice of reach.',
  hint: 'Put the demand on the tag back, with `Null … false` beside any `ForAllValues`.',
};

const sessionName: FindingKind = {
  id: 'session-name-weakened',
  title: 'A role no longer demands its session name or source identity',
  severities: ['high'],
  why: 'The session name and the source identity are what ties the calls of a session to a lease and an agent.',
  hint: 'Put the demand on `sts:RoleSessionName` or `sts:SourceIdentity` back.',
};

const caller: FindingKind = {
  id: 'caller-condition-weakened',
  title: 'A role no longer holds its callers to a condition',
  severities: ['high'],
  why: 'The condition kept out callers whom the principal alone lets in.',
  hint: 'Put the condition back, or say in the pull request why it is not needed any more.',
};

const wider: FindingKind = {
  id: 'trust-widened',
  title: 'A role can be opened by calls that it refused',
  severities: ['high'],
  why: 'Its trust policy permits calls by callers it knew that it did not permit before, or cannot be shown not to.',
  hint: 'Compare the two trust policies statement by statement, and take back what was not meant.',
};

/** One finding a role and kind of demand. */
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
      ? `The ${nameOf(diff)} can be opened by calls that its trust policy refused before, or nobody can show that it cannot.${letIn}`
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
