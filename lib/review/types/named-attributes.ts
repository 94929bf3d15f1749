/** Top-level attributes of grants that contain a recipient, for example `roles` for the path `roles.authenticated`. */
import { type AccessGrantType, GRANTS } from './grants';
import { ROLE_GRANTS, type RoleGrant } from './role-grants';

/** How a type gives access by a grant; `undefined` for a type without grants. */
export function grantOf(type: string): AccessGrantType | undefined {
  return Object.hasOwn(GRANTS, type) ? (GRANTS as Readonly<Record<string, AccessGrantType>>)[type] : undefined;
}

/** How a resource type passes an IAM role to another principal or service; `undefined` if it does not. */
export function roleGrantOf(type: string): RoleGrant | undefined {
  return Object.hasOwn(ROLE_GRANTS, type) ? (ROLE_GRANTS as Readonly<Record<string, RoleGrant>>)[type] : undefined;
}

/** The top-level attributes of a type that contain roles, accounts and principals. */
export function topLevelNames(type: string): ReadonlySet<string> {
  const paths = [...(grantOf(type)?.to ?? []), ...(roleGrantOf(type)?.roles ?? []).map(({ path }) => path)];
  return new Set(paths.map((path) => path.split('.')[0] ?? ''));
}
