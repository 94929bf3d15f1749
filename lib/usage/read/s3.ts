/** Reads trail files from the S3 bucket of a trail. */
import { defined } from '@leasehold/contract/defined';
import { TrailError } from '../error';
import { awsError, missingClient } from './aws-error';
import { contentOf, unreadUnit } from './file-names';
import { readStream } from './stream';
import { accountInPath, type TrailUnit } from './unit';

export interface BucketOptions {
  /** Region of the bucket. */
  readonly region: string;
  /** Configuration of the client. @default the configuration that the SDK finds */
  readonly configure?: (region: string) => object;
  /**
   * Accounts whose files are read. If the bucket has CloudTrail's folder layout, the files of other accounts are not
   * listed.
   */
  readonly accounts: readonly string[];
  /** Start of the time window, in seconds since 1970. Folders whose names contain an earlier day are skipped. */
  readonly since?: number;
}

interface Client {
  send(command: unknown): Promise<{
    readonly Contents?: readonly { readonly Key?: string; readonly ETag?: string; readonly Size?: number }[];
    readonly NextContinuationToken?: string;
    readonly Body?: AsyncIterable<Buffer>;
  }>;
}

/** The bucket and prefix in `s3://BUCKET/PREFIX`; `undefined` if the text has another form. */
export function bucketAddress(address: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/**
 * The objects below an `s3://` address, sorted by key.
 * @throws {TrailError} if the bucket cannot be listed
 */
export async function bucketUnits(address: string, options: BucketOptions): Promise<readonly TrailUnit[]> {
  const place = bucketAddress(address);
  if (place === undefined) {
    throw new TrailError({
      code: 'unreadable-source',
      message: `${address} is no address of a bucket`,
      hint: 'Write s3://BUCKET or s3://BUCKET/PREFIX.',
    });
  }
  const { bucket: Bucket, prefix: Prefix } = place;
  const { GetObjectCommand, ListObjectsV2Command, S3Client } = sdk();
  const client = new S3Client({
    region: options.region,
    followRegionRedirects: true,
    ...options.configure?.(options.region),
  }) as unknown as Client;
  const units: TrailUnit[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client
      .send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }))
      .catch((error: unknown) => {
        throw awsError(error, 's3:ListBucket', `the bucket ${Bucket}`);
      });
    for (const { Key = '', ETag = '', Size = 0 } of page.Contents ?? []) {
      const account = accountInPath(Key);
      const content = contentOf(Key);
      // The console creates an empty object for a folder.
      if (content === 'no-events' || (Key.endsWith('/') && Size === 0)) continue;
      if (account !== undefined && !options.accounts.includes(account)) continue;
      if (dayInKey(Key) < Math.floor((options.since ?? 0) / DAY) - 1) continue;
      const unit: TrailUnit = {
        kind: 'trail',
        place: `s3://${Bucket}/${Key}`,
        fingerprint: `${ETag} ${Size}`,
        size: Size,
        ...defined({ account }),
        read: async (reader) => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key })).catch((error: unknown) => {
            throw awsError(error, 's3:GetObject', `the bucket ${Bucket}`);
          });
          if (Body === undefined) reader.problem('unopened');
          else await readStream(Body, reader);
        },
      };
      units.push(content === 'events' ? unit : unreadUnit(unit));
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return units;
}

const DAY = 86_400;

/**
 * The date in an object key, in days since 1970. If the key does not contain a date, the result is infinity, so that
 * the object is read.
 */
function dayInKey(key: string): number {
  const [, year, month, day] = /\/CloudTrail\/[a-z0-9-]+\/(\d{4})\/(\d{2})\/(\d{2})\//.exec(key) ?? [];
  return year === undefined
    ? Number.POSITIVE_INFINITY
    : Date.UTC(Number(year), Number(month) - 1, Number(day)) / (DAY * 1000);
}

function sdk() {
  try {
    return require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');
  } catch (error) {
    throw missingClient(error, '@aws-sdk/client-s3');
  }
}
