/**
 * Terraform types that assign a role to somebody without an IAM identity: people in a directory, guests, holders of a
 * certificate, pods. Source: the AWS provider's documentation, versions 5 and 6.
 */

/** How one type assigns roles to recipients. The paths have the same notation as in `grants.ts`. */
export interface RoleGrant {
  /** Paths of the assigned roles, by ARN or name, with the recipients of these roles. */
  readonly roles: readonly { readonly path: string; readonly to: string; readonly everybody?: true }[];
  /** Paths of further attributes that determine who gets the roles. */
  readonly who?: readonly string[];
  /**
   * Set if the role is assigned only to code in the same account, and the role's trust policy permits the service that
   * runs this code.
   */
  readonly workload?: true;
}

const one = (path: string, to: string, who: readonly string[] = []): RoleGrant => ({ roles: [{ path, to }], who });

export const ROLE_GRANTS = {
  aws_accountaccess_entitlement: one('entitlement.*.principal_role.*.role_arn', 'people of the identity center', [
    'entitlement.*.principal_role.*.principal',
  ]),
  aws_chatbot_slack_channel_configuration: one('iam_role_arn', 'the members of a chat channel', [
    'slack_channel_id',
    'slack_team_id',
    'guardrail_policy_arns',
    'user_authorization_required',
  ]),
  aws_chatbot_teams_channel_configuration: one('iam_role_arn', 'the members of a chat channel', [
    'channel_id',
    'team_id',
    'tenant_id',
    'guardrail_policy_arns',
    'user_authorization_required',
  ]),
  aws_cognito_identity_pool_roles_attachment: {
    roles: [
      { path: 'roles.unauthenticated', to: 'guests who did not sign in', everybody: true },
      { path: 'roles.authenticated', to: 'whoever signs in' },
      { path: 'role_mapping.*.mapping_rule.*.role_arn', to: 'everyone who signs in with a matching claim' },
    ],
    who: ['role_mapping'],
  },
  aws_cognito_user_group: one('role_arn', 'the members of a group of a user pool', ['user_pool_id']),
  aws_eks_pod_identity_association: {
    ...one('role_arn', 'the pods of a service account', ['service_account', 'namespace', 'cluster_name']),
    workload: true,
  },
  aws_finspace_kx_user: one('iam_role', 'a user of a kdb environment'),
  aws_iot_role_alias: one('role_arn', 'devices whose certificate may assume the alias', ['alias']),
  aws_rolesanywhere_profile: one('role_arns.*', 'bearers of a certificate that a trust anchor vouches for', [
    'enabled',
  ]),
  aws_rum_app_monitor: {
    roles: [{ path: 'app_monitor_configuration.*.guest_role_arn', to: 'every visitor of a page', everybody: true }],
  },
  aws_ssoadmin_account_assignment: one('permission_set_arn', 'people of the identity center', [
    'principal_id',
    'principal_type',
    'target_id',
  ]),
  aws_ssm_activation: one('iam_role', 'machines that know the activation code'),
  aws_transfer_access: one('role', 'the members of a group of a directory', [
    'external_id',
    'policy',
    'home_directory',
  ]),
  aws_transfer_user: one('role', 'a user of a file transfer server', [
    'policy',
    'home_directory',
    'home_directory_mappings',
  ]),
} as const satisfies Readonly<Record<string, RoleGrant>>;
