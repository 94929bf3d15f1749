/** The caller's identity, as reported by STS. */

/** An authenticated AWS identity. */
export interface Caller {
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  readonly who:
    | {
        readonly is: 'user';
        readonly name: string /** Whether its credentials are temporary. */;
        readonly session: boolean;
      }
    | { readonly is: 'session'; readonly role: string; readonly name: string }
    /** The root user or a federated user. */
    | { readonly is: 'other' };
}
