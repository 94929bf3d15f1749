/** The credentials that an agent may have. */

/**
 * What belongs to the agent itself, and is no complaint.
 * @example
 * const own: OwnCredentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '' };
 * @public
 */
export interface OwnCredentials {
  /** Access key id of the agent's long-term key, in the environment or in a profile. @default none */
  readonly accessKeyId?: string;
  /** Address of a credentials endpoint that serves leases, for example `leasehold serve`'s. @default none */
  readonly endpoint?: string;
}
