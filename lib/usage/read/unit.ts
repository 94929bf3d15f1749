/** One part of an event source that is read as a whole: a file, an S3 object, or the results of one query. */
import type { LakeQuery } from '../lake/query';
import type { StreamReader } from './stream';
import type { Unpacked } from './unpack';

/** Kinds of event sources. Each kind contains different events. @see import('../tally/coverage').Coverage */
export const SOURCE_KINDS = ['trail', 'lookup', 'lake', 'sandbox'] as const;

/**
 * `trail`: files of a trail. They contain the events that the trail's event selectors include.
 *
 * `lookup`: CloudTrail event history: all management events in the queried regions, but no data events. Files with the
 * output of `aws cloudtrail lookup-events` are of this kind too, but contain only the events that were requested.
 *
 * `lake`: results of queries of CloudTrail Lake. They contain what the event data store records and the query selects.
 *
 * `sandbox`: the sandbox's log: every call.
 */
export type SourceKind = (typeof SOURCE_KINDS)[number];

export interface TrailUnit {
  readonly kind: SourceKind;
  /** The location of the unit, for messages: a path, an `s3://` address, or a query. */
  readonly place: string;
  /** Identifies the content of the unit. A unit with the same location and the same fingerprint is not read again. */
  readonly fingerprint: string;
  /** Compressed size in bytes, for the progress line. 0 if unknown. */
  readonly size: number;
  /** Account id in the name of a trail file. */
  readonly account?: string;
  /**
   * Only for event sources of the kind `lake`: the query, if it is known and the unit is part of its complete result.
   */
  readonly query?: LakeQuery;
  /**
   * Starts to read the unit, for example while an earlier unit is being read. The result must be passed to `read` or
   * closed.
   * @default the unit is not read ahead
   */
  readonly open?: () => Unpacked;
  /** @param opened the result of `open`. @default the unit is opened now */
  read(reader: StreamReader, opened?: Unpacked): Promise<void>;
}

/**
 * The account in the path of a trail file. CloudTrail writes `AWSLogs/[o-…/]ACCOUNT/CloudTrail/REGION/…/FILE`, and the
 * file's name also begins with the account.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function accountInPath(path: string): string | undefined {
  return (
    /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail\//.exec(path)?.[1] ??
    /(?:^|\/)(\d{12})_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]+\.json(?:\.gz)?$/.exec(path)?.[1]
  );
}
