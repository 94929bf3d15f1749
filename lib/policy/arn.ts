/**
 * Amazon Resource Names: taken apart and put together, and the partition of a region.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
import type { Partition } from './data/partition';
import { PARTITION_PATTERNS, REGIONS } from './data/regions';

/** The parts of `arn:partition:service:region:account:resource`. A part may be empty, or hold wildcards and variables. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows the fifth colon, colons included. */
  readonly resource: string;
}

/**
 * The parts of an ARN or ARN pattern; `undefined` when the text has no six parts or does not start with `arn:`.
 * A colon inside a policy variable, `${aws:username}`, separates nothing.
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

/** The text of an ARN. `parseArn(formatArn(arn))` gives the same parts. */
export function formatArn(arn: Arn): string {
  return `arn:${arn.partition}:${arn.service}:${arn.region}:${arn.account}:${arn.resource}`;
}

/** Whether the text names one resource: six parts, partition, service and resource not empty, no wildcard, no variable. */
export function isArn(text: string): boolean {
  const arn = parseArn(text);
  return (
    arn !== undefined && arn.partition !== '' && arn.service !== '' && arn.resource !== '' && !/[*?]|\$\{/.test(text)
  );
}

/**
 * The partition of a region; `undefined` for the partitions that Leasehold does not deploy to and for what is no
 * region name. A region newer than the list is placed by the pattern of its name, as the AWS SDKs do.
 */
export function partitionOf(region: string): Partition | undefined {
  return REGIONS.get(region) ?? PARTITION_PATTERNS.find(({ pattern }) => pattern.test(region))?.partition;
}

/** Whether the region is in the list that Leasehold knows. A false answer may be a typing error or a new region. */
export function isKnownRegion(region: string): boolean {
  return REGIONS.has(region);
}
