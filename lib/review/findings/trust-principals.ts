/** Finds principals that a trust policy newly permits. */

import type { PolicyDocument } from '@leasehold/policy';
import { whoInWords } from '../callers/callers-in-words';
import { namingNobody, whoCalls } from '../callers/entry';
import type { IdentityDiff } from '../diff/identity-diff';
import { newcomerInWords } from '../diff/newcomers';
import { accountOf, type Entry, entriesOf, isAccount, type Named } from '../diff/principals';
import type { ReviewFinding } from '../review';
import { accountInWords } from './account-in-words';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';

const open: FindingKind = {
  id: 'trust-public',
  title: 'Everybody may assume a role',
  severities: ['critical'],
  why: 'A trust policy with the principal * permits principals of every AWS account to assume the role. Only conditions limit this permission.',
  hint: 'Name the principals that need the role.',
};

const external: FindingKind = {
  id: 'external-account',
  title: 'A role permits an account that does not belong to the plan',
  severities: ['high', 'critical', 'medium'],
  why: 'The administrators of the other account decide who in that account assumes the role.',
  hint: 'Name one of your own accounts, or require an external id and name one role of the other account.',
};

const added: FindingKind = {
  id: 'trust-principal-added',
  title: 'A role permits a new principal',
  severities: ['high'],
  why: 'Whoever may assume a role may do everything that the role may do.',
  hint: 'Make sure that the principal needs the role, name the principal as precisely as you can, and add the same conditions as for the other principals.',
};

export const trustPrincipals: Check = {
  kinds: [open, external, added],
  *find(context) {
    for (const diff of context.diffs) {
      const { before, after, trust } = diff;
      if (after?.trust?.document.kind !== 'known') continue;
      const later = after.trust.document.value;
      const earlier = before?.trust?.document.kind === 'known' ? before.trust.document.value : undefined;
      const names = new Set(trust?.added.map(({ key }) => key));
      const groups = new Map<string, Entry[]>();
      for (const entry of entriesOf(later)) {
        const { key } = entry.named;
        const known = earlier !== undefined && !names.has(key);
        if (known && (trust?.wider !== true || !limitedByConditions(entry))) continue;
        groups.set(key, [...(groups.get(key) ?? []), entry]);
      }
      for (const [key, entries] of groups) {
        yield* judge(diff, entries, { earlier, later, known: earlier !== undefined && !names.has(key) }, context);
      }
    }
  },
};

/** Whether conditions may permit only some of the callers that belong to the principal. */
function limitedByConditions({ named }: Entry): boolean {
  return named.kind === 'Everyone' || named.kind === 'Service';
}

interface Trusts {
  readonly earlier: PolicyDocument | undefined;
  readonly later: PolicyDocument;
  /**
   * Whether the earlier policy also contains the principal. In this case, only callers with new condition values count
   * as new.
   */
  readonly known: boolean;
}

function* judge(
  diff: IdentityDiff,
  entries: readonly Entry[],
  { earlier, later, known }: Trusts,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const { accounts } = context;
  const [first] = entries;
  if (first === undefined) return;
  const { named } = first;
  const at = { place: placeOf(diff, 'assume_role_policy'), identity: diff.key };
  const callers = entries.map((entry) => ({ entry, callers: whoCalls(entry, later, accounts, context) }));
  const live = callers.filter(({ callers: { kind } }) => kind !== 'nobody');
  if (live.length === 0) return;
  const before = known && earlier !== undefined ? callersBefore(named, earlier, context) : NOBODY;
  const stranger = live.find(({ callers: { kind } }) => kind === 'strangers');
  if (named.kind === 'Everyone' && stranger !== undefined) {
    if (before.strangers) return;
    const vain = namingNobody(stranger.entry.statement);
    yield finding(open, { ...at, message: `The ${nameOf(diff)} can be assumed by everybody (*)${vain}.` });
    return;
  }
  const who = whoInWords(
    named,
    live.map(({ entry }) => entry.statement),
  );
  // An identity provider always belongs to the role's own account.
  const account = named.kind === 'AWS' ? accountOf(named) : undefined;
  if (account !== undefined && !accounts.has(account)) {
    const conditional = entries.every(({ statement }) => Object.keys(statement.Condition ?? {}).length > 0);
    yield finding(external, {
      ...at,
      severity: conditional ? 'high' : 'critical',
      message: `The ${nameOf(diff)} can be assumed by ${isAccount(named) ? 'everybody' : who} ${accountInWords(account, context)}${conditional ? '' : ', and nothing else is demanded'}.`,
    });
    return;
  }
  const others = new Set(live.flatMap(({ callers: of }) => (of.kind === 'named' ? of.accounts : [])));
  const fresh = [...others].filter((id) => !before.accounts.has(id));
  for (const id of fresh) {
    const subject = named.kind === 'Service' ? `${who} on behalf` : 'everybody';
    yield finding(external, {
      ...at,
      // If the plan does not show its own accounts, the account on whose behalf a service calls is most likely the
      // plan's own.
      severity: accounts.size === 0 && !context.claimed.has(id) && named.kind === 'Service' ? 'medium' : 'high',
      message: `The ${nameOf(diff)} can be assumed by ${subject} ${accountInWords(id, context)}.`,
    });
  }
  if (others.size > 0 || known) return;
  const beyond = named.kind === 'Everyone' && live.some(({ callers: of }) => of.kind === 'named' && !of.own);
  if (earlier === undefined && !beyond) return;
  if (earlier === undefined) {
    yield finding(external, {
      ...at,
      severity: 'medium',
      message: `The ${nameOf(diff)} can be assumed by ${who}, from any account.`,
    });
    return;
  }
  const wide = isAccount(named) ? ' Its policies decide who of it.' : '';
  const asked = named.kind === 'Federated' ? (diff.trust?.newcomers ?? []) : [];
  const limits = asked.length === 0 ? '' : ` It lets in calls with ${listOf(asked.map(newcomerInWords), 3)}.`;
  yield finding(added, { ...at, message: `The ${nameOf(diff)} can now be assumed by ${who}.${wide}${limits}` });
}

interface Known {
  readonly strangers: boolean;
  readonly accounts: ReadonlySet<string>;
}

const NOBODY: Known = { strangers: false, accounts: new Set() };

/** The callers that the earlier trust policy permitted under the same principal name. */
function callersBefore({ key }: Named, earlier: PolicyDocument, context: ReviewContext): Known {
  const callers = entriesOf(earlier).flatMap((entry) =>
    entry.named.key === key ? [whoCalls(entry, earlier, context.accounts, context)] : [],
  );
  return {
    strangers: callers.some(({ kind }) => kind === 'strangers'),
    accounts: new Set(callers.flatMap((of) => (of.kind === 'named' ? of.accounts : []))),
  };
}
