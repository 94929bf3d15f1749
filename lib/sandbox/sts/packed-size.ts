/** STS's limit on what a session token packs. */
import { type Packed, packedPercent } from '@leasehold/policy';
import { AwsError } from '../wire/aws-error';

/**
 * Per cent of the space used, rounded up.
 * @throws {AwsError} `PackedPolicyTooLarge` above 100.
 */
export function packedSize(packed: Packed): number {
  const percent = packedPercent(packed);
  if (percent <= 100) return percent;
  throw new AwsError(
    400,
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}
