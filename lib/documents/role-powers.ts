/** Everything that the roles of a project can do. */
import type { Definitions, Role } from '@leasehold/definitions';
import { loadCatalogue, loadWholeCatalogue, type Powers, parseActionPattern, powersIn } from '@leasehold/policy';

/** Answers what a role can do. */
export type RolePowers = (role: Role) => Powers;

/**
 * Reads the catalogue of every service that the roles name, or the whole of it where one names all services, and answers
 * what each role can do: what `leasehold can` prints. Not among it is what every lease can: attenuate itself.
 * @example
 * const powersOf = await loadRolePowers(definitions);
 * powersOf(role).permitted().map(({ action, on }) => [action.id, on]);
 */
export async function loadRolePowers(definitions: Definitions): Promise<RolePowers> {
  const roles = definitions.environments.flatMap((environment) => environment.roles);
  const patterns = roles.flatMap(({ allow }) => allow.flatMap(({ actions }) => actions));
  const services = new Set(patterns.map((pattern) => parseActionPattern(pattern)?.service ?? '*'));
  const powersOf = powersIn(services.has('*') ? await loadWholeCatalogue() : await loadCatalogue(services));
  return ({ allow }) => powersOf(allow);
}
