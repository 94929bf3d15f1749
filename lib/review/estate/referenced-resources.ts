/** Determines the resources to which an expression refers, and the providers that create these resources. */
import { defined } from '@leasehold/contract/defined';
import { Memory } from '@leasehold/policy';
import type { CreatedBucket } from '../model';
import { type Instance, isJson, own, type ResourceChange, textOf } from '../plan/plan';
import { OF_AWS } from './accounts';
import { type Configuration, moduleAt, readExpression } from './configuration';
import { namesNothing } from './naming-references';
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

/** Follows the expressions of a plan. */
export interface ReferencedResources {
  /**
   * The managed resources to which the expression of an attribute refers. `undefined` if the configuration does not set
   * the attribute, or if the expression refers to nothing.
   */
  referencesOf(instance: Instance, path: string): readonly ReferencedResource[] | undefined;
  /**
   * The buckets with a given name that the plan creates before it creates or changes the resource at an address. The
   * resource depends on these buckets.
   */
  bucketsBefore(address: string, name: string): readonly CreatedBucket[];
}

/** Maximum number of dependencies to read for one resource. The dependencies nearest to the resource are read first. */
const MOST_READ = 10_000;

export function referencedResources(
  { plan, references }: PlanIndex,
  { root }: Configuration,
  { isDefault, provenOf }: ProviderEvidence,
): ReferencedResources {
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const resourcesAt = once(() => byAddress([...plan.changes, ...plan.prior]));
  const bucketsNamed = once(() => bucketsByName(plan.changes));
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
  const dependenciesAt = new Memory<ReadonlySet<string>>(Number.POSITIVE_INFINITY);
  const directlyBefore = (address: string) =>
    dependenciesAt.get(address, () => new Set((resourcesAt().get(address) ?? []).flatMap(dependenciesOf)));
  const addressesBefore = new Memory<ReadonlySet<string>>();
  const before = (first: Instance): ReadonlySet<string> => {
    const direct = new Set(dependenciesOf(first));
    // The instances of a resource usually have equal dependencies.
    return addressesBefore.get([...direct].join(' '), () => everythingBefore(direct, directlyBefore));
  };
  const addressesBeforeResource = new Memory<ReadonlySet<string>>();
  return {
    referencesOf: (instance, path) => {
      const configuration = configurationOf(instance);
      const written = writtenAt(configuration?.expressions, path);
      if (!isJson(written) || own(written, 'references') === undefined) return undefined;
      if (namesNothing(readExpression(written).references)) return [];
      return references.mentioned({ ...instance, configuration }, written).flatMap((address) => {
        const found = resourcesAt().get(address);
        return found === undefined ? [{ isDefault: false }] : found.map(ownerOf);
      });
    },
    bucketsBefore: (address, name) => {
      const named = bucketsNamed().get(name) ?? [];
      const first = changes.get(address);
      if (named.length === 0 || first === undefined) return [];
      const met = addressesBeforeResource.get(address, () => before(first));
      return named
        .filter((bucket) => addressesOf(bucket).some((each) => met.has(each)))
        .map(ownerOf)
        .flatMap(({ account, isDefault: usual }) =>
          account === undefined && !usual ? [] : [{ name, ...defined({ account }) }],
        );
    },
  };
}

/** The addresses on which a resource depends, directly or through other resources. */
function everythingBefore(
  direct: ReadonlySet<string>,
  directlyBefore: (address: string) => ReadonlySet<string>,
): ReadonlySet<string> {
  const met = new Set(direct);
  let read = 0;
  // A set returns the items that are added during the loop as well.
  for (const address of met) {
    for (const each of directlyBefore(address)) {
      read += 1;
      if (read > MOST_READ) return met;
      met.add(each);
    }
  }
  return met;
}

/** The instances by address, and by address without the key of the instance. */
function byAddress(instances: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const instance of instances) {
    if (instance.mode !== 'managed') continue;
    for (const address of addressesOf(instance)) {
      const others = found.get(address);
      if (others === undefined) found.set(address, [instance]);
      else others.push(instance);
    }
  }
  return found;
}

/** The addresses by which an expression can refer to an instance. */
function addressesOf({ address }: Instance): readonly string[] {
  return [...new Set([address, address.replace(/\[[^\]]*\]$/, '')])];
}

/** The buckets that the plan creates, by name. */
function bucketsByName(changes: readonly ResourceChange[]): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const change of changes) {
    const name = bucketOf(change);
    if (name === undefined) continue;
    const others = found.get(name);
    if (others === undefined) found.set(name, [change]);
    else others.push(change);
  }
  return found;
}

function bucketOf(change: ResourceChange): string | undefined {
  if (change.type !== 'aws_s3_bucket' || !change.actions.includes('create')) return undefined;
  return textOf(own(change.change().after, 'bucket'));
}
