/** The kinds of policies, named after the entities to which they are attached. */

/**
 * The kind of a policy: the entity to which it is attached. The kind determines which elements its documents may
 * contain.
 * - `identity`: a policy of a user, group or role.
 * - `boundary`: a permissions boundary.
 * - `session`: a policy passed with a session, or a scope-down policy of `GetScopedCredentials`.
 * - `trust`: the trust policy of a role.
 * - `resource`: any other resource policy.
 * - `endpoint`: the policy of a VPC endpoint.
 * - `scp`, `rcp`: service and resource control policies of an organization.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint';
