/** Reads the broker's lease records, which are joined with the CloudTrail data by lease id. */
import { isDeepStrictEqual } from 'node:util';
import { auditExport } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { leaseEvent } from '@leasehold/contract/event';
import { strictJson } from '@leasehold/contract/strict-json';
import { TrailError } from '../error';
import type { RoleInEnvironment } from '../record/attribution';

/** One lease, as described by the broker's events. */
export interface LeaseRecord {
  readonly lease: string;
  readonly environment?: string;
  readonly role?: string;
  readonly requester?: string;
  readonly reason?: string;
  /** Seconds since 1970. */
  readonly requestedAt?: number;
  readonly approvedBy: readonly string[];
  readonly outcome: 'requested' | 'issued' | 'denied' | 'lapsed' | 'revoked';
  readonly denialCode?: string;
}

/** Returns the reason why a record is not authentic or not complete; `undefined` if the record is valid. */
export type VerifyRecord = (lease: string, events: readonly unknown[]) => string | undefined;

export interface LeaseRecords {
  readonly records: ReadonlyMap<string, LeaseRecord>;
  /** Ids of records that were omitted because they are broken or cannot be read. */
  readonly broken: readonly string[];
}

/**
 * The records in the output of `leasehold audit --export`. A record that fails verification is omitted, and its id is
 * listed in `broken`.
 * @throws {TrailError} if the text is not such output
 */
export function readLeaseRecords(text: string, place: string, verify: VerifyRecord): LeaseRecords {
  let leases: ReturnType<typeof auditExport.parse>['leases'];
  try {
    leases = auditExport.parse(strictJson(text)).leases;
  } catch (cause) {
    throw new TrailError(
      {
        code: 'unreadable-file',
        message: `${place} is no exported audit`,
        hint: 'Make it with `leasehold audit --role NAME --export`.',
      },
      { cause },
    );
  }
  const records = new Map<string, LeaseRecord>();
  const broken = new Set<string>();
  for (const { lease, events, unauthentic, unreadable } of leases) {
    const parsed = leaseEvent.array().safeParse(events);
    const whole = parsed.success && unreadable !== true && (unauthentic ?? []).length === 0;
    // If a lease has two records in one file, neither is trusted.
    if (records.has(lease) || !whole || verify(lease, events) !== undefined) broken.add(lease);
    else records.set(lease, recordOf(lease, parsed.data));
  }
  for (const lease of broken) records.delete(lease);
  return { records, broken: [...broken] };
}

/**
 * The records of several files. The same lease may be in several files if its record is the same in all of them. If the
 * records differ, or if one of them is broken, none is trusted.
 */
export function joinLeaseRecords(files: readonly LeaseRecords[]): LeaseRecords {
  const records = new Map<string, LeaseRecord>();
  const broken = new Set(files.flatMap((file) => file.broken));
  for (const [lease, record] of files.flatMap((file) => [...file.records])) {
    const other = records.get(lease);
    if (other !== undefined && !isDeepStrictEqual(other, record)) broken.add(lease);
    records.set(lease, record);
  }
  for (const lease of broken) records.delete(lease);
  return { records, broken: [...broken] };
}

/**
 * The broker's records for a role in one environment. The record of a request that was denied immediately contains no
 * environment.
 */
export function recordsOf(
  { role, environment }: RoleInEnvironment,
  records: LeaseRecords['records'],
): readonly LeaseRecord[] {
  return [...records.values()].filter(
    (record) => record.role === role.name && (record.environment ?? environment.name) === environment.name,
  );
}

function recordOf(lease: string, events: ReturnType<typeof leaseEvent.parse>[]): LeaseRecord {
  const bodies = events.map(({ body }) => body);
  const requested = bodies.find((body) => body.type === 'requested');
  const proposed = bodies.findLast((body) => body.type === 'proposed');
  const denied = bodies.findLast((body) => body.type === 'denied');
  const asked = (name: string) => {
    const value = requested !== undefined && Object.hasOwn(requested.asked, name) ? requested.asked[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const last = bodies.findLast(({ type }) => OUTCOMES.has(type))?.type;
  return {
    lease,
    ...defined({
      environment: proposed?.grant.environment,
      role: proposed?.grant.role ?? asked('role'),
      requester: requested?.requester.name,
      reason: proposed?.grant.reason ?? asked('reason'),
      requestedAt: events[0]?.at,
      denialCode: denied?.code,
    }),
    approvedBy: bodies.flatMap((body) => (body.type === 'approved' ? [body.by.name] : [])),
    outcome: last === undefined ? 'requested' : (last as LeaseRecord['outcome']),
  };
}

const OUTCOMES: ReadonlySet<string> = new Set(['issued', 'denied', 'lapsed', 'revoked']);
