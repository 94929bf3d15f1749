/** Makes the export of a lease: the text that `leasehold audit LEASE --export` prints, verified before it is given out. */
import { exportText, namedPeople, readPeopleRecords, verifyExport } from '@leasehold/broker/core';
import type { AuditExport } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { Broker, Capacity } from '../api/client.ts';
import { BrokerRefusal, PageRefusal } from '../api/errors.ts';

/** @throws {PageRefusal} for a record that is broken, or that contains a signature that is not valid */
export async function exportLease(broker: Broker, as: Capacity, id: string): Promise<string> {
  const { events, unauthentic } = await broker('events', { as, path: { lease: id } });
  const people = await readPeopleRecords(namedPeople(events), (name) => keysOf(broker, as, name));
  const audit = { leases: [{ lease: id, events, ...defined({ unauthentic }) }], people: [...people.values()] };
  const { leases } = await verifyExport(audit);
  if (leases.length !== 1 || leases[0]?.valid !== true) {
    throw new PageRefusal(
      'The record of this lease is broken, or a signature in it is not valid, so the console does not export it.',
      `Tell an administrator. \`leasehold audit ${visible(id)} --export\` writes the records as they are.`,
    );
  }
  return exportText(audit);
}

/** A person whose record cannot be read counts as having no keys, so the person's signatures are not verified. */
async function keysOf(broker: Broker, as: Capacity, person: string): Promise<AuditExport['people'][number]> {
  try {
    const { events, unauthentic } = await broker('keys', { as, path: { principal: person } });
    return { person, events, ...defined({ unauthentic }) };
  } catch (error) {
    if (error instanceof BrokerRefusal && ['broken-record', 'not-found'].includes(error.problem.code)) {
      return { person, events: [] };
    }
    throw error;
  }
}
