/**
 * Statements for roles that Leasehold does not manage: with a lease, these roles may be passed to a service (`passes`)
 * or assumed (`assumes`).
 */
import type { Allow, Role } from '@leasehold/definitions';

/** The action that passes a role to a service. */
export const PASS_ACTION = 'iam:PassRole';
/** The condition key for the service to which a role is passed. Only `iam:PassRole` supports this key. */
export const PASSED_TO = 'iam:PassedToService';
/**
 * The actions for assuming a role. `sts:SetSourceIdentity` is required because the source identity of a lease is kept
 * when another role is assumed. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export const CHAIN_ACTIONS: readonly string[] = ['sts:AssumeRole', 'sts:SetSourceIdentity'];

/** The fields of a role that determine the statements. */
export type Handing = Partial<Pick<Role, 'passes' | 'assumes'>>;

/** ARNs of the roles that may be passed, by service principal. Services and ARNs are sorted. */
export function passedRoles({ passes = [] }: Handing): ReadonlyMap<string, readonly string[]> {
  const services = [...new Set(passes.map(({ to }) => to))].sort();
  return new Map(
    services.map((service) => [
      service,
      [...new Set(passes.filter(({ to }) => to === service).map(({ role }) => role.arn))].sort(),
    ]),
  );
}

/** ARNs of the roles that may be assumed, sorted. */
export function assumedRoles({ assumes = [] }: Handing): readonly string[] {
  return [...new Set(assumes.map(({ role }) => role.arn))].sort();
}

/** Everything that a role permits: allowed actions, and roles that may be passed or assumed. */
export function permitted(role: Pick<Role, 'allow'> & Handing): readonly Allow[] {
  const assumed = assumedRoles(role);
  return [
    ...role.allow,
    ...[...passedRoles(role)].map(
      ([service, resources]): Allow => ({
        actions: [PASS_ACTION],
        resources,
        conditions: { StringEquals: { [PASSED_TO]: [service] } },
      }),
    ),
    ...(assumed.length > 0 ? [{ actions: CHAIN_ACTIONS, resources: assumed, conditions: {} }] : []),
  ];
}
