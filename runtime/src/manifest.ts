/**
 * The stack's `leasehold` output, with all data that a client needs. Its shape is defined in
 * `@leasehold/contract/manifest`.
 */
import type * as contract from '@leasehold/contract/manifest';

/**
 * Version 1 of the output. Durations are in seconds.
 * @example
 * const manifest: Manifest = readManifest('leasehold.json');
 * console.log(Object.keys(manifest.roles));
 * @public
 */
export type Manifest = contract.Manifest;

/**
 * The URL of the broker, and the roles that people assume to call the broker.
 * @example
 * const broker = manifest.broker && createBrokerClient(manifest.broker);
 * @public
 */
export type BrokerEntry = contract.BrokerEntry;

/**
 * An agent's base identity.
 * @example
 * const approvers = Object.keys(manifest.agents['agent']?.mfaDevices ?? {});
 * @public
 */
export type AgentEntry = contract.AgentEntry;

/**
 * A role as a client sees it.
 * @example
 * const longest = manifest.roles['s3-deploy']?.lease.maxSeconds;
 * @public
 */
export type RoleEntry = contract.RoleEntry;

/**
 * The requirements that must be met before the broker opens a lease of a role.
 * @example
 * const humans = manifest.roles['refund']?.broker?.humans ?? 0;
 * @public
 */
export type BrokeredEntry = contract.BrokeredEntry;

/**
 * A parameter of a role, with the rule for its values.
 * @example
 * const release: ParameterEntry = { description: 'Release folder, for example 1.4.2', pattern: '[a-z0-9][a-z0-9.-]{0,62}' };
 * @public
 */
export type ParameterEntry = contract.ParameterEntry;

/**
 * An IAM policy document as deployed, with `${aws:PrincipalTag/param.x}` in place of a parameter.
 * @example
 * const policy: ManifestPolicy = {
 *   Version: '2012-10-17',
 *   Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/param.release}/*' }],
 * };
 * @public
 */
export type ManifestPolicy = contract.ManifestPolicy;
