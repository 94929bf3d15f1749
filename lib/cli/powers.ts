/** What roles can do: their action patterns expanded over the catalogue. */
import type { Allow, Definitions, Role } from '../definitions/model';
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
} from '../policy';

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
  readonly grants: readonly Grant[];
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
  /** Sensitive reads of those services that the role does not have, sorted. */
  readonly withheld: readonly string[];
}

/** Answers the powers of a role. */
export type PowersOf = (role: Role) => Powers;

const EVERY_ACCESS: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];

/** Reads the catalogue of every service that the roles name, or the whole of it where one names all services. */
export async function loadPowers(definitions: Definitions): Promise<PowersOf> {
  const patterns = definitions.environments.flatMap(({ roles }) => roles.flatMap(actionPatterns));
  const services = new Set(patterns.map((pattern) => parseActionPattern(pattern)?.service ?? '*'));
  const catalogue = services.has('*') ? await loadWholeCatalogue() : await loadCatalogue(services);
  return (role) => powersOf(role, catalogue);
}

function powersOf(role: Role, catalogue: Catalogue): Powers {
  const grants = new Map<string, Grant>();
  const unknown = new Set<string>();
  for (const { actions, resources, conditions } of role.allow) {
    for (const pattern of actions) {
      const covered = catalogue.expand(pattern);
      if (covered.length === 0) unknown.add(pattern);
      for (const action of covered) {
        const accepted = resources.filter((resource) => catalogue.acceptsResource(action, resource));
        const on = accepted.map((resource) => ({ resource, conditions }));
        const earlier = grants.get(action.id)?.on ?? [];
        grants.set(action.id, { action, access: accessOf(action), on: [...earlier, ...on] });
      }
    }
  }
  const sorted = [...grants.values()].sort((a, b) => (a.action.id < b.action.id ? -1 : 1));
  const services = [...new Set(sorted.map(({ action }) => action.service))].sort();
  const sql = sorted.some(({ action }) => runsSql(action.id));
  return {
    grants: sorted,
    unknown: [...unknown],
    services,
    access: new Set(unknown.size > 0 || sql ? EVERY_ACCESS : sorted.map(({ access }) => access)),
    sql,
    withheld: services
      .flatMap((service) => catalogue.expand(`${service}:*`))
      .map(({ id }) => id)
      .filter((id) => sensitiveRead(id) !== undefined && !grants.has(id))
      .sort(),
  };
}

function actionPatterns(role: Role): readonly string[] {
  return role.allow.flatMap(({ actions }) => actions);
}
