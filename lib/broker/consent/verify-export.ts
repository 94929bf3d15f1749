/** Verifies an exported audit without the broker: checks every hash chain, every rule and every signature. */
import type { AuditExport } from '@leasehold/contract/consent';
import { type LeaseRecord, readRecord } from '../lease/record';
import { environmentKey } from './statement';
import { reusedCounters, type VerifiedDecision, verifyDecisions } from './verify-decisions';
import { type VerifiedKeys, verifyKeys } from './verify-keys';

/** One lease of an export. */
export interface VerifiedLease {
  readonly id: string;
  readonly stored: readonly unknown[];
  readonly record: LeaseRecord;
  /** Every decision by a person. Empty for a broken record. */
  readonly decisions: readonly VerifiedDecision[];
  /** Whether the record follows the rules and every signature in it is valid. Unsigned decisions count as valid. */
  readonly valid: boolean;
}

/** The result for an export. */
export interface VerifiedExport {
  readonly leases: readonly VerifiedLease[];
  /**
   * The keys that the auditor must trust without verification, because the trust in all other keys depends on these
   * keys.
   */
  readonly roots: VerifiedKeys['roots'];
  /** Decisions with a counter value that the same key had used before. */
  readonly reused: readonly VerifiedDecision[];
}

/** How to verify. */
export interface Verifying {
  /**
   * Thumbprints of the keys on which trust may depend.
   * @default the key that was registered with the earliest unsigned code
   */
  readonly roots?: readonly string[] | undefined;
  /** The hash of an event that every lease must contain. */
  readonly seen?: string | undefined;
}

/** Verifies all records in an export. Never throws. */
export async function verifyExport(
  { leases, people }: Omit<AuditExport, 'format'>,
  { roots, seen }: Verifying = {},
): Promise<VerifiedExport> {
  const byEnvironment = new Map<string, VerifiedKeys>();
  const verified: Omit<VerifiedLease, 'valid'>[] = [];
  for (const { lease: id, events: stored, unauthentic, unreadable } of leases) {
    const record = unreadable ? UNREADABLE : readRecord(id, stored, { seen, unauthentic });
    const grant = record.kind === 'holds' ? record.lease.proposal?.grant : undefined;
    if (record.kind === 'broken' || grant === undefined) {
      verified.push({ id, stored, record, decisions: [] });
      continue;
    }
    const { project, environment: name, account } = grant;
    const environment = environmentKey({ project, name, account });
    const keys = byEnvironment.get(environment) ?? (await verifyKeys(people, environment, roots));
    byEnvironment.set(environment, keys);
    verified.push({ id, stored, record, decisions: await verifyDecisions(record.events, keys) });
  }
  const all = [...byEnvironment.values()].flatMap(({ roots: found }) => found);
  const reused = reusedCounters(verified.flatMap(({ decisions }) => decisions));
  const isValid = (decision: VerifiedDecision) => decision.proof.kind !== 'invalid' && !reused.includes(decision);
  return {
    leases: verified.map((each) => ({ ...each, valid: each.record.kind === 'holds' && each.decisions.every(isValid) })),
    roots: all,
    reused,
  };
}

const UNREADABLE: LeaseRecord = {
  kind: 'broken',
  events: [],
  code: 'malformed',
  because: 'The stored value is not a list of events.',
};
