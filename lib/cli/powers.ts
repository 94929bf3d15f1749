/** What roles can do: their action patterns expanded over the catalogue. */
import type { Allow, Definitions, Role } from '@leasehold/definitions';
import {
  type ActionAccess,
  type ActionInfo,
  accessOf,
  type Catalogue,
  loadCatalogue,
  loadWholeCatalogue,
  parseActionPattern,
  runsSql,
  sensitiveRead,
} from '@leasehold/policy';

/** One action that a role can do, and the statements that permit it. */
export interface Grant {
  readonly action: ActionInfo;
  readonly access: ActionAccess;
  /** Where the action is permitted; only resources that it works on. */
  readonly on: readonly { readonly resource: string; readonly conditions: Allow['conditions'] }[];
}

/** Everything that a role can do, expanded. */
export interface Powers {
  /** Every action that a statement of the role covers, once, sorted by id. */
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
  readonly grants: () => readonly Grant[];
  /** Sensitive reads of those services that the role does not have, sorted. */
  readonly withheld: () => readonly string[];
}

/** Answers the powers of a role. */
export type PowersOf = (role: Role) => Powers;

const EVERY_ACCESS: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];

/** Reads the catalogue of every service that the roles name, or the whole of it where one names all services. */
export async function loadPowers(definitions: Definitions): Promise<PowersOf> {
  const patterns = definitions.environments.flatMap(({ roles }) => roles.flatMap(actionPatterns));
  const services = new Set(patterns.map((pattern) => parseActionPattern(pattern)?.service ?? '*'));
  const catalogue = services.has('*') ? await loadWholeCatalogue() : await loadCatalogue(services);
  const known = new Map<string, Reach>();
  return (role) => {
    const reach = memoized(known, actionPatterns(role), catalogue);
    return {
      ...reach,
      grants: () => grantsOf(role, reach, catalogue),
      withheld: () => withheldFrom(reach, catalogue),
    };
  };
}

/** What depends on the action patterns alone, which many roles share. */
type Reach = Omit<Powers, 'grants' | 'withheld'>;

function memoized(known: Map<string, Reach>, patterns: readonly string[], catalogue: Catalogue): Reach {
  const key = patterns.join(' ');
  const reach = known.get(key) ?? reachOf(patterns, catalogue);
  known.set(key, reach);
  return reach;
}

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

function grantsOf(role: Role, { actions }: Reach, catalogue: Catalogue): readonly Grant[] {
  const statements = role.allow.map(({ actions: patterns, resources, conditions }) => ({
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

function actionPatterns(role: Role): readonly string[] {
  return role.allow.flatMap(({ actions }) => actions);
}
