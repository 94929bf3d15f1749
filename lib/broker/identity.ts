/**
 * The participants of a lease. Every identity comes from a verified signature or token, never from a field that the
 * caller can set.
 */

import type { Approver, Requester, Subject } from '@leasehold/contract/event';
import type { CallerKind } from '@leasehold/contract/routes';

export type { Approver, Requester, Subject } from '@leasehold/contract/event';

/**
 * The requester, and the end user on whose behalf the requester acts. The identity in a request never changes, and the
 * lease records it.
 */
export interface RequestIdentity {
  readonly requester: Requester;
  readonly subject?: Subject;
}

/** Whether an approver is the requester or the end user of the lease. Nobody may approve their own lease. */
export function isOwnLease(
  approver: Pick<Approver, 'name'>,
  requester: Pick<Requester, 'name'>,
  subject: Pick<Subject, 'sub'> | undefined,
): boolean {
  const name = approver.name.toLowerCase();
  return requester.name.toLowerCase() === name || subject?.sub.toLowerCase() === name;
}

/** A person who signed in, according to a verified access token. */
export interface SignedIn {
  readonly issuer: string;
  readonly sub: string;
  /** The name claim: 2 to 64 letters, digits and `+ = , . @ _ -`. */
  readonly name: string;
  /** The groups claim, sorted. */
  readonly groups: readonly string[];
}

/** An authenticated caller. */
export interface Caller {
  readonly kind: CallerKind;
  /** The name of the agent or person. */
  readonly name: string;
  /** The AWS account, and the user or role in it, in the form of {@link Requester.key}. */
  readonly key: string;
  /** The account with which a person signed in. Absent for a caller that IAM authenticated. */
  readonly account?: SignedIn;
}
