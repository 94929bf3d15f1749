/** STS's limit on the packed size of a session token. */
import { type Packed, packedPercent } from '@leasehold/policy';
import { AwsError } from '../wire/aws-error';

/**
 * The used share of the packed size, in per cent, rounded up.
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
