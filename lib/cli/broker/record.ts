/** Fetches the record of a lease from the broker. The record is verified on this machine before it is used. */

import type { FoldedLease } from '@leasehold/broker';
import { readRecord } from '@leasehold/broker';
import { shellOperand } from '@leasehold/contract/text';
import { LeaseError } from '@leasehold/runtime';
import type { OpenBroker } from './open';

/**
 * The lease, computed from its verified record.
 * @throws LeaseError `denied` if the record fails verification
 */
export async function fetchLease({ client }: OpenBroker, id: string, signal: AbortSignal): Promise<FoldedLease> {
  const { events, unauthentic } = await client.events(id, { signal });
  const record = readRecord(id, events, { unauthentic });
  if (record.kind === 'holds') return record.lease;
  throw new LeaseError(
    'denied',
    `the record of ${id} does not hold: ${record.because}`,
    `Approve nothing, and tell an administrator; \`leasehold audit ${shellOperand(id)}\` shows where it breaks.`,
    false,
  );
}
