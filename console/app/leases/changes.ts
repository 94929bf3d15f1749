/** What changed since a time: answers to the person's own requests, and revocations. */
import type { LeaseView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { isOwnView } from '../request/own.ts';

export interface LeaseChange {
  readonly id: string;
  readonly role: string;
  /** The rest of a sentence that begins with the lease. */
  readonly what: string;
  /** The reason that somebody gave. It is not trusted. */
  readonly because: string | undefined;
}

const ANSWERS: Readonly<Partial<Record<LeaseView['state'], string>>> = {
  approved: 'was approved. Its time begins when you use it.',
  denied: 'was denied.',
  revoked: 'was revoked.',
  lapsed: 'got no answer in time.',
};

/**
 * The changes, the last one first.
 * @param person The name of the person. Undefined if all leases are the person's own.
 * @param since In seconds since 1970.
 */
export function changesIn(
  leases: readonly LeaseView[],
  person: string | undefined,
  since: number,
): readonly LeaseChange[] {
  return leases
    .filter((lease) => changeOf(lease) >= since)
    .sort((a, b) => changeOf(b) - changeOf(a))
    .flatMap((lease) => {
      const { id, state, grant, requester, because, code } = lease;
      const isOwn = person === undefined || isOwnView(person, lease);
      const what = isOwn || state === 'revoked' ? ANSWERS[state] : undefined;
      if (what === undefined) return [];
      const role = grant?.role === undefined ? 'A request without a role' : visible(grant.role);
      return [{ id, role: isOwn ? role : `${role} of ${visible(requester)}`, what, because: because ?? code }];
    });
}

/** When the lease last changed. If the broker does not report this time, the time of the request. */
function changeOf({ changedAt, requestedAt }: LeaseView): number {
  return changedAt ?? requestedAt;
}
