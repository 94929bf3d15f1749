/**
 * Finds the region of a bucket, so that a call can be repeated in that region.
 *
 * The option `followRegionRedirects` of the SDK is not used: during a redirect, it changes the region of the client,
 * which also affects other calls.
 */
import { partitionOf } from '@leasehold/policy';
import type { Service } from './modules';

/** The parts of an S3 error that name the region of the bucket. */
interface S3Error {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Errors with status code 400 that S3 returns for a call in a region other than the bucket's. */
const ELSEWHERE: ReadonlySet<string> = new Set(['AuthorizationHeaderMalformed', 'IllegalLocationConstraintException']);

/**
 * The region of the bucket, according to the error with which S3 refused a call in this region.
 * @throws the error, if it does not name another region of the same partition
 */
export function bucketRegion(error: unknown, service: Service, region: string): string {
  const { name = '', $metadata, $response } = error as S3Error;
  const home = $response?.headers?.['x-amz-bucket-region'];
  const isElsewhere = $metadata?.httpStatusCode === 301 || ELSEWHERE.has(name);
  if (service !== 's3' || !isElsewhere || home === undefined || home === region) throw error;
  const partition = partitionOf(home);
  if (partition === undefined || partition !== partitionOf(region)) throw error;
  return home;
}
