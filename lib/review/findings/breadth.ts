/** Determines how broad a resource pattern is. */
import { parseArn } from '@leasehold/policy';

/**
 * Whether a pattern is not limited to specific resources: `*`, or an ARN whose name begins with a wildcard, as in
 * `arn:aws:s3:::*`.
 */
export function isBroad(pattern: string): boolean {
  const arn = parseArn(pattern);
  if (arn === undefined) return /^[*?]/.test(pattern) || !pattern.startsWith('arn:') || /^arn:[^:]*\*/.test(pattern);
  if (/^[*?]/.test(arn.service)) return true;
  if (arn.service === 's3' && !arn.resource.includes('/')) return /^[*?]/.test(arn.resource);
  // `table/*` and `log-group:*` name only a resource type.
  const name = /^[a-z-]+[/:](.*)$/.exec(arn.resource)?.[1];
  const own = arn.service === 's3' || name === undefined ? arn.resource : name;
  return /^[*?]/.test(own);
}

/** Whether at least one of the patterns names no specific resource. True if there are no patterns. */
export function someBroad(patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some(isBroad);
}
