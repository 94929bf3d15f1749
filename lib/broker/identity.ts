/**
 * The participants of a lease. Every identity comes from a verified signature, never from a field that a caller fills
 * in.
 */

import type * as z from 'zod';
import type { approverSchema, requesterSchema, subjectSchema } from './lease/event-schema';

/** An agent or a person that requests leases: the authenticated caller. */
export type Requester = z.infer<typeof requesterSchema>;

/** The verified end user on whose behalf a requester acts: claims of a token whose signature was checked. */
export type Subject = z.infer<typeof subjectSchema>;

/** The requester, and the end user on whose behalf it acts. A request has one identity, and its lease keeps it. */
export interface RequestIdentity {
  readonly requester: Requester;
  readonly subject?: Subject;
}

/** A human who approves or denies with MFA. */
export type Approver = z.infer<typeof approverSchema>;

/** Whether an approver is the requester or the end user of the lease: nobody approves their own lease. */
export function isOwnLease(approver: Approver, requester: Requester, subject: Subject | undefined): boolean {
  const name = approver.name.toLowerCase();
  return requester.name.toLowerCase() === name || subject?.sub.toLowerCase() === name;
}
