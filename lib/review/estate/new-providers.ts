/**
 * Finds instances of the AWS provider whose resources may belong to somebody else: instances through which the plan
 * creates resources and through which no resource existed before, and instances that call other addresses. The next
 * plan would count their resources as evidence of an own account.
 */
import { defined } from '@leasehold/contract/defined';
import type { NewProvider } from '../model';
import type { Instance, Plan, ResourceChange } from '../plan/plan';
import { OF_AWS, type UsedProvider } from './accounts';

/** What a plan shows about the provider of a resource. */
export interface ProviderUse {
  providerOf(resource: Instance): UsedProvider;
  provenOf(resource: Instance): string | undefined;
  isEvidence(resource: Instance): boolean;
}

interface Use extends UsedProvider {
  readonly first: ResourceChange;
  readonly account: string | undefined;
  readonly added: Set<string>;
  readonly changed: Set<string>;
}

export function newProvidersOf({ changes, prior, drift }: Plan, use: ProviderUse): readonly NewProvider[] {
  const uses = new Map<string, Use>();
  /**
   * Providers that managed a resource before the plan, and the subset of these providers with a resource whose values
   * can be used as evidence.
   */
  const [existing, proven] = [new Set<string>(), new Set<string>()];
  const noteExisting = (resource: Instance, key: string) => {
    existing.add(key);
    if (use.isEvidence(resource)) proven.add(key);
  };
  const drifted = new Set(drift.map(({ address }) => address));
  for (const change of changes) {
    if (!isOfAws(change)) continue;
    const provider = use.providerOf(change);
    const { key, isDefault, mayBeFaked } = provider;
    const way = wayOf(change, provider);
    // A resource that is assigned to a provider of another account drifts or changes.
    const mayBeMoved = mayBeFaked && !isDefault && (way !== 'kept' || drifted.has(change.address));
    if (way !== 'added' && !mayBeMoved) noteExisting(change, key);
    if (way === 'kept') continue;
    const found = uses.get(key) ?? {
      ...provider,
      first: change,
      account: use.provenOf(change),
      added: new Set<string>(),
      changed: new Set<string>(),
    };
    uses.set(key, found);
    found[way].add(change.address);
  }
  for (const resource of prior) if (isOfAws(resource)) noteExisting(resource, use.providerOf(resource).key);
  return [...uses.values()].flatMap((each) => {
    const { key, first, account, added, changed, isDefault, mayBeFaked, endpoints } = each;
    const outside = endpoints.filter(({ address }) => address === undefined || !isLoopback(address));
    const isNew = added.size > 0 && !(mayBeFaked ? existing : proven).has(key);
    if (outside.length === 0 && (!isNew || (isDefault && !mayBeFaked))) return [];
    const [address = first.address] = [...added, ...changed];
    return [
      {
        place: { address },
        provider: key,
        resources: [...added, ...changed],
        mayBeFaked,
        endpoints: endpoints.flatMap((endpoint) => endpoint.address ?? []),
        isRedirected: outside.length > 0,
        ...defined({ account }),
      },
    ];
  });
}

function isOfAws({ mode, provider }: Instance): boolean {
  return mode === 'managed' && OF_AWS.test(provider);
}

/** How the plan changes a resource. An imported resource counts as added. */
function wayOf(change: ResourceChange, { isDefault, mayBeFaked }: UsedProvider): 'added' | 'changed' | 'kept' {
  const { actions } = change;
  if (actions.includes('create') && !actions.includes('delete')) return 'added';
  // Only what is imported by such providers matters, and a change is expensive to parse.
  if ((!isDefault || mayBeFaked) && change.change().imported) return 'added';
  return actions.every((action) => action === 'no-op' || action === 'forget') ? 'kept' : 'changed';
}

/** Whether an address belongs to the machine on which Terraform runs. */
function isLoopback(address: string): boolean {
  return /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/i.test(address);
}
