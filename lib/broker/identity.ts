/**
 * The participants of a lease. Every identity comes from a verified signature, never from a field that a caller fills
 * in.
 */

import type { Approver, Requester, Subject } from '@leasehold/contract/event';

export type { Approver, Requester, Subject } from '@leasehold/contract/event';

/** The requester, and the end user on whose behalf it acts. A request has one identity, and its lease keeps it. */
export interface RequestIdentity {
  readonly requester: Requester;
  readonly subject?: Subject;
}

/** Whether an approver is the requester or the end user of the lease: nobody approves their own lease. */
export function isOwnLease(approver: Approver, requester: Requester, subject: Subject | undefined): boolean {
  const name = approver.name.toLowerCase();
  return requester.name.toLowerCase() === name || subject?.sub.toLowerCase() === name;
}
