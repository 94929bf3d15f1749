/**
 * Parses and formats Amazon Resource Names, and finds the partition of a region.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
import type { Partition } from './data/partition';
import { PARTITION_PATTERNS, REGIONS } from './data/regions';

/**
 * The parts of `arn:partition:service:region:account:resource`. A part may be empty, or contain wildcards and
 * variables.
 */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon, including further colons. */
  readonly resource: string;
}

/**
 * The parts of an ARN or ARN pattern; `undefined` if the text does not start with `arn:` or has fewer than six parts. A
 * colon inside a policy variable such as `${aws:username}` is not a separator.
 */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const parts: string[] = [];
  let start = 4;
  for (let index = start; index < text.length && parts.length < 4; index++) {
    if (text.startsWith('${', index)) {
      const close = text.indexOf('}', index);
      if (close < 0) return undefined;
      index = close;
    } else if (text[index] === ':') {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  const [partition, service, region, account] = parts;
  if (partition === undefined || service === undefined || region === undefined || account === undefined) {
    return undefined;
  }
  return { partition, service, region, account, resource: text.slice(start) };
}

/** The text of an ARN. `parseArn(formatArn(arn))` returns the same parts. */
export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}

/**
 * Whether the text names a single resource: six parts, with non-empty partition, service and resource, without
 * wildcards or variables.
 */
export function isArn(text: string): boolean {
  const arn = parseArn(text);
  return (
    arn !== undefined && arn.partition !== '' && arn.service !== '' && arn.resource !== '' && !/[*?]|\$\{/.test(text)
  );
}

/**
 * The partition of a region; `undefined` if the text is not a region name or Leasehold does not support the partition.
 * For a region that is newer than the list, the partition is derived from the region's name, as in the AWS SDKs.
 */
export function partitionOf(region: string): Partition | undefined {
  return REGIONS.get(region) ?? PARTITION_PATTERNS.find(({ pattern }) => pattern.test(region))?.partition;
}

/** Whether the region is in Leasehold's list. If not, the name may be misspelled, or the region may be new. */
export function isKnownRegion(region: string): boolean {
  return REGIONS.has(region);
}
