/** Loads the records that an audit verifies: from the broker, or from a file. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { namedPeople, readPeopleRecords } from '@leasehold/broker';
import type { AuditExport } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { BrokerProblem } from '@leasehold/runtime';
import { UsageError } from '../exit';
import type { Shell } from '../shell';
import { systemRefusal } from '../system-refusal';
import type { OpenBroker } from './open';
import { fetchLeases } from './pages';

/** Records that have not been verified yet. */
export interface Gathered extends Omit<AuditExport, 'format'> {
  /** A sentence that states which records were not read. */
  readonly unread?: string | undefined;
}

/**
 * Maximum number of leases whose records are read for a role. It exceeds the number of leases in a day, even at one
 * request per second.
 */
const MOST_AUDITED = 100_000;

/**
 * Reads one lease, or all leases of a role in the last day. Also reads the records of the people whose keys are needed
 * to verify the signatures.
 */
export async function fetchAudit(
  broker: OpenBroker,
  what: { readonly id: string } | { readonly role: string | undefined },
  signal: AbortSignal,
): Promise<Gathered> {
  const { ids, unread } = 'id' in what ? { ids: [what.id] } : await idsOf(broker, what.role, signal);
  const leases: AuditExport['leases'] = [];
  for (const id of ids) leases.push(await leaseOf(broker, id, signal));
  const signers = namedPeople(leases.flatMap((each) => each.events));
  const people = await readPeopleRecords(signers, (name) => fetchKeysOf(broker, name, signal));
  return { leases, people: [...people.values()], ...defined({ unread }) };
}

/**
 * Reads an exported audit.
 * @param id The only lease to verify.
 * @throws UsageError
 */
export function readExport(path: string, id: string | undefined, { host }: Shell): Gathered {
  const { auditExport } = require('@leasehold/contract/consent') as typeof import('@leasehold/contract/consent');
  const { strictJson } = require('@leasehold/contract/strict-json') as typeof import('@leasehold/contract/strict-json');
  const no = (why: string, hint: string) => new UsageError(`${path} ${why}`, { hint });
  let text: string;
  try {
    text = readFileSync(resolve(host.cwd, path), 'utf8');
  } catch (error) {
    throw no(
      `cannot be read: ${systemRefusal((error as NodeJS.ErrnoException).code ?? 'an error')}`,
      'Check its path.',
    );
  }
  try {
    const { leases, people } = auditExport.parse(strictJson(text));
    const chosen = leases.filter(({ lease }) => id === undefined || lease === id);
    if (chosen.length > 0 || id === undefined) return { leases: chosen, people };
  } catch {
    throw no('is no exported audit', 'Make it with `leasehold audit LEASE --export`.');
  }
  throw no(`does not contain ${id}`, 'To verify all records in the file, omit the lease id.');
}

/** If the broker cannot list the events of a record, the record is exported without events. */
async function leaseOf(
  { client }: OpenBroker,
  id: string,
  signal: AbortSignal,
): Promise<AuditExport['leases'][number]> {
  try {
    const { events, unauthentic } = await client.events(id, { signal });
    return { lease: id, events, ...defined({ unauthentic }) };
  } catch (error) {
    if (!(error instanceof BrokerProblem) || error.problem.code !== 'broken-record') throw error;
    return { lease: id, events: [], unreadable: true };
  }
}

/** A person whose record cannot be read counts as having no keys, so the person's signatures are not verified. */
export async function fetchKeysOf(
  { client }: OpenBroker,
  person: string,
  signal: AbortSignal,
): Promise<AuditExport['people'][number]> {
  try {
    const { events, unauthentic } = await client.keys(person, { signal });
    return { person, events, ...defined({ unauthentic }) };
  } catch (error) {
    const code = error instanceof BrokerProblem ? error.problem.code : undefined;
    if (code !== 'broken-record' && code !== 'not-found') throw error;
    return { person, events: [] };
  }
}

async function idsOf(
  broker: OpenBroker,
  role: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly ids: readonly string[]; readonly unread?: string }> {
  const { leases, broken, more } = await fetchLeases(broker, defined({ role }), signal, MOST_AUDITED);
  const ids = [...broken, ...leases.map(({ id }) => id)];
  return more ? { ids, unread: `not every record was read: there are older ones than these ${ids.length}` } : { ids };
}
