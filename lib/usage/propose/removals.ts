/** Decides which values in the definition files can be removed. A value may apply to several roles and environments. */
import type { Definitions, Role, SourceRange } from '@leasehold/definitions';
import type { EntryUsage, RoleUsage } from '../report/usage';

/**
 * A value that no role used in any environment, or an action pattern for which only some matching actions were used.
 */
export interface Removal {
  readonly at: SourceRange;
  readonly list: 'actions' | 'resources';
  /** As written, variables resolved. */
  readonly text: string;
  /** Actions that replace the pattern; empty if the pattern is removed. */
  readonly by: readonly string[];
  /** Roles and environments, as `environment/role`. */
  readonly roles: readonly string[];
}

/** A value that is kept, with the reason. */
export interface Kept {
  readonly at: SourceRange;
  readonly list: 'actions' | 'resources';
  readonly text: string;
  readonly why: string;
  readonly roles: readonly string[];
}

/** A statement without any recorded use. */
export interface StatementRemoval {
  readonly at: SourceRange;
  readonly roles: readonly string[];
}

export interface Removals {
  readonly items: readonly Removal[];
  readonly statements: readonly StatementRemoval[];
  readonly kept: readonly Kept[];
  /** Roles without any recorded use, as `environment/role`. */
  readonly idle: readonly string[];
}

/** A map key for a source position. */
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

/** Maps each source position that is part of a role without usage data to that role, as `environment/role`. */
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

/** The source positions of all values in a role's permissions. */
export function placesOf(role: Role): readonly SourceRange[] {
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

/** The actions that replace a pattern. */
function narrowed(entries: readonly EntryUsage[]): readonly string[] {
  return [...new Set(entries.flatMap(({ narrower }) => narrower ?? []))].sort();
}

/**
 * Removes a statement if all of its actions are removed. If all of its resources would be removed but not all of its
 * actions, keeps the resources.
 */
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
  // A role must have at least one statement, so a role without any use is only reported, not changed.
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
