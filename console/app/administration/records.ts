/** Reads the records of what administrators do, and verifies them in the browser. */
import {
  REVOCATIONS,
  type ReceivedAdministration,
  readAdministrationPages,
  settingsRecordOf,
  type TrustedKey,
  type VerifiedAdministration,
  verifyAdministration,
  verifyKeys,
} from '@leasehold/broker/core';
import type { RevocationList } from '@leasehold/contract';
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
  const received = await readAdministrationPages(settingsRecordOf(principal), (after) =>
    broker('principalEvents', {
      as: AS,
      path: { principal },
      query: { after: String(after) },
      ...(signal && { signal }),
    }),
  );
  return verified(broker, received, environment, signal);
}

export async function readRevocations(
  broker: Broker,
  environment: string,
  signal?: AbortSignal,
): Promise<ReadRevocations> {
  const received = await readAdministrationPages(REVOCATIONS, (after) =>
    broker('revocations', { as: AS, query: { after: String(after) }, ...(signal && { signal }) }),
  );
  return { ...(await verified(broker, received, environment, signal)), shut: received.first.shut };
}

const AS = 'administrator';

async function verified(
  broker: Broker,
  received: ReceivedAdministration,
  environment: string,
  signal: AbortSignal | undefined,
): Promise<ReadRecord> {
  const keys = await verifyKeys(await peopleIn(broker, AS, received.events, signal), environment);
  return { verified: await verifyAdministration(received, environment, keys), roots: keys.roots };
}
