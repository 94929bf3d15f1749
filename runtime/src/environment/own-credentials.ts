/** The credentials that an agent may have. */

/**
 * The agent's own credentials, which are not reported.
 * @example
 * const own: OwnCredentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '' };
 * @public
 */
export interface OwnCredentials {
  /** Access key id of the agent's long-term key, in the environment or in a profile. @default none */
  readonly accessKeyId?: string;
  /**
   * URL of a credentials endpoint that serves leases, for example the endpoint of `leasehold serve`.
   * @default none
   */
  readonly endpoint?: string;
}
