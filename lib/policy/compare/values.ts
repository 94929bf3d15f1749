/** Finds a value that is in several sets. */

import type { RangeTheory, ValueSet } from './literal';
import { pointOf, textOf, universe } from './points';
import { holds, intersection, isEmpty, type Ranges } from './ranges';
import { type TextSearch, type TextSet, textSet, type Word } from './search';

/**
 * A value in all of the sets; `undefined` proves that there is none, for all values of policy variables.
 *
 * Conditions of different operator families on one key (for example, string and numeric) are checked separately, unless
 * the possible texts are listed and can be tried. A found value may therefore still not meet the conditions of the
 * other family.
 */
export function findValue(search: TextSearch, sets: readonly ValueSet[]): Word | undefined {
  const open = sets.findIndex((set) => set.theory === 'text' && set.inside && set.readable !== undefined);
  const set = sets[open];
  if (set?.theory === 'text' && set.readable !== undefined) {
    const { readable, ...texts } = set;
    const others = sets.toSpliced(open, 1);
    return (
      findValue(search, [...others, texts]) ??
      findValue(search, [...others, { theory: 'text', inside: false, texts: readable }])
    );
  }
  const { inside, outside, ranges } = sort(sets);
  for (const found of ranges.values()) if (isEmpty(found)) return undefined;
  const word = search.find(inside, outside);
  if (word === undefined || ranges.size === 0) return word;
  const listed = inside.find((set) => set.patterns.every(({ exact }) => exact !== undefined));
  if (listed !== undefined) return findListed(search, listed, inside, outside, ranges);
  const [first] = ranges;
  const text = first === undefined ? undefined : textOf(...first);
  return text === undefined ? word : text.split('');
}

interface Sorted {
  readonly inside: readonly TextSet[];
  readonly outside: readonly TextSet[];
  readonly ranges: ReadonlyMap<RangeTheory, Ranges>;
}

function sort(sets: readonly ValueSet[]): Sorted {
  const inside: TextSet[] = [];
  const outside: TextSet[] = [];
  const ranges = new Map<RangeTheory, Ranges>();
  for (const set of sets) {
    if (set.theory === 'text') {
      (set.inside ? inside : outside).push(set.texts);
      if (set.readable !== undefined) inside.push(set.readable);
    } else {
      const known = ranges.get(set.theory);
      ranges.set(set.theory, intersection(known ?? universe(set.theory), set.ranges));
    }
  }
  return { inside, outside, ranges };
}

function findListed(
  search: TextSearch,
  listed: TextSet,
  inside: readonly TextSet[],
  outside: readonly TextSet[],
  ranges: ReadonlyMap<RangeTheory, Ranges>,
): Word | undefined {
  for (const pattern of listed.patterns) {
    const text = pattern.exact ?? '';
    const fits = [...ranges].every(([theory, set]) => {
      const point = pointOf(theory, text);
      return point === undefined ? set.unreadable : holds(set, point);
    });
    if (!fits) continue;
    const word = search.find([textSet([pattern]), ...inside], outside);
    if (word !== undefined) return word;
  }
  return undefined;
}
