/** Sets of points on a line, for numeric, date and address conditions. */

/** A position between two points: just before or just after `at`. */
export interface Cut {
  readonly at: number | bigint;
  readonly after: boolean;
}

/**
 * A set of points, and whether the set includes texts that are not points. At every cut, membership in the set changes.
 * The cuts are in ascending order.
 */
export interface Ranges {
  /** Whether the set includes the points below the first cut. */
  readonly below: boolean;
  readonly cuts: readonly Cut[];
  /** Whether the set includes texts that cannot be parsed as a point. */
  readonly unreadable: boolean;
}

const NONE: Ranges = { below: false, cuts: [], unreadable: false };

/** The points between two cuts. If a cut is absent, that end is unbounded. Unreadable texts are not included. */
export function between(from: Cut | undefined, to: Cut | undefined): Ranges {
  if (from !== undefined && to !== undefined && compareCuts(from, to) >= 0) return NONE;
  const cuts = [from, to].filter((cut) => cut !== undefined);
  return { below: from === undefined, cuts, unreadable: false };
}

export function complement(set: Ranges): Ranges {
  return { below: !set.below, cuts: set.cuts, unreadable: !set.unreadable };
}

export function intersection(left: Ranges, right: Ranges): Ranges {
  const all = [...left.cuts, ...right.cuts].sort(compareCuts);
  const cuts: Cut[] = [];
  let inside = left.below && right.below;
  for (const [index, cut] of all.entries()) {
    const following = all[index + 1];
    if (following !== undefined && compareCuts(cut, following) === 0) continue;
    const now = insideAfter(left, cut) && insideAfter(right, cut);
    if (now !== inside) cuts.push(cut);
    inside = now;
  }
  return { below: left.below && right.below, cuts, unreadable: left.unreadable && right.unreadable };
}

export function union(sets: readonly Ranges[]): Ranges {
  return complement(sets.map(complement).reduce(intersection, complement(NONE)));
}

/**
 * Whether the set is empty: it contains no point and does not include unreadable texts. Between two points there is
 * always another point, so the set `5 < x < 6` is not empty.
 */
export function isEmpty(set: Ranges): boolean {
  return !set.below && set.cuts.length === 0 && !set.unreadable;
}

/** Whether the set contains a point. */
export function holds(set: Ranges, point: number | bigint): boolean {
  return insideAfter(set, { at: point, after: false });
}

/** A point of a set of numbers; `undefined` if the set contains no point. */
export function numberIn(set: Ranges): number | undefined {
  const ats = set.cuts.map(({ at }) => Number(at));
  const candidates = [0, ...ats];
  const [first] = ats;
  const last = ats[ats.length - 1];
  if (first !== undefined && last !== undefined) candidates.push(Math.floor(first) - 1, Math.ceil(last) + 1);
  for (const [index, at] of ats.entries()) {
    const following = ats[index + 1];
    if (following !== undefined) candidates.push(Math.floor(at) + 1, (at + following) / 2);
  }
  return candidates.find((candidate) => holds(set, candidate));
}

/** A point of a set whose cuts are all just before an integer; `undefined` if the set contains no point above zero. */
export function wholeIn(set: Ranges): bigint | undefined {
  return [0n, ...set.cuts.map(({ at }) => BigInt(at))].find((candidate) => holds(set, candidate));
}

/** A string that identifies the set. Equal sets have equal strings. */
export function rangesKey(set: Ranges): string {
  const cuts = set.cuts.map(({ at, after }) => `${at}${after ? '+' : '-'}`);
  return `${set.below ? 'b' : ''}${set.unreadable ? 'u' : ''}${cuts.join(' ')}`;
}

function insideAfter(set: Ranges, cut: Cut): boolean {
  const passed = set.cuts.filter((other) => compareCuts(other, cut) <= 0).length;
  return set.below !== (passed % 2 === 1);
}

function compareCuts(left: Cut, right: Cut): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return Number(left.after) - Number(right.after);
}
