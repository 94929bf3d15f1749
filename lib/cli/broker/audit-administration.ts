/** Reads the records of what administrators do, and verifies them on this machine. */
import {
  environmentKey,
  namedPeople,
  REVOCATIONS,
  readAdministrationPages,
  readPeopleRecords,
  settingsRecordOf,
  type TrustedKey,
  type VerifiedAdministration,
  verifyAdministration,
  verifyKeys,
} from '@leasehold/broker';
import type { AdministrationRecord } from '@leasehold/contract';
import { BrokerProblem } from '@leasehold/runtime';
import { fetchKeysOf } from './audit-export';
import type { OpenBroker } from './open';

/** A record that was verified. */
export interface AuditedAdministration {
  readonly record: string;
  readonly verified: VerifiedAdministration;
  /** The passkeys on which the trust in all signatures depends. Empty if nothing is signed. */
  readonly roots: readonly TrustedKey[];
}

/** Reads and verifies the record of a principal, or of the revocations of more than one lease. */
export async function auditAdministration(
  broker: OpenBroker,
  what: { readonly principal: string } | 'revocations',
  roots: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<AuditedAdministration> {
  const record = what === 'revocations' ? REVOCATIONS : settingsRecordOf(what.principal);
  const received = await readAdministrationPages<AdministrationRecord>(record, (after) =>
    what === 'revocations'
      ? broker.client.revocations({ after, signal })
      : broker.client.principalEvents(what.principal, { after, signal }),
  );
  const people = await readPeopleRecords(namedPeople(received.events), (name) => fetchKeysOf(broker, name, signal));
  const environment = await environmentOf(broker, signal);
  const keys = await verifyKeys([...people.values()], environment, roots);
  return { record, verified: await verifyAdministration(received, environment, keys), roots: keys.roots };
}

/** The environment that the signatures contain: the manifest's, or the one that the broker names. */
async function environmentOf(
  { client, place: { manifest, isInManifest } }: OpenBroker,
  signal: AbortSignal,
): Promise<string> {
  if (manifest !== undefined && isInManifest) {
    const { project, environment: name, account } = manifest;
    return environmentKey({ project, name, account });
  }
  try {
    return (await client.nonce({ signal })).environment;
  } catch (error) {
    // Nobody uses passkeys, so nothing is signed.
    if (error instanceof BrokerProblem && error.problem.code === 'not-found') return '';
    throw error;
  }
}
