/**
 * Reads the record of a lease and verifies it in the browser: the hash chain, the rules for the order of events, and
 * every signature. The console shows only what these events contain, never the broker's own view of the lease.
 */
import {
  eventHash,
  type FoldedLease,
  type LeaseEvent,
  namedPeople,
  readPeopleRecords,
  type VerifiedDecision,
  type VerifiedExport,
  verifyExport,
} from '@leasehold/broker/core';
import { defined } from '@leasehold/contract/defined';
import type { Broker, Capacity } from '../api/client.ts';
import { BrokerRefusal } from '../api/errors.ts';

/** A lease whose record is intact. */
export interface IntactLease {
  readonly kind: 'intact';
  readonly lease: FoldedLease;
  readonly events: readonly LeaseEvent[];
  readonly decisions: readonly VerifiedDecision[];
  /** Whether every signature is valid. Decisions without a signature count as valid. */
  readonly valid: boolean;
  /** The passkeys on which the trust in all other passkeys depends. */
  readonly roots: VerifiedExport['roots'];
  /** The hash of the last event. */
  readonly hash: string;
  /** The role's purpose, as stated by the broker. No signature covers the purpose. */
  readonly purpose: string | undefined;
}

/** A lease whose record cannot be trusted. */
export interface BrokenLease {
  readonly kind: 'broken';
  /** The events before the first event that is not valid. */
  readonly events: readonly LeaseEvent[];
  readonly because: string;
}

export type ReadLease = IntactLease | BrokenLease;

export async function readLease(broker: Broker, as: Capacity, id: string, signal?: AbortSignal): Promise<ReadLease> {
  const options = { as, ...defined({ signal }) };
  const [{ events, unauthentic }, view] = await Promise.all([
    broker('events', { ...options, path: { lease: id } }),
    // A record that is broken has no view, and is shown nevertheless.
    broker('status', { ...options, path: { lease: id } }).catch(ifBroken),
  ]);
  const people = await peopleIn(broker, as, events, signal);
  const audit = { leases: [{ lease: id, events, ...defined({ unauthentic }) }], people };
  const { leases, roots } = await verifyExport(audit);
  const [read] = leases;
  if (read === undefined || read.record.kind === 'broken') {
    const { events: intact = [], because = 'There is no record.' } = (read?.record ?? {}) as Partial<BrokenLease>;
    return { kind: 'broken', events: intact, because };
  }
  const { lease, events: intact } = read.record;
  const purpose = view?.grant?.role === lease.proposal?.grant.role ? view?.grant?.purpose : undefined;
  return {
    kind: 'intact',
    lease,
    events: intact,
    decisions: read.decisions,
    valid: read.valid,
    roots,
    hash: eventHash(lease.last),
    purpose: purpose === '' ? undefined : purpose,
  };
}

/** The records of the people who signed, and of the people who signed for these. */
export async function peopleIn(
  broker: Broker,
  as: Capacity,
  events: readonly unknown[],
  signal: AbortSignal | undefined,
) {
  const records = await readPeopleRecords(namedPeople(events), (name) => keysOf(broker, as, name, signal));
  return [...records.values()];
}

/** The record of a person's keys, under the name that was asked for. */
async function keysOf(broker: Broker, as: Capacity, person: string, signal: AbortSignal | undefined) {
  const read = await broker('keys', { as, path: { principal: person }, ...defined({ signal }) }).catch(ifBroken);
  // A person without a readable record has no keys, so their signatures are not valid.
  return { person, events: read?.events ?? [], ...defined({ unauthentic: read?.unauthentic }) };
}

function ifBroken(error: unknown): undefined {
  if (error instanceof BrokerRefusal && ['broken-record', 'not-found'].includes(error.problem.code)) return undefined;
  throw error;
}
