/** Lists what a role can do by service and access level, with the catalogue of AWS's actions. */
import { conditionWords, rolePermissions } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { solid } from '@leasehold/contract/text';
import { type ActionAccess, escalation, loadCatalogueFor, powersIn, sensitiveRead } from '@leasehold/policy/core';

/** One action of a role. */
export interface RoleAction {
  readonly id: string;
  /** The resources on which the role permits the action. Empty if the action supports none of the role's resources. */
  readonly on: readonly string[];
  /** Why a reviewer must look at the action, for example because it returns secrets. */
  readonly notice: string | undefined;
}

/** The actions of one service with one access level. */
export interface RolePowersGroup {
  readonly service: string;
  readonly access: ActionAccess;
  readonly actions: readonly RoleAction[];
}

export interface RolePowers {
  readonly groups: readonly RolePowersGroup[];
  /** Patterns that match no action that AWS lists, so what they permit is unknown. */
  readonly unknown: readonly string[];
  /** What the role denies itself, one sentence for each statement. */
  readonly denials: readonly string[];
}

const ORDER: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];

/** @throws {UnshownGrant} if a statement of the role cannot be shown completely */
export async function powersOf(role: RoleView): Promise<RolePowers> {
  const permissions = rolePermissions(role);
  const allowing = permissions.filter(({ effect }) => effect === 'Allow');
  const catalogue = await loadCatalogueFor(allowing.flatMap(({ actions }) => actions));
  const powers = powersIn(catalogue)(allowing);
  const groups = new Map<string, RolePowersGroup & { readonly actions: RoleAction[] }>();
  for (const { action, access, on } of powers.permitted()) {
    const key = `${action.service} ${access}`;
    const group = groups.get(key) ?? { service: action.service, access, actions: [] };
    groups.set(key, group);
    group.actions.push({
      id: action.id,
      on: on.map(({ resource, conditions }) => `${resource}${proviso(conditions)}`),
      notice: noticeOf(action.id),
    });
  }
  const sorted = [...groups.values()].sort(
    (a, b) => compared(a.service, b.service) || ORDER.indexOf(a.access) - ORDER.indexOf(b.access),
  );
  return { groups: sorted, unknown: powers.unknown, denials: denialsOf(permissions) };
}

/** A denial with conditions is not absolute, so its sentence begins with the conditions. */
function denialsOf(permissions: ReturnType<typeof rolePermissions>): readonly string[] {
  return permissions
    .filter(({ effect }) => effect === 'Deny')
    .map(({ actions, resources, conditions }) => {
      const when = conditionWords(conditions);
      const what = `${actions.map(solid).join(', ')} on ${resources.map(solid).join(', ')}`;
      return when.length === 0 ? `Never: ${what}` : `Denied if ${when.join(' and ')}: ${what}`;
    });
}

/** The keys on which a permission depends, for example ` if s3:prefix`. */
function proviso(conditions: Readonly<Record<string, object>>): string {
  const keys = Object.values(conditions).flatMap((block) => Object.keys(block));
  return keys.length === 0 ? '' : ` if ${keys.join(' and ')}`;
}

function noticeOf(id: string): string | undefined {
  if (escalation(id) !== undefined) return 'can give more permissions';
  return sensitiveRead(id) === undefined ? undefined : 'returns sensitive data';
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
