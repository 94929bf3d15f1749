/** Who takes part in a lease. Every identity comes from a verified signature, never from a field that a caller fills in. */

/** An agent or a person that asks: the authenticated caller. */
export interface Requester {
  readonly kind: 'agent' | 'person';
  /** Name in the definitions or the store, for example `agent` or `alice`. */
  readonly name: string;
  /** Account and user or role, without the session, for example `123456789012 user/agents/hermes-dev-agent`. */
  readonly key: string;
  /** Groups that it is in; sorted. */
  readonly groups: readonly string[];
}

/** The verified end user on whose behalf a requester acts: claims of a token whose signature was checked. */
export interface Subject {
  readonly issuer: string;
  readonly sub: string;
  /** Further claims that a parameter may be bound to. */
  readonly claims: Readonly<Record<string, string>>;
}

/** A human who says yes or no with MFA. */
export interface Approver {
  /** Name among the environment's approvers; the session name that AWS ties to the person. */
  readonly name: string;
}

/** Whether an approver is somebody who asks, or for whom is asked: nobody approves their own lease. */
export function isOwnLease(approver: Approver, requester: Requester, subject: Subject | undefined): boolean {
  const name = approver.name.toLowerCase();
  return requester.name.toLowerCase() === name || subject?.sub.toLowerCase() === name;
}
