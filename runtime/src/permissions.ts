/** Reads the permissions and notices of roles in a manifest. */
import * as contract from '@leasehold/contract/permission';
import type { Permission } from './approval';
import { invalidManifest } from './errors';
import type { RoleEntry } from './manifest';

/**
 * A role's policy, with the parameter values inserted.
 * @throws LeaseError `invalid-manifest` for a policy that cannot be shown completely
 */
export function permissionsOf(
  role: Pick<RoleEntry, 'arn' | 'policy'>,
  parameters: Readonly<Record<string, string>>,
): readonly Permission[] {
  return contract.permissionsOf(role, parameters, unreadable);
}

/**
 * The notices for a lease of a role.
 * @throws LeaseError `invalid-manifest` for a role whose permissions cannot be shown in full
 */
export function noticesOf(
  permissions: readonly Permission[],
  entry: contract.HandingRole | undefined,
): readonly string[] {
  return contract.noticesOf(permissions, entry, unreadable);
}

const unreadable: contract.Complain = (at, expected, found) =>
  invalidManifest(
    `${at} should be ${expected}, and is ${contract.described(found)}`,
    'Write the manifest again: npx leasehold manifest --env ENVIRONMENT > leasehold.json',
  );
