/** The reasons why a request's signature does not authenticate its sender. */

/** The reasons why a sender is not authenticated. In every AWS protocol, each reason has a separate error code. */
export type AuthFault =
  | 'unsigned'
  | 'two-signatures'
  | 'malformed'
  | 'malformed-query'
  | 'wrong-scope'
  | 'unsigned-headers'
  | 'unknown-key'
  | 'wrong-token'
  | 'expired-token'
  | 'skewed'
  | 'expired-url'
  | 'wrong-signature'
  | 'no-payload-hash'
  | 'wrong-payload-hash'
  | 'wrong-chunk'
  | 'malformed-request';

/**
 * The error for a request whose sender is not authenticated. The message is identical to AWS's message and contains no
 * secret.
 */
export class AuthRefusal extends Error {
  override readonly name = 'AuthRefusal';
  readonly fault: AuthFault;
  /** AWS's additional details, if AWS returns any. */
  readonly detail: string | undefined;

  constructor(fault: AuthFault, detail?: string) {
    super(detail ?? fault);
    this.fault = fault;
    this.detail = detail;
  }
}
