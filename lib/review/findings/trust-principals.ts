/** Principals that a trust policy newly lets in. */

import type { IdentityDiff } from '../diff/identity-diff';
import { accountOf, entriesOf, inWords, isAccount, type Named } from '../diff/principals';
import type { ReviewFinding } from '../review';
import { type Check, type FindingKind, finding, nameOf, placeOf, type ReviewContext } from './finding';

const open: FindingKind = {
  id: 'trust-public',
  title: 'Everybody may ask for a role',
  severities: ['critical'],
  why: 'A trust policy with the principal * lets any AWS account in the world open the role, as far as conditions let it.',
  mend: 'Name the principals that need the role.',
};

const external: FindingKind = {
  id: 'external-account',
  title: 'A role lets in an account that is not one of the plan',
  severities: ['high', 'critical'],
  why: 'Whoever administers the other account decides who opens the role.',
  mend: 'Name an account of your own, or demand an external id and name one role of the other account.',
};

const added: FindingKind = {
  id: 'trust-principal-added',
  title: 'A role lets in somebody new',
  severities: ['high'],
  why: 'Who may open a role may do all that it may do.',
  mend: 'Make sure that the principal needs the role, name it as closely as you can, and demand of it what is demanded of the others.',
};

export const trustPrincipals: Check = {
  kinds: [open, external, added],
  *find(context) {
    for (const diff of context.diffs) {
      const { before, after, trust } = diff;
      if (after?.trust?.document.kind !== 'known') continue;
      const document = after.trust.document.value;
      const fresh = before === undefined || before.trust?.document.kind !== 'known';
      const entries = entriesOf(document);
      const names = fresh ? unique(entries.map(({ named }) => named)) : (trust?.added ?? []);
      for (const named of names) {
        const conditional = entries.every(
          (entry) => entry.named.key !== named.key || Object.keys(entry.statement.Condition ?? {}).length > 0,
        );
        yield* judge(diff, named, { fresh, conditional }, context);
      }
    }
  },
};

function* judge(
  diff: IdentityDiff,
  named: Named,
  { fresh, conditional }: { readonly fresh: boolean; readonly conditional: boolean },
  { accounts }: ReviewContext,
): Iterable<ReviewFinding> {
  const at = { place: placeOf(diff, 'assume_role_policy'), identity: diff.key };
  const who = inWords(named);
  if (named.kind === 'Everyone') {
    yield finding(open, { ...at, message: `The ${nameOf(diff)} can be opened by ${who}.` });
    return;
  }
  // A provider of identity is always of the role's own account.
  const account = named.kind === 'AWS' ? accountOf(named) : undefined;
  if (account !== undefined && !accounts.has(account)) {
    yield finding(external, {
      ...at,
      severity: conditional ? 'high' : 'critical',
      message: `The ${nameOf(diff)} can be opened by ${isAccount(named) ? 'everybody' : who} ${whose(account, accounts)}${conditional ? '' : ', and nothing else is demanded'}.`,
    });
    return;
  }
  if (fresh) return;
  const wide = isAccount(named) ? ' Its policies decide who of it.' : '';
  yield finding(added, { ...at, message: `The ${nameOf(diff)} can now be opened by ${who}.${wide}` });
}

function unique(names: readonly Named[]): readonly Named[] {
  return [...new Map(names.map((named) => [named.key, named] as const)).values()];
}

function whose(account: string, accounts: ReadonlySet<string>): string {
  return accounts.size === 0
    ? `of account ${account}, of which nothing in the plan says that it is yours`
    : `of account ${account}, which is none of this plan's`;
}
