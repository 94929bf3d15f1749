import { UnshownGrant } from '@leasehold/broker/core';
import type { Grant } from '@leasehold/contract/event';

/**
 * The console does not contain the texts of AWS-managed policies, so a grant with such a policy cannot be shown whole.
 * @throws {UnshownGrant}
 */
export function noManagedPolicies({ managedPolicies = [] }: Grant): readonly string[] {
  const [first] = managedPolicies;
  if (first === undefined) return [];
  throw new UnshownGrant(
    `it has the policy ${first.arn}, which AWS manages and whose text the console does not contain.`,
    'Read and answer it with `leasehold approve`, or deny it.',
  );
}
