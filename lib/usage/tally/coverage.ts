/**
 * Collects evidence about the coverage of the event sources: times, regions, and kinds of recorded events. If no event
 * of a kind was found, the trail might not record this kind, so the kind does not count as covered.
 */

import { largest, smallest } from '@leasehold/contract/any-length';
import type { LakeQuery } from '../lake/query';
import type { SourceKind } from '../read/unit';
import type { TrailRecord } from '../record/record';

/** Maximum number of event sources, and of days, that are kept. */
const MOST = 2000;

export interface Coverage {
  records: number;
  bytes: number;
  /** Records that belong to a role of the project. */
  ours: number;
  /** Number of records that contain the name of a project role but were not made under that role. */
  foreign: number;
  /** Number of events that were delivered twice. */
  repeated: number;
  first?: number;
  last?: number;
  readonly kinds: Set<SourceKind>;
  readonly regions: Set<string>;
  /** Days with records, each as the number of days since 1970. */
  readonly days: Set<number>;
  /** The content of a trail's files: regions, event sources, and kinds of management events (read or write). */
  readonly trailRegions: Set<string>;
  readonly eventSources: Set<string>;
  reads: boolean;
  writes: boolean;
  /**
   * Whether files with the output of `aws cloudtrail lookup-events` were read. These files do not show which events
   * were requested.
   */
  listed: boolean;
  /** The known queries of CloudTrail Lake whose results were read, in this run or in an earlier run. */
  readonly lakeQueries: Set<LakeQuery>;
}

export function emptyCoverage(): Coverage {
  return {
    records: 0,
    bytes: 0,
    ours: 0,
    foreign: 0,
    repeated: 0,
    kinds: new Set(),
    regions: new Set(),
    days: new Set(),
    trailRegions: new Set(),
    eventSources: new Set(),
    reads: false,
    writes: false,
    listed: false,
    lakeQueries: new Set(),
  };
}

/**
 * Adds a record from the account of an environment to the coverage. Only trail files show what a trail records: the
 * results of a query or lookup contain only the requested events.
 */
export function noteRecord(coverage: Coverage, record: TrailRecord, kind: SourceKind): void {
  coverage.first = Math.min(coverage.first ?? record.at, record.at);
  coverage.last = Math.max(coverage.last ?? record.at, record.at);
  coverage.kinds.add(kind);
  add(coverage.days, Math.floor(record.at / 86_400));
  const region = /^[a-z0-9-]{1,32}$/.test(record.region) ? [record.region] : [];
  for (const each of region) add(coverage.regions, each);
  if (kind !== 'trail') return;
  for (const each of region) add(coverage.trailRegions, each);
  add(coverage.eventSources, record.source);
  if (record.category === 'Data') return;
  if (record.readOnly === true) coverage.reads = true;
  if (record.readOnly === false) coverage.writes = true;
}

/** Records that a file with the output of `aws cloudtrail lookup-events` was read. */
export function noteListing(coverage: Coverage): void {
  coverage.kinds.add('lookup');
  coverage.listed = true;
}

function add<T>(set: Set<T>, value: T): void {
  if (set.size < MOST) set.add(value);
}

/** The days between the first and the last record without any record. */
export function gaps({ days }: Coverage): readonly number[] {
  if (days.size === 0) return [];
  const [first, last] = [smallest(days), largest(days)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((day) => !days.has(day));
}
