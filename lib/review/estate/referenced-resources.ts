/** Determines which resources an expression refers to, and which providers create these resources. */
import { defined } from '@leasehold/contract/defined';
import type { CreatedBucket } from '../model';
import { type Instance, isJson, own, type ResourceChange, textOf } from '../plan/plan';
import { OF_AWS } from './accounts';
import { type Configuration, moduleAt } from './configuration';
import { once } from './once';
import type { ProviderEvidence } from './own-accounts';
import type { PlanIndex } from './plan-index';
import { writtenAt } from './written-at';

/** A managed resource to which an expression refers. */
export interface ReferencedResource {
  /** The account of the resource's provider, if it is known. */
  readonly account?: string;
  /** Whether the default AWS provider creates the resource. */
  readonly isDefault: boolean;
}

/**
 * The managed resources to which the expression of an attribute refers. If there is no path, the managed resources to
 * which any expression of the resource refers. `undefined` if the configuration does not set the attribute, or if the
 * expression refers to nothing.
 */
export type ReferencesOf = (instance: Instance, path?: string) => readonly ReferencedResource[] | undefined;

/** Follows the expressions of a plan. */
export interface ReferencedResources {
  /**
   * The managed resources to which the expression of an attribute refers. `undefined` if the configuration does not set
   * the attribute, or the expression refers to nothing.
   */
  referencesOf(instance: Instance, path: string): readonly ReferencedResource[] | undefined;
  /**
   * The buckets that the plan creates before it creates or changes the resource at an address, because the resource
   * depends on them.
   */
  bucketsBefore(address: string): readonly CreatedBucket[];
}

/** Maximum number of dependencies to follow for one resource. */
const MOST_FOLLOWED = 500;

export function referencedResources(
  { plan, references }: PlanIndex,
  { root }: Configuration,
  { isDefault, provenOf }: ProviderEvidence,
): ReferencedResources {
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const resourcesAt = once(() => byAddress([...plan.changes, ...plan.prior]));
  const configurationOf = ({ module, mode, type, name }: Instance) =>
    moduleAt(root, module)?.resource(mode, type, name);
  // A resource of another provider, such as `terraform_data`, can return any text that the plan's author chose.
  const ownerOf = (resource: Instance): ReferencedResource =>
    OF_AWS.test(resource.provider)
      ? { isDefault: isDefault(resource), ...defined({ account: provenOf(resource) }) }
      : { isDefault: false };
  const dependenciesOf = (instance: Instance): readonly string[] => {
    const configuration = configurationOf(instance);
    const module = instance.module === '' ? '' : `${instance.module}.`;
    return [
      ...references.mentioned({ ...instance, configuration }, configuration?.expressions),
      ...(configuration?.dependsOn ?? []).map((each) => `${module}${each}`),
    ];
  };
  const created = (resource: Instance): readonly CreatedBucket[] => {
    const name = bucketOf(changes.get(resource.address));
    const { account, isDefault: usual } = ownerOf(resource);
    return name === undefined || (account === undefined && !usual) ? [] : [{ name, ...defined({ account }) }];
  };
  return {
    referencesOf: (instance, path) => {
      const configuration = configurationOf(instance);
      const written = writtenAt(configuration?.expressions, path);
      if (!isJson(written) || own(written, 'references') === undefined) return undefined;
      return references.mentioned({ ...instance, configuration }, written).flatMap((address) => {
        const found = resourcesAt().get(address);
        return found === undefined ? [{ isDefault: false }] : found.map(ownerOf);
      });
    },
    bucketsBefore: (address) => {
      const first = changes.get(address);
      const met = new Set<Instance>();
      const rest: Instance[] = first === undefined ? [] : [first];
      for (let next = rest.pop(); next !== undefined && met.size < MOST_FOLLOWED; next = rest.pop()) {
        for (const each of dependenciesOf(next).flatMap((to) => resourcesAt().get(to) ?? [])) {
          if (met.has(each)) continue;
          met.add(each);
          rest.push(each);
        }
      }
      return [...met].flatMap(created);
    },
  };
}

/** The instances by address, and by address without the key of the instance. */
function byAddress(instances: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const instance of instances) {
    if (instance.mode !== 'managed') continue;
    for (const address of new Set([instance.address, instance.address.replace(/\[[^\]]*\]$/, '')])) {
      const others = found.get(address);
      if (others === undefined) found.set(address, [instance]);
      else others.push(instance);
    }
  }
  return found;
}

function bucketOf(change: ResourceChange | undefined): string | undefined {
  if (change?.type !== 'aws_s3_bucket' || !change.actions.includes('create')) return undefined;
  return textOf(own(change.change().after, 'bucket'));
}
