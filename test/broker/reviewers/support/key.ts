/** A key that can be rotated, and counts how often it is asked for. */
import type { KeySource } from '@leasehold/broker/reviewers';

export interface Counted extends KeySource {
  /** How often it was read, and how often forgotten. */
  readonly count: { reads: number; forgets: number };
}

/** @param keys The first, and those that come in its place each time it is forgotten; the last one stays. */
export function aKey(...keys: readonly string[]): Counted {
  const count = { reads: 0, forgets: 0 };
  return {
    count,
    key: async () => {
      count.reads += 1;
      return keys[Math.min(count.forgets, keys.length - 1)] ?? '';
    },
    invalidate: () => {
      count.forgets += 1;
    },
  };
}
