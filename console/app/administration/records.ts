/** Reads the records of what administrators do, and verifies them in the browser. */
import {
  REVOCATIONS,
  settingsRecordOf,
  type TrustedKey,
  type VerifiedAdministration,
  verifyAdministration,
  verifyKeys,
} from '@leasehold/broker/core';
import type { AdministrationRecord, RevocationList } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import type { Broker } from '../api/client.ts';
import { peopleIn } from '../lease/read-lease.ts';

/** A record, verified up to the root. */
export interface ReadRecord {
  readonly verified: VerifiedAdministration;
  /** The passkeys on which the trust in all other passkeys depends. */
  readonly roots: readonly TrustedKey[];
}

/** The roles that are blocked, and the record of who revoked what. */
export interface ReadRevocations extends ReadRecord {
  readonly shut: RevocationList['shut'];
}

/** The record of a principal's settings. */
export async function readChanges(
  broker: Broker,
  principal: string,
  environment: string,
  signal?: AbortSignal,
): Promise<ReadRecord> {
  const pages = await pagesOf((after) =>
    broker('principalEvents', { as: AS, path: { principal }, query: { after }, ...(signal && { signal }) }),
  );
  return verified(broker, settingsRecordOf(principal), pages, environment, signal);
}

export async function readRevocations(
  broker: Broker,
  environment: string,
  signal?: AbortSignal,
): Promise<ReadRevocations> {
  const pages = await pagesOf((after) =>
    broker('revocations', { as: AS, query: { after }, ...(signal && { signal }) }),
  );
  const [{ shut } = { shut: [] }] = pages;
  return { ...(await verified(broker, REVOCATIONS, pages, environment, signal)), shut };
}

const AS = 'administrator';

/** All pages of a record. A broker that does not advance is not asked again. */
async function pagesOf<T extends AdministrationRecord>(read: (after: string) => Promise<T>): Promise<readonly T[]> {
  const pages: T[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: T = await read(String(after));
    pages.push(page);
    after = page.next !== undefined && page.next > after ? page.next : undefined;
  }
  return pages;
}

async function verified(
  broker: Broker,
  record: string,
  pages: readonly AdministrationRecord[],
  environment: string,
  signal: AbortSignal | undefined,
): Promise<ReadRecord> {
  const events: unknown[] = [];
  const unauthentic: number[] = [];
  for (const page of pages) {
    append(events, page.events);
    append(unauthentic, page.unauthentic ?? []);
  }
  const keys = await verifyKeys(await peopleIn(broker, AS, events, signal), environment);
  return {
    verified: await verifyAdministration({ record, events, unauthentic }, environment, keys),
    roots: keys.roots,
  };
}
