/** What definitions declare about their roles, so that a review can tell it from what nobody declared. */

/** A role outside Leasehold that a lease may use. */
export interface DeclaredHanding {
  /** ARN of the role, without wildcards. */
  readonly arn: string;
  readonly because: string;
  /** Whether the definitions say that it may do everything, or change who may do what. */
  readonly administrator: boolean;
}

/** A role as its definition declares it. */
export interface DeclaredRole {
  readonly arn: string;
  /** Roles that a lease may pass, each with the principal of the service that gets it. */
  readonly passes: readonly (DeclaredHanding & { readonly to: string })[];
  readonly assumes: readonly DeclaredHanding[];
  /** Set if the project allows one lease both to write and to delete. `until` is the last day, `YYYY-MM-DD`. */
  readonly mixedAccess?: { readonly because: string; readonly until: string };
}
