/** What statements permit: their action patterns expanded over the catalogue. */
import { type ActionAccess, accessOf, runsSql, sensitiveRead } from './access';
import type { ActionInfo, Catalogue } from './catalogue-types';

/** What is permitted, as a role's definition says it. */
export interface PermittingStatement {
  /** Actions, with `*` and `?`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → condition key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One action that is permitted, and where. */
export interface PermittedAction {
  readonly action: ActionInfo;
  readonly access: ActionAccess;
  /** Where the action is permitted; only resources that it works on. */
  readonly on: readonly { readonly resource: string; readonly conditions: PermittingStatement['conditions'] }[];
}

/** Everything that some statements permit, expanded. */
export interface Powers {
  /** Every action that a statement covers, once, sorted by id. */
  readonly actions: readonly ActionInfo[];
  /** Patterns that stand for no action that AWS lists: what they permit is not known. */
  readonly unknown: readonly string[];
  /** Prefixes of the services of the actions, sorted. */
  readonly services: readonly string[];
  /**
   * The kinds of access among the actions. A pattern that is not known counts as every kind, and so does an action that
   * runs SQL, which IAM does not see.
   */
  readonly access: ReadonlySet<ActionAccess>;
  /** Whether an action runs SQL: then only the database limits what it does there. */
  readonly sql: boolean;
  /** The actions, each with where it is permitted. */
  readonly permitted: () => readonly PermittedAction[];
  /** Sensitive reads of those services that are not among the actions, sorted. */
  readonly withheld: () => readonly string[];
}

const EVERY_ACCESS: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];

/**
 * Expands statements over a catalogue; what depends on their action patterns alone is worked out once.
 * @param catalogue has to contain the services that the statements name
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
    places: resources.map((resource) => ({ resource, conditions })),
  }));
  return actions.map((action) => ({
    action,
    access: accessOf(action),
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
