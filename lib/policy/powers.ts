/** Lists the actions that statements permit, by expanding their action patterns with the catalogue. */
import { type ActionAccess, accessOf, accessUnder, runsSql, sensitiveRead } from './access';
import type { ActionInfo, Catalogue } from './catalogue-types';

/** An allow statement, in the form that a role's definition uses. */
export interface PermittingStatement {
  /** Actions, with `*` and `?`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → condition key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** An action that is permitted, and the resources on which it is permitted. */
export interface PermittedAction {
  readonly action: ActionInfo;
  readonly access: ActionAccess;
  /** The resources on which the action is permitted, limited to resources that the action supports. */
  readonly on: readonly { readonly resource: string; readonly conditions: PermittingStatement['conditions'] }[];
}

/** Everything that a set of statements permits. */
export interface Powers {
  /** Every action that a statement covers, without duplicates, sorted by id. */
  readonly actions: readonly ActionInfo[];
  /** Action patterns that match no action in the catalogue, so that their permissions are unknown. */
  readonly unknown: readonly string[];
  /** Prefixes of the services of the actions, sorted. */
  readonly services: readonly string[];
  /**
   * The access classes of the actions. An unknown pattern counts as every class. An action that runs SQL also counts as
   * every class, because IAM cannot inspect SQL.
   */
  readonly access: ReadonlySet<ActionAccess>;
  /**
   * Whether at least one action runs SQL. In the database, such an action is limited only by the database's own
   * permissions.
   */
  readonly sql: boolean;
  /** The permitted actions with their resources. */
  readonly permitted: () => readonly PermittedAction[];
  /** Sensitive read actions of the same services that the statements do not permit, sorted. */
  readonly withheld: () => readonly string[];
}

const EVERY_ACCESS: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];

/**
 * Expands statements with a catalogue. Results that depend only on the action patterns are cached.
 * @param catalogue must contain the services that the statements name
 * @example
 * const powersOf = powersIn(await loadCatalogue(['s3']));
 * powersOf([{ actions: ['s3:Get*'], resources: ['arn:aws:s3:::deploy/*'], conditions: {} }]).actions;
 */
export function powersIn(catalogue: Catalogue): (statements: readonly PermittingStatement[]) => Powers {
  const known = new Map<string, Reach>();
  return (statements) => {
    const patterns = statements.flatMap(({ actions }) => actions);
    const key = patterns.join(' ');
    const reach = known.get(key) ?? reachOf(patterns, catalogue);
    known.set(key, reach);
    return {
      ...reach,
      permitted: () => permittedBy(statements, reach, catalogue),
      withheld: () => withheldFrom(reach, catalogue),
    };
  };
}

type Reach = Omit<Powers, 'permitted' | 'withheld'>;

function reachOf(patterns: readonly string[], catalogue: Catalogue): Reach {
  const expanded = patterns.map((pattern) => ({ pattern, covered: catalogue.expand(pattern) }));
  const unknown = expanded.filter(({ covered }) => covered.length === 0).map(({ pattern }) => pattern);
  const byId = new Map(expanded.flatMap(({ covered }) => covered.map((action) => [action.id, action])));
  const actions = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sql = actions.some(({ id }) => runsSql(id));
  return {
    actions,
    unknown: [...new Set(unknown)],
    services: [...new Set(actions.map(({ service }) => service))].sort(),
    access: new Set(unknown.length > 0 || sql ? EVERY_ACCESS : actions.map(accessOf)),
    sql,
  };
}

function permittedBy(
  allowing: readonly PermittingStatement[],
  { actions }: Reach,
  catalogue: Catalogue,
): readonly PermittedAction[] {
  const statements = allowing.map(({ actions: patterns, resources, conditions }) => ({
    covered: new Set(patterns.flatMap((pattern) => catalogue.expand(pattern).map(({ id }) => id))),
    conditions,
    places: resources.map((resource) => ({ resource, conditions })),
  }));
  return actions.map((action) => ({
    action,
    access: statements
      .filter(({ covered }) => covered.has(action.id))
      .every(({ conditions }) => accessUnder(action, conditions) !== accessOf(action))
      ? accessUnder(action, statements.find(({ covered }) => covered.has(action.id))?.conditions ?? {})
      : accessOf(action),
    on: statements
      .filter(({ covered }) => covered.has(action.id))
      .flatMap(({ places }) => places.filter(({ resource }) => catalogue.acceptsResource(action, resource))),
  }));
}

function withheldFrom({ actions, services }: Reach, catalogue: Catalogue): readonly string[] {
  const held = new Set(actions.map(({ id }) => id));
  return services
    .flatMap((service) => catalogue.expand(`${service}:*`))
    .map(({ id }) => id)
    .filter((id) => sensitiveRead(id) !== undefined && !held.has(id))
    .sort();
}
