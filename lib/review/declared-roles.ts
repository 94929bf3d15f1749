/**
 * The statements that definitions make about roles. A review uses them to distinguish declared access from undeclared
 * access.
 */

/** A role that Leasehold does not manage and that a lease may use. */
export interface DeclaredHanding {
  /** ARN of the role, without wildcards. */
  readonly arn: string;
  readonly because: string;
  /** Whether the definitions say that the role may do everything, or may change permissions. */
  readonly administrator: boolean;
}

/** A role as its definition declares it. */
export interface DeclaredRole {
  readonly arn: string;
  /** Roles that a lease may pass to a service, each with the service principal. */
  readonly passes: readonly (DeclaredHanding & { readonly to: string })[];
  readonly assumes: readonly DeclaredHanding[];
  /**
   * Set if the project permits one lease of the role to both write and delete. `until` is the last day on which this is
   * permitted, `YYYY-MM-DD`.
   */
  readonly mixedAccess?: { readonly because: string; readonly until: string };
}
