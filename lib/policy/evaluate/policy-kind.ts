/** The kinds of policy, by what they are attached to. */

/**
 * What a policy is attached to. The kind determines which elements its documents may contain.
 * - `identity`: a policy of a user, group or role.
 * - `boundary`: a permissions boundary.
 * - `session`: a policy passed with a session, or a scope-down policy of `GetScopedCredentials`.
 * - `trust`: the trust policy of a role.
 * - `resource`: any other resource policy.
 * - `endpoint`: the policy of a VPC endpoint.
 * - `scp`, `rcp`: service and resource control policies of an organization.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint';
