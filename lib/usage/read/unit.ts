/** One part of a source, which is read as a whole: a file, an object, or the answers to one query. */
import type { StreamReader } from './stream';

/** What a source knows to record. @see import('../tally/coverage').Coverage */
export type SourceKind =
  /** Files of a trail: what its event selectors record. */
  | 'trail'
  /** Event history: all management events of the regions that were asked, and no data events. */
  | 'lookup'
  /** The sandbox's log: every call. */
  | 'sandbox';

export interface TrailUnit {
  readonly kind: SourceKind;
  /** Where it is, for messages: a path, an `s3://` address, or a query. */
  readonly place: string;
  /** Identifies its content: a unit with the same place and the same fingerprint is not read again. */
  readonly fingerprint: string;
  /** Compressed size in bytes, for the progress line. 0 if unknown. */
  readonly size: number;
  /** Account in the name of the file, as CloudTrail writes it. */
  readonly account?: string;
  read(reader: StreamReader): Promise<void>;
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
