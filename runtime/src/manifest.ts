/** The stack's `leasehold` output: everything that a client needs in order to ask. */

/**
 * Version 1 of the output. Durations are seconds.
 * @example
 * const manifest: Manifest = readManifest('leasehold.json');
 * console.log(Object.keys(manifest.roles));
 * @public
 */
export interface Manifest {
  readonly version: 1;
  readonly project: string;
  readonly environment: string;
  readonly stack: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly stsEndpoint: string;
  readonly session: { readonly leaseIdPrefix: string; readonly reasonMinimum: number };
  /** The environment's broker; absent where none is deployed. */
  readonly broker?: BrokerEntry;
  readonly agents: Readonly<Record<string, AgentEntry>>;
  readonly roles: Readonly<Record<string, RoleEntry>>;
}

/**
 * Where the broker is, and as whom people speak to it.
 * @example
 * const broker = manifest.broker && createBrokerClient(manifest.broker);
 * @public
 */
export interface BrokerEntry {
  /** Address of its API, with the stage. */
  readonly url: string;
  /** The region for which calls are signed. */
  readonly region: string;
  /** ARNs of the roles that people take on, by kind: `requester`, `approver`, `administrator`. */
  readonly people: Readonly<Record<string, string>>;
}

/**
 * An agent's base identity.
 * @example
 * const approvers = Object.keys(manifest.agents['agent']?.mfaDevices ?? {});
 * @public
 */
export interface AgentEntry {
  readonly arn: string;
  readonly identity: string;
  /** What a session's source identity must be; absent for an agent that opens no role by itself. */
  readonly sourceIdentity?: string;
  /** Approver → serial number of the MFA device enrolled for them on the agent's user. */
  readonly mfaDevices: Readonly<Record<string, string>>;
}

/**
 * A role as a client sees it.
 * @example
 * const longest = manifest.roles['s3-deploy']?.lease.maxSeconds;
 * @public
 */
export interface RoleEntry {
  readonly arn: string;
  readonly purpose: string;
  readonly access: 'read' | 'write' | 'delete';
  readonly gates: readonly string[];
  readonly agents: readonly string[];
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  /** What the broker asks before it opens the role; absent where it does not. */
  readonly broker?: BrokeredEntry;
  readonly parameters: Readonly<Record<string, ParameterEntry>>;
  readonly tags: readonly string[];
  readonly policy: ManifestPolicy;
}

/**
 * What the broker asks before it opens a role.
 * @example
 * const humans = manifest.roles['refund']?.broker?.humans ?? 0;
 * @public
 */
export interface BrokeredEntry {
  /** Humans that must say yes. */
  readonly humans: number;
  /** Seconds in which they can. */
  readonly windowSeconds: number;
  readonly reviewer: 'off' | 'advise' | 'decide';
  /** Agents by name, and people by group, who may ask. */
  readonly eligible: { readonly agents: readonly string[]; readonly groups: readonly string[] };
}

/**
 * A parameter of a role: what a value must be.
 * @example
 * const release: ParameterEntry = { description: 'Release folder, for example 1.4.2', pattern: '[a-z0-9][a-z0-9.-]{0,62}' };
 * @public
 */
export interface ParameterEntry {
  readonly description: string;
  /** A regular expression that a value must match as a whole. */
  readonly pattern?: string;
  /** The only values permitted. */
  readonly values?: readonly string[];
  /** The verified identity that the broker takes the value from, for example `subject.sub`; it cannot be chosen. */
  readonly from?: string;
}

/**
 * An IAM policy document as deployed, with `${aws:PrincipalTag/param.x}` where a parameter stands.
 * @example
 * const policy: ManifestPolicy = {
 *   Version: '2012-10-17',
 *   Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/param.release}/*' }],
 * };
 * @public
 */
export interface ManifestPolicy {
  readonly Version?: string;
  readonly Statement: unknown;
}
