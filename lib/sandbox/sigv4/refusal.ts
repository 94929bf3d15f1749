/** Why a request's signature does not prove who sent it. */

/** The ways in which a request can fail to prove its sender; each has its own error code in every AWS protocol. */
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

/** A request whose sender is not proven. The message is what AWS would tell the sender; it names no secret. */
export class AuthRefusal extends Error {
  override readonly name = 'AuthRefusal';
  readonly fault: AuthFault;
  /** What AWS says beyond the fault's own sentence, where it says more. */
  readonly detail: string | undefined;

  constructor(fault: AuthFault, detail?: string) {
    super(detail ?? fault);
    this.fault = fault;
    this.detail = detail;
  }
}
