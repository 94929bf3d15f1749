/** Determines which buckets belong to the plan's owner. The ARN of a bucket does not show its account. */
import type { Partition } from '@leasehold/policy';
import type { ProviderEvidence } from './own-accounts';
import type { PlanIndex } from './plan-index';
import type { ScopedInstance } from './resource-instances';

const BUCKET = 'aws_s3_bucket';
/**
 * ARNs of the buckets that existed before the plan and that the plan does not delete. If the plan deletes or replaces a
 * bucket, somebody else can register its name. A bucket that the plan creates is no evidence: somebody else may
 * have a bucket with this name, and the plan is still applied to everything that does not depend on the creation. A
 * bucket that the plan imports, or that a provider reports which may be faked, may also belong to somebody else.
 */
export function ownBuckets(
  { byType }: Pick<PlanIndex, 'byType'>,
  { isEvidence }: Pick<ProviderEvidence, 'isEvidence'>,
): readonly string[] {
  return (byType.get(BUCKET) ?? []).flatMap((instance) =>
    !instance.imported && isKept(instance) && isEvidence(instance) ? arnsOf(instance) : [],
  );
}

/** A bucket that Terraform removes only from the state still exists. */
function isKept({ actions, after }: ScopedInstance): boolean {
  return after !== undefined && !actions.includes('delete');
}

function arnsOf({ before }: ScopedInstance): readonly string[] {
  const [arn, bucket] = ['arn', 'bucket'].map((attribute) => {
    const read = before?.at(attribute).text();
    return read?.kind === 'known' ? read.value : undefined;
  });
  if (arn !== undefined) return [arn];
  return bucket === undefined ? [] : bucketArns(bucket);
}

const PARTITIONS: readonly Partition[] = ['aws', 'aws-cn', 'aws-us-gov'];

/** The possible ARNs of a bucket, one for each partition. */
export function bucketArns(name: string): readonly string[] {
  return PARTITIONS.map((partition) => `arn:${partition}:s3:::${name}`);
}
