/** Where a policy is attached, which decides what its documents may contain. */

/**
 * What a policy is attached to, which decides what may stand in it.
 * - `identity`: to a user, group or role. `boundary`: as a permissions boundary. `session`: passed with a session, or a
 *   scope-down policy of `GetScopedCredentials`.
 * - `trust`: of a role. `resource`: any other resource policy. `endpoint`: of a VPC endpoint.
 * - `scp`, `rcp`: service and resource control policies of an organization.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint';
