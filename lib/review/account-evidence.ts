/** Determines the plan's own accounts from the plan and from the accounts that the user specifies. */
import type { PlannedAccess } from './model';

export interface AccountEvidence {
  /** The plan's own accounts. */
  readonly accounts: ReadonlySet<string>;
  /**
   * The subset of {@link accounts} for which an existing resource, the deployed manifest or the user's input is proof.
   */
  readonly proven: ReadonlySet<string>;
  /**
   * Accounts for which the plan's providers are the only evidence. These accounts do not count as the plan's own
   * accounts.
   */
  readonly claimed: ReadonlySet<string>;
}

/**
 * The plan's own accounts. If the user names accounts, accounts that only a provider shows count as claimed, not as own
 * accounts, because the author of the configuration chooses the credentials of a provider. The other accounts of an
 * organization that contains an own account are own accounts.
 */
export function accountEvidence(access: PlannedAccess, named: readonly string[]): AccountEvidence {
  const { accounts, claimed = [], unproven = [], organizations = [] } = access;
  const proven = new Set([
    ...named,
    ...accountOfManifest(access),
    ...accounts.filter((account) => !unproven.includes(account)),
  ]);
  if (named.length === 0) {
    return { accounts: new Set([...proven, ...accounts]), proven, claimed: new Set(claimed) };
  }
  const ours = organizations.filter((organization) => organization.some((account) => proven.has(account)));
  const own = new Set([...proven, ...ours.flat()]);
  return { accounts: own, proven, claimed: new Set([...claimed, ...unproven].filter((account) => !own.has(account))) };
}

/**
 * The account in the deployed manifest. The manifest after the plan is not used, because the plan's author can write
 * anything into it.
 */
function accountOfManifest({ manifests: { before } }: PlannedAccess): readonly string[] {
  return typeof before === 'object' && before !== null && 'account' in before && typeof before.account === 'string'
    ? [before.account]
    : [];
}
