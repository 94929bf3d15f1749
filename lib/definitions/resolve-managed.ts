/** Resolves the AWS-managed policies of roles. */
import { defined } from '@leasehold/contract/defined';
import type { Checked } from './checked';
import type { Complaint } from './complaints';
import type { PinnedPolicy } from './model';
import type { RoleYaml } from './schema-role';

/** The AWS-managed policies of a role; undefined if the role has none. */
export function resolveManaged({ managedPolicies }: RoleYaml): readonly PinnedPolicy[] | undefined {
  return managedPolicies?.map(({ arn, sha256, because, sensitive }) => ({
    arn,
    because: because.trim(),
    ...defined({ sha256, sensitive: sensitive?.trim() }),
  }));
}

/** The error for a role without permissions. A role needs statements or AWS-managed policies. */
export function emptyRole({ whole }: Checked<RoleYaml>, yaml: RoleYaml): Complaint | undefined {
  if (!whole || yaml.allow !== undefined || yaml.managedPolicies !== undefined) return undefined;
  return {
    id: 'missing-key',
    message: 'The key `allow` is missing.',
    expected: 'a list of statements',
    hint: 'Add `allow`.',
  };
}
