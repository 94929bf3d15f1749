/** Makes the export of a lease: the text that `leasehold audit LEASE --export` prints, verified before it is given out. */
import { exportText, namedPeople, verifyExport } from '@leasehold/broker/core';
import type { AuditExport } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { Broker, Capacity } from '../api/client.ts';
import { BrokerRefusal, PageRefusal } from '../api/errors.ts';

type People = AuditExport['people'];

/** @throws {PageRefusal} for a record that is broken, or that contains a signature that is not valid */
export async function exportLease(broker: Broker, as: Capacity, id: string): Promise<string> {
  const { events, unauthentic } = await broker('events', { as, path: { lease: id } });
  const audit = {
    leases: [{ lease: id, events, ...defined({ unauthentic }) }],
    people: await peopleOf(broker, as, events),
  };
  const { leases } = await verifyExport(audit);
  if (leases.length !== 1 || leases[0]?.valid !== true) {
    throw new PageRefusal(
      'The record of this lease is broken, or a signature in it is not valid, so the console does not export it.',
      `Tell an administrator. \`leasehold audit ${visible(id)} --export\` writes the records as they are.`,
    );
  }
  return exportText(audit);
}

/** The records of the people who signed, and of the people who signed for these, in the order of the command line. */
async function peopleOf(broker: Broker, as: Capacity, events: readonly unknown[]): Promise<People> {
  const people: People = [];
  let unread = events;
  for (;;) {
    const missing = namedPeople(unread).filter((name) => !people.some(({ person }) => person === name));
    if (missing.length === 0) return people;
    const read = await Promise.all(missing.map((name) => keysOf(broker, as, name)));
    people.push(...read);
    unread = read.flatMap((record) => record.events);
  }
}

/** A person whose record cannot be read counts as having no keys, so the person's signatures are not verified. */
async function keysOf(broker: Broker, as: Capacity, person: string): Promise<People[number]> {
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
