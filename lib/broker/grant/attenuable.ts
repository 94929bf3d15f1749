/** A grant's policy, and the means of holding less. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';

/**
 * The policy of a session: the grant's, and the call that cuts less out of it. It is what short leases are cut with, and
 * what sub-agents are given less by; every role has it, and it can only subtract.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function attenuable(policy: PolicyDocument): PolicyDocument {
  return { ...policy, Statement: [...many(policy.Statement), ATTENUATE] };
}

const ATTENUATE: Statement = { Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' };
