/**
 * The differences between two estates, as pairs of entries with the same key. Pairs of identical entries are omitted.
 */
import type { Estate, Identity, PlannedAccess } from '../model';
import { sameValue } from './equal-values';

/** An entry of an estate, before and after the plan. */
export interface Changed<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/**
 * The entries that differ between two maps: first the entries of the later map, in its order, then the removed entries.
 */
export function changedEntries<T extends object>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly Changed<T>[] {
  const changed: Changed<T>[] = [];
  for (const [key, later] of after) {
    const earlier = before.get(key);
    if (!sameValue(earlier, later)) changed.push({ key, before: earlier, after: later });
  }
  for (const [key, earlier] of before) {
    if (!after.has(key)) changed.push({ key, before: earlier, after: undefined });
  }
  return changed;
}

/** The identities that changed, or whose groups changed. */
export function changedIdentities({ before, after }: PlannedAccess): readonly Changed<Identity>[] {
  const changed = replacements(changedEntries(before.identities, after.identities));
  const groups = new Set(changed.flatMap(({ key }) => (isGroup(key, before, after) ? [key] : [])));
  if (groups.size === 0) return changed;
  const known = new Set(changed.map(({ key }) => key));
  const members: Changed<Identity>[] = [];
  for (const [key, identity] of after.identities) {
    if (known.has(key) || !identity.groups.some((group) => groups.has(group))) continue;
    members.push({ key, before: before.identities.get(key), after: identity });
  }
  return [...changed, ...members];
}

/**
 * Places a removed identity before the new identity that replaces it. The replacement gets its policies and groups from
 * the same resources. If several new identities have such resources, the replacement is the identity that shares the
 * most resources.
 */
function replacements(changed: readonly Changed<Identity>[]): readonly Changed<Identity>[] {
  const removed = new Map<string, Identity>();
  for (const { before, after } of changed) {
    if (before?.place !== undefined && after === undefined) {
      for (const part of before.parts ?? []) removed.set(`${before.kind} ${part}`, before);
    }
  }
  const replaced = new Map<string, Identity>();
  const taken = new Set<string>();
  for (const { key, before, after } of changed) {
    if (before !== undefined || after?.place === undefined) continue;
    const shared = new Map<Identity, number>();
    for (const part of after.parts ?? []) {
      const earlier = removed.get(`${after.kind} ${part}`);
      if (earlier !== undefined && !taken.has(earlier.key)) shared.set(earlier, (shared.get(earlier) ?? 0) + 1);
    }
    const [most] = [...shared].sort(([, one], [, other]) => other - one);
    if (most === undefined) continue;
    taken.add(most[0].key);
    replaced.set(key, most[0]);
  }
  if (replaced.size === 0) return changed;
  return changed
    .filter(({ key, after }) => after !== undefined || !taken.has(key))
    .map((each) => ({ ...each, before: each.before ?? replaced.get(each.key) }));
}

function isGroup(key: string, before: Estate, after: Estate): boolean {
  return (after.identities.get(key) ?? before.identities.get(key))?.kind === 'group';
}
