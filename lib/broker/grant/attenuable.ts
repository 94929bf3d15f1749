/** A grant's policy, and the means of holding less. */
import { many, type PolicyDocument, type Statement } from '../../policy';

/**
 * The policy of a session that a lease of less than AWS's shortest session is cut out of: the same, and the call that
 * cuts. What is cut out with the grant's own policy can do just that. Any lease can come to it, since the seconds that
 * passed before it was collected are not added at its end.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function attenuable(policy: PolicyDocument): PolicyDocument {
  return { ...policy, Statement: [...many(policy.Statement), ATTENUATE] };
}

const ATTENUATE: Statement = { Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' };
