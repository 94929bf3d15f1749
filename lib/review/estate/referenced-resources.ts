/** Determines which resources an expression refers to, and whose providers create them. */
import { defined } from '@leasehold/contract/defined';
import type { CreatedBucket } from '../model';
import { type Instance, isJson, own, type ResourceChange, textOf } from '../plan/plan';
import { OF_AWS } from './accounts';
import { type Configuration, moduleAt } from './configuration';
import type { ProviderEvidence } from './own-accounts';
import type { PlanIndex } from './plan-index';
import { writtenAt } from './written-at';

/** A managed resource to which an expression refers. */
export interface ReferencedResource {
  /** The account of the resource's provider, if it is known. */
  readonly account?: string;
  /** Whether the default AWS provider creates the resource. */
  readonly isDefault: boolean;
  /** The name of the bucket, if the plan creates the resource, and the resource is a bucket. */
  readonly bucket?: string;
}

/**
 * The managed resources to which the expression of an attribute refers, or any expression of the resource if there is no
 * path. `undefined` if the configuration does not set the attribute, or the expression refers to nothing.
 */
export type ReferencesOf = (instance: Instance, path?: string) => readonly ReferencedResource[] | undefined;

/**
 * Returns the buckets that the plan creates before it creates or changes the resource at an address, because an
 * expression of the resource refers to them.
 */
export function bucketsBefore(
  planIndex: PlanIndex,
  configuration: Configuration,
  evidence: ProviderEvidence,
): (address: string) => readonly CreatedBucket[] {
  const referencesOf = referencesIn(planIndex, configuration, evidence);
  const changes = new Map(planIndex.plan.changes.map((change) => [change.address, change]));
  return (address) => {
    const change = changes.get(address);
    const found = (change && referencesOf(change)) ?? [];
    return found.flatMap(({ bucket, account, isDefault }) =>
      bucket === undefined || (account === undefined && !isDefault) ? [] : [{ name: bucket, ...defined({ account }) }],
    );
  };
}

/** Follows the expressions of a plan. */
export function referencesIn(
  { plan, references }: PlanIndex,
  { root }: Configuration,
  { isDefault, provenOf }: ProviderEvidence,
): ReferencesOf {
  let known: ReadonlyMap<string, readonly Instance[]> | undefined;
  const resourcesAt = (address: string) => {
    known ??= byAddress([...plan.changes, ...plan.prior]);
    return known.get(address) ?? [];
  };
  const created = new Map(plan.changes.map((change) => [change.address, change]));
  // A resource of another provider, such as `terraform_data`, can return any text that the plan's author chose.
  const referenced = (resource: Instance): ReferencedResource => {
    if (!OF_AWS.test(resource.provider)) return { isDefault: false };
    const bucket = bucketOf(created.get(resource.address));
    return { isDefault: isDefault(resource), ...defined({ account: provenOf(resource), bucket }) };
  };
  return (instance, path) => {
    const configuration = moduleAt(root, instance.module)?.resource(instance.mode, instance.type, instance.name);
    const written = path === undefined ? configuration?.expressions : writtenAt(configuration?.expressions, path);
    if (!isJson(written) || (path !== undefined && own(written, 'references') === undefined)) return undefined;
    return references.mentioned({ ...instance, configuration }, written).flatMap((address) => {
      const found = resourcesAt(address);
      return found.length === 0 ? [{ isDefault: false }] : found.map(referenced);
    });
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
