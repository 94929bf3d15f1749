/**
 * Creates the export of a lease: the text that `leasehold audit LEASE --export` prints. The record is verified before
 * the export is returned.
 */
import { exportText, verifyExport } from '@leasehold/broker/core';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { Broker, Capacity } from '../api/client.ts';
import { PageRefusal } from '../api/errors.ts';
import { peopleIn } from '../lease/read-lease.ts';

/** @throws {PageRefusal} for a record that is broken, or that contains a signature that is not valid */
export async function exportLease(broker: Broker, as: Capacity, id: string): Promise<string> {
  const { events, unauthentic } = await broker('events', { as, path: { lease: id } });
  const people = await peopleIn(broker, as, events, undefined);
  const audit = { leases: [{ lease: id, events, ...defined({ unauthentic }) }], people };
  const { leases } = await verifyExport(audit);
  if (leases.length !== 1 || leases[0]?.valid !== true) {
    throw new PageRefusal(
      'The record of this lease is broken, or a signature in it is not valid, so the console does not export it.',
      `Tell an administrator. \`leasehold audit ${visible(id)} --export\` writes the records as they are.`,
    );
  }
  return exportText(audit);
}
