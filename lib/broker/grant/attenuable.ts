/** Adds a permission to a grant's policy: the permission to scope the session down. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';

/**
 * The policy of a session: the grant's policy plus `sts:GetScopedCredentials`. The broker uses this call to create
 * short leases, and holders use it to give fewer permissions to sub-agents. Every role has the permission, and the call
 * can only reduce permissions. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function attenuable(policy: PolicyDocument): PolicyDocument {
  return { ...policy, Statement: [...many(policy.Statement), ATTENUATE] };
}

const ATTENUATE: Statement = { Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' };
