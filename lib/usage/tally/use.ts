/** Counts calls, and keeps the times of the first call and of the last call. */

/** Seconds since 1970. */
export interface Use {
  calls: number;
  first: number;
  last: number;
}

/** Counts a call for a key. If the map is full, new keys are not added. Returns whether the call was counted. */
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
