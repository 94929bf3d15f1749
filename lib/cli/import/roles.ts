/**
 * Groups units into roles. Each role is for one task. Roles are split by access level and, if the source is broad, by
 * service.
 */
import type { Catalogue } from '@leasehold/policy';
import { isSensitive, shortest } from './actions';
import type { DraftAccess, DraftRole, DraftStatement, Tale, Unit } from './model';
import { accepts } from './resources';

export interface Grouping {
  /** The base for role names. */
  readonly name: string;
  /** Whether to split by access level and service even if the source counts as a single task. */
  readonly split: boolean;
  /** Returns whether a role name is already used. */
  readonly taken: (name: string) => boolean;
}

/**
 * A source with at most this number of services counts as one task, whose reads and writes are put in the same role.
 */
const MOST_SERVICES = 6;
const MOST_ACTIONS = 80;

/** The roles of a source. */
export function draftRoles(units: readonly Unit[], grouping: Grouping, catalogue: Catalogue, tale: Tale): DraftRole[] {
  const services = new Set(units.flatMap(({ actions }) => actions.map(({ service }) => service)));
  const actions = new Set(units.flatMap((unit) => unit.actions.map(({ id }) => id)));
  const narrow = !grouping.split && services.size <= MOST_SERVICES && actions.size <= MOST_ACTIONS;
  const base = slug(grouping.name);
  const used = new Set<string>();
  const groups = narrow ? byLevel(units) : byServiceAndLevel(units);
  return groups.map(({ access, service, units: own }) => ({
    name: unusedName([base, service, access], (name) => used.has(name) || grouping.taken(name), used),
    source: grouping.name,
    access,
    allow: merged(own.map((unit) => toStatement(unit, access, catalogue, tale))),
    deny: [],
    unscoped: false,
  }));
}

interface Group {
  readonly access: DraftAccess;
  /** The service of the role. Undefined if the role covers all services of the source. */
  readonly service?: string;
  readonly units: readonly Unit[];
}

/**
 * The groups for a source that counts as one task: a group with the writes and all reads, and a group with the deletes
 * and the reads needed to select what to delete. If the source has no writes or deletes, there is one group with the
 * reads.
 */
function byLevel(units: readonly Unit[]): readonly Group[] {
  const of = (access: DraftAccess) => units.filter((unit) => unit.access === access);
  const [reads, writes, deletes] = [of('read'), of('write'), of('delete')];
  const inDeletes = new Set(deletes.flatMap(({ actions }) => actions.map(({ service }) => service)));
  const beside = reads.flatMap((unit) => only(unit, ({ id, service }) => inDeletes.has(service) && !isSensitive(id)));
  const groups: Group[] = [
    { access: 'read', units: writes.length > 0 ? [] : reads },
    { access: 'write', units: writes.length > 0 ? [...writes, ...reads] : [] },
    { access: 'delete', units: deletes.length > 0 ? [...deletes, ...beside] : [] },
  ];
  return groups.filter((group) => group.units.length > 0);
}

function byServiceAndLevel(units: readonly Unit[]): readonly Group[] {
  const services = new Set(units.flatMap(({ actions }) => actions.map(({ service }) => service)));
  return [...services].toSorted().flatMap((service) =>
    (['read', 'write', 'delete'] as const)
      .map((access) => ({
        access,
        service,
        units: units
          .filter((unit) => unit.access === access)
          .flatMap((unit) => only(unit, (a) => a.service === service)),
      }))
      .filter((group) => group.units.length > 0),
  );
}

function only(unit: Unit, wanted: (action: Unit['actions'][number]) => boolean): readonly Unit[] {
  const actions = unit.actions.filter(wanted);
  return actions.length === 0 ? [] : [{ ...unit, actions }];
}

function toStatement(unit: Unit, access: DraftAccess, catalogue: Catalogue, tale: Tale): DraftStatement {
  const ids = unit.actions.map(({ id }) => id);
  const actions = unit.access === access ? shortest(ids, unit.patterns, catalogue) : ids.toSorted();
  const resources = unit.resources.filter((resource) => unit.actions.some((a) => accepts(a, resource, catalogue)));
  for (const { narrower } of resources) if (narrower !== undefined) tale.narrower.add(narrower);
  return { actions, resources: resources.map(({ written }) => written), conditions: unit.conditions, from: unit.from };
}

/** Merges statements that differ only in their actions. */
export function merged(statements: readonly DraftStatement[]): readonly DraftStatement[] {
  const found = new Map<string, DraftStatement>();
  for (const statement of statements) {
    const { resources, conditions } = statement;
    const key = JSON.stringify([resources.toSorted(), conditions]);
    const before = found.get(key);
    found.set(
      key,
      before === undefined
        ? statement
        : { ...before, actions: [...new Set([...before.actions, ...statement.actions])].toSorted() },
    );
  }
  return [...found.values()];
}

/** Maximum length of a role name. */
const LONGEST = 31;

function unusedName(
  parts: readonly (string | undefined)[],
  taken: (name: string) => boolean,
  used: Set<string>,
): string {
  const [base = '', service, access = ''] = parts;
  for (let count = 1; ; count++) {
    const tail = [service, access, ...(count === 1 ? [] : [String(count)])].filter((part) => part !== undefined);
    const end = slug(tail.join('-').slice(-LONGEST));
    const name = [...fitting(base.split('-'), LONGEST - end.length - 1), end].join('-');
    if (taken(name)) continue;
    used.add(name);
    return name;
  }
}

/** The longest prefix of the text that does not exceed the length and ends with a complete word. */
function fitting(words: readonly string[], length: number): readonly string[] {
  let left = length + 1;
  const fit = words.findIndex((word) => {
    left -= word.length + 1;
    return left < 0;
  });
  return fit < 0 ? words : words.slice(0, fit);
}

/** Converts text to a name that begins with a letter and consists of lower-case letters, digits and single hyphens. */
export function slug(text: string): string {
  const found = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return found === '' ? 'imported' : found;
}
