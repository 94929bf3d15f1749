/** What changed in the last day: answers to the person's own requests, and revocations. */
import type { LeaseView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';

export interface LeaseChange {
  readonly id: string;
  readonly role: string;
  /** The rest of a sentence that begins with the lease. */
  readonly what: string;
  /** The reason that somebody gave. It is not trusted. */
  readonly because: string | undefined;
  /** Whether the lease is the person's own. */
  readonly own: boolean;
}

const ANSWERS: Readonly<Partial<Record<LeaseView['state'], string>>> = {
  approved: 'was approved. Its time begins when you use it.',
  denied: 'was denied.',
  revoked: 'was revoked.',
  lapsed: 'got no answer in time.',
};

/**
 * @param leases Newest first.
 * @param person The name of the person. Undefined if all leases are the person's own.
 */
export function changesIn(leases: readonly LeaseView[], person: string | undefined): readonly LeaseChange[] {
  return leases.flatMap(({ id, state, grant, requester, because, code }) => {
    const own = person === undefined || requester === person;
    const what = own || state === 'revoked' ? ANSWERS[state] : undefined;
    if (what === undefined) return [];
    const role = grant?.role === undefined ? 'A request without a role' : visible(grant.role);
    return [{ id, role: own ? role : `${role} of ${visible(requester)}`, what, because: because ?? code, own }];
  });
}
