/** Makes AWS deny leases whose revocation is recorded. */
import type { FoldedLease } from '../lease/fold';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/**
 * Maximum number of seconds between the issue event and the creation of the session, because the function ends within
 * this time. The session may expire later by this time.
 */
export const HANDED_WITHIN = 30;

/**
 * Makes AWS deny a lease that was issued and has not expired.
 * @throws {BrokerFault} `unavailable`, if the broker no longer opens the role
 */
export async function denyByAws(
  { revoker, clock, roles }: Deps,
  { id, issued, proposal }: FoldedLease,
): Promise<number | undefined> {
  const until = (issued?.until ?? 0) + HANDED_WITHIN;
  if (issued === undefined || proposal === undefined || until <= clock()) return undefined;
  const { role } = proposal.grant;
  if (!roles.some((brokered) => brokered.role.name === role)) {
    throw new BrokerFault('unavailable', REMOVED, { lease: id, hint: 'Delete the IAM role if it still exists.' });
  }
  return (await revoker.revoke(role, [{ lease: id, role, until }])).shutUntil;
}

const REMOVED =
  'The revocation is recorded, but was not carried out in AWS, because the definitions no longer contain the role, or because the broker is not the gate of the role.';
