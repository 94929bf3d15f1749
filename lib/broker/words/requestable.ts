/** Describes a role before somebody requests it: what a lease of the role would permit. */
import type { RoleView } from '@leasehold/contract';
import { noticesOf, type Permission, permissionsOf, within } from '@leasehold/contract/permission';
import { solid, spoken, visible } from '@leasehold/contract/text';
import type { Fact } from './facts';
import { permissionLines, unshown } from './grant';

/** What a requester has chosen so far. */
export interface Choice {
  /** The known values of parameters. All other parameters are shown as `${param.NAME}`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly seconds: number;
  /**
   * A subset of the role's actions. If set, AWS-managed policies are not part of the lease.
   * @default all actions of the role
   */
  readonly actions?: readonly string[];
}

/**
 * What a lease of a role would permit, in the same words that approvers see for a grant.
 * @throws {UnshownGrant} if the permissions cannot be shown completely
 */
export function requestableFacts(role: RoleView, { parameters, seconds, actions }: Choice): readonly Fact[] {
  const { name, arn, purpose, access } = role;
  const { managedPolicies = [] } = actions === undefined ? role : {};
  const permissions = rolePermissions(role, parameters).flatMap((each) => narrowed(each, actions));
  const notices = noticesOf(permissions, { access }, unshown);
  const fact = (label: string, lines: Fact['lines']): readonly Fact[] => (lines.length === 0 ? [] : [{ label, lines }]);
  return [
    ...fact('Role', [visible(`${name}: ${purpose}`), visible(arn)]),
    ...fact(
      'Parameters',
      Object.entries(parameters).map(([key, value]) => `${solid(key)} = ${solid(value)}`),
    ),
    ...fact('Length', [`${spoken(seconds)} from when it is collected`]),
    ...fact('Permissions', permissions.flatMap(permissionLines)),
    ...fact(
      'Policies',
      managedPolicies.map((policyArn) => visible(`${policyArn}, whose text AWS manages`)),
    ),
    ...fact('Notice', notices.map(visible)),
  ];
}

/** The statement, reduced to these actions. A grant contains every deny statement of its role. */
function narrowed(permission: Permission, actions: Choice['actions']): readonly Permission[] {
  if (actions === undefined || permission.effect === 'Deny') return [permission];
  const own = permission.actions.map((action) => action.toLowerCase());
  const kept = actions.filter((action) => own.some((pattern) => within(action.toLowerCase(), pattern)));
  return kept.length === 0 ? [] : [{ ...permission, actions: kept }];
}

/**
 * The statements of a role's policy. Parameters without a value are written in the notation of the definitions.
 * @throws {UnshownGrant} if a statement cannot be shown completely
 */
export function rolePermissions(
  role: Pick<RoleView, 'arn' | 'policy' | 'parameters'>,
  parameters: Readonly<Record<string, string>> = {},
): readonly Permission[] {
  const { arn, policy } = role;
  return permissionsOf({ arn, policy }, { ...unknownIn(role), ...parameters }, unshown);
}

/** A placeholder for each parameter without a value, in the notation of the definitions. */
function unknownIn({ parameters }: Pick<RoleView, 'parameters'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, `\${param.${name}}`]));
}
