/** AWS-managed policies on roles for people. */
import type { Role } from '@leasehold/definitions';

/** The field of a role that lists its AWS-managed policies. */
export type Managing = Pick<Role, 'managedPolicies'>;

/** Whether a role has AWS-managed policies. Only people can request a role that has such policies. */
export function isForPeopleOnly({ managedPolicies = [] }: Managing): boolean {
  return managedPolicies.length > 0;
}

/** ARNs of the attached policies, in the order written. */
export function managedArns({ managedPolicies = [] }: Managing): readonly string[] {
  return managedPolicies.map(({ arn }) => arn);
}

/** The name of a managed policy, for example `SecurityAudit`. */
export function managedName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
