/** STS's limit on the packed size of a session token. */
import { type Packed, packedPercent } from '@leasehold/policy';
import type { Cloud } from '../cloud';
import { AwsError } from '../wire/aws-error';

/**
 * The packed size as a percentage of the limit, rounded up.
 * @throws {AwsError} `PackedPolicyTooLarge` if the result is above 100.
 */
export function packedSize({ cloud, ...packed }: Packed & { readonly cloud: Cloud }): number {
  const percent = packedPercent(packed) * (cloud.violates('packed-size') ? 2 : 1);
  if (percent <= 100) return percent;
  throw new AwsError(
    400,
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}
