/** Counts of calls, with their first and last time. */

/** Seconds since 1970. */
export interface Use {
  calls: number;
  first: number;
  last: number;
}

/** Counts a call under a key. A new key is not added to a full map. Returns whether it was counted. */
export function countUse(map: Map<string, Use>, key: string, at: number, most = Number.POSITIVE_INFINITY): boolean {
  const use = map.get(key);
  if (use === undefined) {
    if (map.size >= most) return false;
    map.set(key, { calls: 1, first: at, last: at });
    return true;
  }
  use.calls += 1;
  if (at < use.first) use.first = at;
  if (at > use.last) use.last = at;
  return true;
}
