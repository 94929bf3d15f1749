/** Classifies every Terraform type of the AWS provider for a review. */
import { FUNCTION_PERMISSION } from '../estate/function-permissions';
import { PERMISSION_SET_PARTS } from '../estate/permission-sets';
import { PROTECTED_TYPES, RESOURCE_POLICY_TYPES } from '../estate/resource-policy-types';
import { IDENTITY_PARTS } from '../estate/tables';
import { grantOf, roleGrantOf } from './named-attributes';
import { LETS_IN } from './open-access-types';
import { namesRole } from './suspects';
import { MAKES_ANYTHING, UNREAD_ACCESS, UNREAD_POLICY } from './unread-types';
import { WATCHED_TYPES } from './watched-types';

/**
 * - `access`: lets somebody in by a grant, a share, an assignment or a credential, or makes what no plan shows;
 * - `policy`: is an identity or holds a policy;
 * - `protection`: weakens what watches or protects when it changes;
 * - `role`: runs with a role, and gives access no other way;
 * - `neutral`: none of these.
 */
export const CLASSES = ['access', 'policy', 'protection', 'role', 'neutral'] as const;
export type TypeClass = (typeof CLASSES)[number];

/** The most severe class of a type, determined from the tables and the names of its attributes. */
export function classify(type: string, attributes: Iterable<string>): TypeClass {
  if (grantOf(type) !== undefined || roleGrantOf(type) !== undefined || Object.hasOwn(LETS_IN, type)) return 'access';
  if (UNREAD_ACCESS.has(type) || MAKES_ANYTHING.has(type) || type === FUNCTION_PERMISSION) return 'access';
  if (IDENTITY_PARTS.has(type) || PERMISSION_SET_PARTS.has(type)) return 'policy';
  if (RESOURCE_POLICY_TYPES.has(type) || UNREAD_POLICY.has(type)) return 'policy';
  if (WATCHED_TYPES.has(type)) return 'protection';
  return [...attributes].some((path) => namesRole(lastOf(path))) ? 'role' : 'neutral';
}

/**
 * Whether resources of the type are read, either by a check or to build the estate. For types with a role, the
 * attributes that contain the role are recognized by their names.
 */
export function isRead(type: string): boolean {
  return READ.some((types) => types.has(type));
}

/** The last part of a path: `role_arn` for `settings.role_arn`. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

const READ: readonly { has(type: string): boolean }[] = [
  IDENTITY_PARTS,
  PERMISSION_SET_PARTS,
  RESOURCE_POLICY_TYPES,
  PROTECTED_TYPES,
  WATCHED_TYPES,
  new Set([FUNCTION_PERMISSION]),
];
