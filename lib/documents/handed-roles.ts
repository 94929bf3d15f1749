/** Roles of others that a lease may hand to a service (`passes`) or turn into (`assumes`), as statements. */
import type { Allow, Role } from '@leasehold/definitions';

/** Handing a role to a service. */
export const PASS_ACTION = 'iam:PassRole';
/** The service that a role is handed to. Only `iam:PassRole` has it. */
export const PASSED_TO = 'iam:PassedToService';
/**
 * Turning into a role. A lease has a source identity, which goes with it through every role that is assumed from it, and
 * AWS demands the second permission for that.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export const CHAIN_ACTIONS: readonly string[] = ['sts:AssumeRole', 'sts:SetSourceIdentity'];

/** What `passes` and `assumes` of a role are built from. */
export type Handing = Partial<Pick<Role, 'passes' | 'assumes'>>;

/** ARNs of the roles that are passed, by the service that they are passed to; both sorted. */
export function passedRoles({ passes = [] }: Handing): ReadonlyMap<string, readonly string[]> {
  const services = [...new Set(passes.map(({ to }) => to))].sort();
  return new Map(
    services.map((service) => [
      service,
      [...new Set(passes.filter(({ to }) => to === service).map(({ role }) => role.arn))].sort(),
    ]),
  );
}

/** ARNs of the roles that are assumed, sorted. */
export function assumedRoles({ assumes = [] }: Handing): readonly string[] {
  return [...new Set(assumes.map(({ role }) => role.arn))].sort();
}

/** Everything that a role permits: what it allows, and what it passes and assumes. */
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
