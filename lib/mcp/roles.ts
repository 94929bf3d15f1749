/** The roles that one agent may request, according to the manifest. */
import { defined } from '@leasehold/contract/defined';
import { asTemplate } from '@leasehold/contract/permission';
import { type Manifest, type Permission, permissionsOf, type RoleEntry } from '@leasehold/runtime';

/** A role as shown in a tool result. */
export interface RoleView {
  readonly role: string;
  readonly purpose: string;
  readonly access: string;
  readonly gates: readonly string[];
  /**
   * Number of people who must approve. Absent if no approval is required, or if the MFA code of one approver is
   * sufficient.
   */
  readonly humans?: number;
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  readonly parameters: readonly ParameterView[];
  /** IAM prefixes of the services in the role's permissions. */
  readonly services: readonly string[];
  readonly may: readonly PermissionView[];
  readonly mustNot: readonly PermissionView[];
}

export interface ParameterView {
  readonly name: string;
  readonly description: string;
  /** A regular expression that must match the whole value. */
  readonly pattern?: string;
  readonly values?: readonly string[];
  /**
   * The verified identity from which the broker takes the value, if any. A parameter with this field must be omitted
   * from requests.
   */
  readonly from?: string;
}

export interface PermissionView {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Permission['conditions'];
}

/** The agent's roles, in the manifest's order. */
export function rolesOf({ roles }: Manifest, agent: string): readonly RoleView[] {
  return Object.entries(roles)
    .filter(([, entry]) => isEligible(entry, agent))
    .map(([name, entry]) => roleView(name, entry, agent));
}

function isEligible({ agents, gates, broker, callOf }: RoleEntry, agent: string): boolean {
  // Only the proxy requests leases for single calls.
  if (callOf !== undefined) return false;
  const byBroker = gates.includes('broker') && (broker?.eligible.agents ?? agents).includes(agent);
  return byBroker || (gates.includes('mfa') && agents.includes(agent));
}

function roleView(name: string, entry: RoleEntry, agent: string): RoleView {
  const { purpose, access, gates, lease, broker } = entry;
  const permissions = permissionsOf(entry, {});
  const may = permissions.filter(({ effect }) => effect === 'Allow');
  return {
    role: name,
    purpose,
    access,
    gates: gates.filter((gate) => gate !== 'mfa' || entry.agents.includes(agent)),
    ...defined({ humans: broker?.humans }),
    lease: { defaultSeconds: lease.defaultSeconds, maxSeconds: lease.maxSeconds },
    parameters: Object.entries(entry.parameters).map(([parameter, { description, pattern, values, from }]) => ({
      name: parameter,
      description,
      ...defined({ pattern, values, from }),
    })),
    services: servicesOf(may),
    may: may.map(permissionView),
    mustNot: permissions.filter(({ effect }) => effect === 'Deny').map(permissionView),
  };
}

/** A statement without the effect. Parameters without values are shown as `${param.NAME}`. */
export function permissionView({ actions, resources, conditions }: Permission): PermissionView {
  return {
    actions,
    resources: resources.map(asTemplate),
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(asTemplate)])),
      ]),
    ),
  };
}

/** IAM prefixes of all services in the statements, sorted; `*` if a statement allows every service. */
export function servicesOf(permissions: readonly Pick<Permission, 'actions'>[]): readonly string[] {
  const prefixes = permissions.flatMap(({ actions }) =>
    actions.map((action) => (action.split(':')[0] ?? '').toLowerCase()),
  );
  return [...new Set(prefixes)].sort();
}
