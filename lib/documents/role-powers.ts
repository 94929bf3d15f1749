/** Lists everything that the roles of a project can do, including through AWS-managed policies. */
import type { Allow, Definitions, Role } from '@leasehold/definitions';
import { loadCatalogueFor, type Powers, powersIn } from '@leasehold/policy';
import { permitted } from './handed-roles';
import { managedPowers } from './managed-powers';

/** Returns what a role can do. */
export type RolePowers = (role: Role) => Powers;

/**
 * Loads the catalogue of every service that the roles name, or the whole catalogue if a role names all services.
 * Returns a function that lists what a role can do; `leasehold can` prints its result. The list does not contain
 * attenuation, which is available to every lease.
 * @example
 * const powersOf = await loadRolePowers(definitions);
 * powersOf(role).permitted().map(({ action, on }) => [action.id, on]);
 */
export async function loadRolePowers(definitions: Definitions): Promise<RolePowers> {
  const roles = definitions.environments.flatMap((environment) => environment.roles);
  const patterns = roles.flatMap((role) => all(role).flatMap(({ actions }) => actions));
  const powersOf = powersIn(await loadCatalogueFor(patterns));
  return (role) => powersOf(all(role));
}

function all(role: Role): readonly Allow[] {
  return [...permitted(role), ...managedPowers(role)];
}
