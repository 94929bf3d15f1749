/**
 * The Terraform types that define identities and their policies. Source: the AWS provider's documentation, versions 5
 * and 6.
 */

export type IdentityKind = 'user' | 'role' | 'group';

/** Types that are identities. */
export const IDENTITY_TYPES: ReadonlyMap<string, IdentityKind> = new Map([
  ['aws_iam_user', 'user'],
  ['aws_iam_role', 'role'],
  ['aws_iam_group', 'group'],
  ['aws_iam_service_linked_role', 'role'],
]);

/**
 * Types that define one inline policy. The name of the identity is in an attribute named after the kind: `user`, `role`
 * or `group`.
 */
export const INLINE_TYPES: ReadonlyMap<string, IdentityKind> = new Map([
  ['aws_iam_user_policy', 'user'],
  ['aws_iam_role_policy', 'role'],
  ['aws_iam_group_policy', 'group'],
]);

/**
 * Types that attach one managed policy to one identity. The name of the identity is in an attribute named after the
 * kind: `user`, `role` or `group`.
 */
export const ATTACHMENT_TYPES: ReadonlyMap<string, IdentityKind> = new Map([
  ['aws_iam_user_policy_attachment', 'user'],
  ['aws_iam_role_policy_attachment', 'role'],
  ['aws_iam_group_policy_attachment', 'group'],
]);

/** Types that list all policies or groups of one kind that an identity may have. */
export const EXCLUSIVE_TYPES: ReadonlyMap<string, { kind: IdentityKind; what: 'inline' | 'attached' }> = new Map([
  ['aws_iam_user_policies_exclusive', { kind: 'user', what: 'inline' }],
  ['aws_iam_role_policies_exclusive', { kind: 'role', what: 'inline' }],
  ['aws_iam_group_policies_exclusive', { kind: 'group', what: 'inline' }],
  ['aws_iam_user_policy_attachments_exclusive', { kind: 'user', what: 'attached' }],
  ['aws_iam_role_policy_attachments_exclusive', { kind: 'role', what: 'attached' }],
  ['aws_iam_group_policy_attachments_exclusive', { kind: 'group', what: 'attached' }],
]);

/** The attribute that contains the list, for each exclusive type. */
export const EXCLUSIVE_LIST = { inline: 'policy_names', attached: 'policy_arns' } as const;

/** The type that attaches one managed policy to lists of identities. */
export const POLICY_ATTACHMENT = 'aws_iam_policy_attachment';
export const MANAGED_POLICY = 'aws_iam_policy';
export const GROUP_MEMBERSHIP = 'aws_iam_group_membership';
export const USER_GROUPS = 'aws_iam_user_group_membership';
export const SERVICE_LINKED_ROLE = 'aws_iam_service_linked_role';

/** The types from which the identities of an estate are built. */
export const IDENTITY_PARTS: ReadonlySet<string> = new Set([
  ...IDENTITY_TYPES.keys(),
  ...INLINE_TYPES.keys(),
  ...ATTACHMENT_TYPES.keys(),
  ...EXCLUSIVE_TYPES.keys(),
  POLICY_ATTACHMENT,
  MANAGED_POLICY,
  GROUP_MEMBERSHIP,
  USER_GROUPS,
]);
