/**
 * Determines the plan's own accounts. Evidence is what existed before the plan and what AWS returned. A text that the
 * plan's author chose is no evidence: not the policies, outputs and attributes after the plan, and not the accounts of
 * additional providers, whose credentials may belong to somebody else.
 */
import { accountIn, isAccountId } from '../account-ids';
import { type Instance, listOf, own, type Plan, textOf } from '../plan/plan';
import { OF_AWS } from './accounts';
import type { ScopedInstance } from './resource-instances';

export interface OwnAccounts {
  /** All accounts of the plan's owner, sorted. */
  readonly accounts: readonly string[];
  /**
   * Accounts for which the plan's providers are the only evidence, because no existing resource is. The accounts are
   * sorted and do not count as own accounts.
   */
  readonly claimed: readonly string[];
  /**
   * The subset of {@link accounts} for which the only evidence is a provider's settings or the data that the provider
   * reads, not an existing resource. The author of the configuration chooses the provider's credentials. The accounts
   * are sorted.
   */
  readonly unproven: readonly string[];
  /** The accounts of each organization that is a resource in the state, or that the default provider read. */
  readonly organizations: readonly (readonly string[])[];
}

/**
 * The plan's own accounts: the accounts of existing resources. If there are no existing resources, the account of the
 * default provider, or the only account that the providers show. Also includes all accounts of an organization that
 * contains one of these accounts.
 */
export function ownAccounts(plan: Plan, all: readonly ScopedInstance[], evidence: ProviderEvidence): OwnAccounts {
  const existing = accountsInState(plan, all, evidence);
  const shown = accountsOfProviders(plan, all, evidence);
  const first = new Set(shown.flatMap((each) => (each.isDefault ? [each.account] : [])));
  const claimed = new Set(shown.map(({ account }) => account));
  const known =
    existing.size > 0 ? existing : first.size > 0 ? first : claimed.size === 1 ? claimed : new Set<string>();
  const organizations = organizationsIn(plan, evidence);
  const proven = organizations.filter((organization) => organization.proven);
  const ours = proven.filter((each) => known.size === 0 || each.accounts.some((account) => known.has(account)));
  const accounts = new Set([...known, ...ours.flatMap((organization) => organization.accounts)]);
  const shownByState = new Set([
    ...existing,
    ...ours.flatMap((each) =>
      each.inState || each.accounts.some((account) => existing.has(account)) ? each.accounts : [],
    ),
  ]);
  const others = [...claimed, ...organizations.flatMap((organization) => organization.accounts)];
  return {
    accounts: [...accounts].sort(),
    claimed: [...new Set(others)].filter((account) => !accounts.has(account)).sort(),
    unproven: [...accounts].filter((account) => !shownByState.has(account)).sort(),
    organizations: proven.map((organization) => organization.accounts),
  };
}

/** What a plan shows about the provider of a resource or data source. */
export interface ProviderEvidence {
  /**
   * Whether the resource uses the credentials of the default AWS provider. False if the provider's responses may be
   * faked.
   */
  isDefault(resource: Instance): boolean;
  /**
   * Whether the values that the provider reported for a resource before the plan can be used as evidence. False if the
   * author of the configuration may decide what the provider reports, or if the last refresh changed an attribute that
   * shows the account.
   */
  isEvidence(resource: Instance): boolean;
  /** The account in the ARN of a resource that existed before the plan, unless the configuration decides it. */
  accountOfArn(resource: Instance, values: unknown): string | undefined;
  /**
   * The account of the resource's provider, determined without values that the plan's author can write into resources.
   */
  provenOf(resource: Instance): string | undefined;
}

/** An account that a provider shows. */
interface Shown {
  readonly account: string;
  readonly isDefault: boolean;
}

/**
 * The accounts that are visible in the providers' settings, in their caller identities, and in the resources that
 * providers look up.
 */
function accountsOfProviders(
  { prior }: Plan,
  all: readonly ScopedInstance[],
  { isDefault, isEvidence, provenOf }: ProviderEvidence,
): readonly Shown[] {
  const used = all.flatMap((instance) => {
    const account = OF_AWS.test(instance.provider) ? provenOf(instance) : undefined;
    return account === undefined ? [] : [{ account, isDefault: isDefault(instance) }];
  });
  const lookedUp = prior
    .filter(({ mode, type, provider }) => mode === 'data' && LOOKED_UP.test(type) && OF_AWS.test(provider))
    .filter(isEvidence)
    .slice(0, MOST)
    .flatMap((resource) => {
      const account = accountIn(textOf(own(resource.values().values, 'arn')));
      return account === undefined ? [] : [{ account, isDefault: isDefault(resource) }];
    });
  return [...used, ...lookedUp].filter(({ account }) => isAccountId(account));
}

interface Organization {
  readonly accounts: readonly string[];
  /** True if the organization is a resource in the state, or if the default provider read it. */
  readonly proven: boolean;
  /** Whether the organization is a resource in the state. */
  readonly inState: boolean;
}

/** The accounts of the organizations that AWS listed. */
function organizationsIn(
  { prior, changes }: Plan,
  { isDefault, isEvidence }: ProviderEvidence,
): readonly Organization[] {
  const values = [
    ...prior.filter(ofOrganization).map((resource) => [resource, resource.values().values] as const),
    ...changes.filter(ofOrganization).map((resource) => {
      const { before, imported } = resource.change();
      return [resource, imported ? null : before] as const;
    }),
  ];
  return values.map(([resource, value]) => ({
    inState: resource.mode === 'managed',
    proven: isEvidence(resource) && (resource.mode === 'managed' || isDefault(resource)),
    accounts: [
      textOf(own(value, 'id')),
      textOf(own(value, 'master_account_id')),
      ...[...listOf(own(value, 'accounts')), ...listOf(own(value, 'non_master_accounts'))].map((account) =>
        textOf(own(account, 'id')),
      ),
    ].filter(isAccountId),
  }));
}

function ofOrganization({ type }: { readonly type: string }): boolean {
  return type === 'aws_organizations_organization' || type === 'aws_organizations_account';
}

/**
 * Maximum number of resources to check. Resources that the review reads for other checks too are not counted.
 */
const MOST = 200;

/**
 * The accounts in ARNs of resources that existed before the plan. Imported resources are not evidence, because some
 * resources can be imported from any account.
 */
function accountsInState(
  { changes, prior }: Plan,
  all: readonly ScopedInstance[],
  { isEvidence, accountOfArn }: ProviderEvidence,
): ReadonlySet<string> {
  const isOwn = (resource: Instance) =>
    resource.mode === 'managed' && resource.type.startsWith('aws_') && isEvidence(resource);
  const accounts = [
    ...all
      .filter((instance) => isOwn(instance) && !instance.imported)
      .map((instance) => accountOfArn(instance, instance.before?.shown())),
    ...changes
      .filter(isOwn)
      .slice(0, MOST)
      .map((resource) => {
        const { before, imported } = resource.change();
        return accountOfArn(resource, imported ? null : before);
      }),
    ...prior
      .filter(isOwn)
      .slice(0, MOST)
      .map((resource) => accountOfArn(resource, resource.values().values)),
  ];
  return new Set(accounts.filter(isAccountId));
}

/** Data sources that look up a resource by its name in the provider's own account. */
const LOOKED_UP =
  /^aws_(iam_(role|user|group|instance_profile|openid_connect_provider)|sns_topic|sqs_queue|caller_identity)$/;
