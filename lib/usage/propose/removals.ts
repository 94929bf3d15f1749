/** Which written values of the definitions can be removed. A value counts for every role and environment that it is in. */
import type { Definitions, Role, SourceRange } from '@leasehold/definitions';
import type { EntryUsage, RoleUsage } from '../report/usage';

/** A value that no role in any environment used, or a pattern of which only some actions were used. */
export interface Removal {
  readonly at: SourceRange;
  readonly list: 'actions' | 'resources';
  /** As written, variables resolved. */
  readonly text: string;
  /** Actions in place of a pattern; empty if it is removed. */
  readonly by: readonly string[];
  /** Roles and environments, as `environment/role`. */
  readonly roles: readonly string[];
}

/** A value that stays, and why. */
export interface Kept {
  readonly at: SourceRange;
  readonly list: 'actions' | 'resources';
  readonly text: string;
  readonly why: string;
  readonly roles: readonly string[];
}

/** A statement of which nothing was used. */
export interface StatementRemoval {
  readonly at: SourceRange;
  readonly roles: readonly string[];
}

export interface Removals {
  readonly items: readonly Removal[];
  readonly statements: readonly StatementRemoval[];
  readonly kept: readonly Kept[];
  /** Roles of which nothing was used, as `environment/role`. */
  readonly idle: readonly string[];
}

/** The key of a place in a file. */
export function placeOf({ file, line, column }: SourceRange): string {
  return `${file}:${line}:${column}`;
}

interface Group {
  readonly entries: EntryUsage[];
  readonly roles: string[];
  readonly statements: Set<string>;
}

/** @see Removals */
export function removalsOf(usage: readonly RoleUsage[], definitions: Definitions): Removals {
  const groups = grouped(usage);
  const unread = unreadPlaces(usage, definitions);
  const items: Removal[] = [];
  const kept: Kept[] = [];
  for (const [place, { entries, roles }] of groups) {
    const [first] = entries;
    if (first === undefined) continue;
    const { at, list, text } = first;
    const other = unread.get(place);
    const why = other === undefined ? reasonToKeep(entries) : `it is also in ${other}, of which no events were read`;
    const by = why === undefined ? narrowed(entries) : undefined;
    if (by !== undefined) items.push({ at, list, text, by, roles });
    else kept.push({ at, list, text, roles, why: why ?? 'it was used' });
  }
  return { ...byStatement(items, groups, usage), kept };
}

function grouped(usage: readonly RoleUsage[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const { of, entries } of usage) {
    for (const entry of entries) {
      const key = placeOf(entry.at);
      const group = groups.get(key) ?? { entries: [], roles: [], statements: new Set() };
      group.entries.push(entry);
      if (!group.roles.includes(of.key)) group.roles.push(of.key);
      group.statements.add(placeOf(of.role.locate(['allow', entry.statement])));
      groups.set(key, group);
    }
  }
  return groups;
}

/** Places that a role of another environment shares, with the role. */
function unreadPlaces(usage: readonly RoleUsage[], { environments }: Definitions): ReadonlyMap<string, string> {
  const read = new Set(usage.map(({ of }) => of.key));
  const places = new Map<string, string>();
  for (const environment of environments) {
    for (const role of environment.roles) {
      const key = `${environment.name}/${role.name}`;
      if (!read.has(key)) for (const at of placesOf(role)) places.set(placeOf(at), key);
    }
  }
  return places;
}

function placesOf(role: Role): readonly SourceRange[] {
  return role.allow.flatMap(({ actions, resources }, statement) => [
    ...actions.map((_, index) => role.locate(['allow', statement, 'actions', index])),
    ...resources.map((_, index) => role.locate(['allow', statement, 'resources', index])),
  ]);
}

function reasonToKeep(entries: readonly EntryUsage[]): string | undefined {
  const unknown = entries.find(({ status }) => status === 'unknown');
  if (unknown !== undefined) return unknown.why ?? 'it is not known whether it was used';
  const whole = entries.find(({ status, narrower }) => status === 'used' && narrower === undefined);
  return whole === undefined ? undefined : (whole.why ?? 'it was used');
}

/** The actions that stay of a pattern. */
function narrowed(entries: readonly EntryUsage[]): readonly string[] {
  return [...new Set(entries.flatMap(({ narrower }) => narrower ?? []))].sort();
}

/** Removes a statement whose actions are all removed, and keeps the resources of a statement whose are all removed. */
function byStatement(
  items: readonly Removal[],
  groups: ReadonlyMap<string, Group>,
  usage: readonly RoleUsage[],
): Omit<Removals, 'kept'> {
  const gone = new Set(items.filter(({ by }) => by.length === 0).map(({ at }) => placeOf(at)));
  const lists = new Map<
    string,
    {
      readonly at: SourceRange;
      readonly roles: Set<string>;
      readonly actions: Set<string>;
      readonly resources: Set<string>;
    }
  >();
  for (const { of, entries } of usage) {
    for (const entry of entries) {
      const at = of.role.locate(['allow', entry.statement]);
      const key = placeOf(at);
      const list = lists.get(key) ?? { at, roles: new Set(), actions: new Set(), resources: new Set() };
      list.roles.add(of.key);
      list[entry.list].add(placeOf(entry.at));
      lists.set(key, list);
    }
  }
  const whole = new Map([...lists].filter(([, { actions }]) => [...actions].every((place) => gone.has(place))));
  const idle = usage.flatMap(({ of }) =>
    of.role.allow.length > 0 &&
    of.role.allow.every((_, statement) => whole.has(placeOf(of.role.locate(['allow', statement]))))
      ? [of.key]
      : [],
  );
  // A role without any statement is no role: it is reported, and left as it is.
  const isIdle = (roles: Iterable<string>) => [...roles].some((role) => idle.includes(role));
  const statements = [...whole.values()]
    .filter(({ roles }) => !isIdle(roles))
    .map(({ at, roles }) => ({ at, roles: [...roles] }));
  const emptied = new Set(
    [...lists].filter(([, { resources }]) => [...resources].every((place) => gone.has(place))).map(([key]) => key),
  );
  const left = items.filter(({ at, list, roles }) => {
    const within = [...(groups.get(placeOf(at))?.statements ?? [])];
    if (isIdle(roles) || within.some((key) => whole.has(key))) return false;
    return list === 'actions' || !within.some((key) => emptied.has(key));
  });
  return { items: left, statements, idle };
}
