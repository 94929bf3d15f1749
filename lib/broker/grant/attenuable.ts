/** Adds to a grant's policy the permission to scope it down. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';

/**
 * The policy of a session: the grant's policy plus `sts:GetScopedCredentials`. The broker makes short leases with that
 * call, and holders give sub-agents less with it. Every role has the permission, and it can only reduce permissions.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function attenuable(policy: PolicyDocument): PolicyDocument {
  return { ...policy, Statement: [...many(policy.Statement), ATTENUATE] };
}

const ATTENUATE: Statement = { Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' };
