/**
 * Terraform types that give access by a grant, share or assignment instead of a policy. For each type, the table lists
 * the attributes that determine who gets access, and to which resources. Source: the AWS provider's documentation,
 * versions 5 and 6.
 */

/**
 * How one type gives access. A path has the form `a.b`. In a path, `*` stands for every element of a list or every
 * value of a map.
 */
export interface AccessGrantType {
  /** What the resource does, as a clause that follows its address, for example `shares a snapshot with`. */
  readonly how: string;
  /**
   * Paths of the recipients: ARNs, account ids, service names, or ids of people. One string may list several
   * recipients.
   */
  readonly to: readonly string[];
  /** Paths of the granted permissions, such as actions. A new value changes what all recipients may do. */
  readonly gives?: readonly string[];
  /** Values of `to`, in addition to `*` and `all`, that mean everyone. */
  readonly everybody?: RegExp;
  /**
   * Path of an attribute that names an organization. If it is set and the recipient is everyone, only this organization
   * gets access.
   */
  readonly within?: string;
  /** Values of `to` that do not give access to anybody. */
  readonly nobody?: RegExp;
  /** Set if the recipients are people or groups in a directory that the plan does not show. */
  readonly people?: true;
  /**
   * Severity if the recipient is one of the plan's own accounts.
   * @default medium
   */
  readonly severity?: 'medium' | 'high';
}

/** A grant that lets another account administer the account, or that adds the account to an organization. */
const administers = (to: string, how: string): AccessGrantType => ({ how, to: [to], severity: 'high' });

const snapshot: AccessGrantType = { how: 'shares a database snapshot with', to: ['shared_accounts.*'] };
const objectAcl: AccessGrantType = {
  how: 'opens an object to',
  to: ['acl'],
  everybody: /^public-read|^authenticated-read$/,
  nobody: /^(private|bucket-owner-.*|aws-exec-read)$/,
};
const quicksight: AccessGrantType = {
  how: 'gives permissions on what it shows to',
  to: ['permissions.*.principal'],
  gives: ['permissions.*.actions'],
};

export const GRANTS = {
  // Keys, images, snapshots, documents.
  aws_kms_grant: {
    how: 'lets a KMS key be used by',
    to: ['grantee_principal', 'retiring_principal'],
    gives: ['operations', 'key_id', 'constraints'],
  },
  aws_ami_launch_permission: {
    how: 'lets an image be launched by',
    to: ['account_id', 'group', 'organization_arn', 'organizational_unit_arn'],
    gives: ['image_id'],
  },
  aws_snapshot_create_volume_permission: { how: 'shares a snapshot with', to: ['account_id'], gives: ['snapshot_id'] },
  aws_imagebuilder_distribution_configuration: {
    how: 'lets images be launched by',
    to: [
      'distribution.*.ami_distribution_configuration.*.launch_permission.*.user_ids.*',
      'distribution.*.ami_distribution_configuration.*.launch_permission.*.user_groups.*',
      'distribution.*.ami_distribution_configuration.*.launch_permission.*.organization_arns.*',
      'distribution.*.ami_distribution_configuration.*.launch_permission.*.organizational_unit_arns.*',
      'distribution.*.ami_distribution_configuration.*.target_account_ids.*',
    ],
  },
  aws_db_snapshot: snapshot,
  aws_db_cluster_snapshot: snapshot,
  aws_db_snapshot_copy: snapshot,
  aws_rds_cluster_snapshot_copy: snapshot,
  aws_ssm_document: { how: 'shares a document with', to: ['permissions.account_ids'] },
  aws_lambda_layer_version_permission: {
    how: 'lets a layer be used by',
    to: ['principal'],
    gives: ['organization_id', 'action', 'layer_name'],
    within: 'organization_id',
  },
  aws_network_interface_permission: { how: 'lets a network interface be used by', to: ['aws_account_id'] },

  // Buckets and objects.
  aws_s3_object: objectAcl,
  aws_s3_bucket_object: objectAcl,
  aws_s3_object_copy: {
    ...objectAcl,
    to: ['acl', 'grant.*.uri', 'grant.*.id', 'grant.*.email'],
    everybody: /^public-read|^authenticated-read$|\/(AllUsers|AuthenticatedUsers)$/,
  },
  aws_s3_bucket_logging: {
    how: 'opens its logs to',
    to: ['target_grant.*.grantee.*.uri', 'target_grant.*.grantee.*.id', 'target_grant.*.grantee.*.email_address'],
    everybody: /\/(AllUsers|AuthenticatedUsers)$/,
    nobody: /\/LogDelivery$/,
  },
  aws_s3control_access_grant: {
    how: 'grants access to objects to',
    to: ['grantee.*.grantee_identifier'],
    gives: ['permission', 'access_grants_location_id', 'access_grants_location_configuration'],
  },
  aws_s3_bucket_replication_configuration: { how: 'copies objects to', to: ['rule.*.destination.*.account'] },
  aws_ecr_replication_configuration: {
    how: 'copies images to',
    to: ['replication_configuration.*.rule.*.destination.*.registry_id'],
  },

  // Sharing between accounts.
  aws_ram_principal_association: { how: 'shares resources with', to: ['principal'], gives: ['resource_share_arn'] },
  aws_acmpca_permission: { how: 'lets a certificate authority be used by', to: ['principal', 'source_account'] },
  aws_cloudwatch_event_permission: {
    how: 'lets events be put by',
    to: ['principal'],
    gives: ['condition', 'action', 'event_bus_name'],
    within: 'condition.*.value',
  },
  aws_config_aggregate_authorization: { how: 'shows its configuration to', to: ['account_id'] },
  aws_directory_service_shared_directory: { how: 'shares a directory with', to: ['target.*.id'], severity: 'high' },
  aws_opensearch_authorize_vpc_endpoint_access: { how: 'lets a domain be reached by', to: ['account'] },
  aws_globalaccelerator_cross_account_attachment: {
    how: 'lets resources be used by',
    to: ['principals.*'],
    gives: ['resource'],
  },
  aws_auditmanager_framework_share: { how: 'shares a framework with', to: ['destination_account'] },
  aws_licensemanager_grant: { how: 'grants a license to', to: ['principal'], gives: ['allowed_operations'] },
  aws_oam_link: { how: 'shows its telemetry to', to: ['sink_identifier'], gives: ['resource_types'] },
  aws_redshift_data_share_authorization: {
    how: 'shares data with',
    to: ['consumer_identifier'],
    gives: ['data_share_arn', 'allow_writes'],
  },
  aws_redshift_endpoint_authorization: {
    how: 'lets a cluster be reached by',
    to: ['account'],
    gives: ['vpc_ids', 'cluster_identifier'],
  },
  aws_servicecatalog_portfolio_share: { how: 'shares a portfolio with', to: ['principal_id'] },
  aws_servicecatalog_principal_portfolio_association: {
    how: 'lets products be launched by',
    to: ['principal_arn'],
    gives: ['portfolio_id'],
  },
  aws_signer_signing_profile_permission: {
    how: 'lets a signing profile be used by',
    to: ['principal'],
    gives: ['action', 'profile_name'],
  },
  aws_vpc_endpoint_service: { how: 'lets a service be reached by', to: ['allowed_principals.*'] },
  aws_vpc_endpoint_service_allowed_principal: {
    how: 'lets a service be reached by',
    to: ['principal_arn'],
    gives: ['vpc_endpoint_service_id'],
  },

  aws_dlm_lifecycle_policy: {
    how: 'shares snapshots with',
    to: ['policy_details.*.schedule.*.share_rule.*.target_accounts.*'],
  },
  aws_cleanrooms_collaboration: {
    how: 'lets data be queried by',
    to: ['member.*.account_id'],
    gives: ['member.*.member_abilities'],
  },
  aws_elastictranscoder_pipeline: {
    how: 'opens what it writes to',
    to: ['content_config_permissions.*.grantee', 'thumbnail_config_permissions.*.grantee'],
    everybody: /^(AllUsers|AuthenticatedUsers)$/,
    nobody: /^LogDelivery$/,
  },
  aws_organizations_organization: {
    how: 'lets a service act in all accounts:',
    to: ['aws_service_access_principals.*'],
  },
  aws_securitylake_custom_log_source: {
    how: 'lets security logs be written by',
    to: ['configuration.*.provider_identity.*.principal'],
  },

  // Administration from another account.
  aws_auditmanager_account_registration: administers('delegated_admin_account', 'hands Audit Manager to'),
  aws_auditmanager_organization_admin_account_registration: administers('admin_account_id', 'hands Audit Manager to'),
  aws_cloudtrail_organization_delegated_admin_account: administers('account_id', 'hands the trails to'),
  aws_detective_invitation_accepter: administers('graph_arn', 'shows its events to'),
  aws_detective_organization_admin_account: administers('account_id', 'hands Detective to'),
  aws_fms_admin_account: administers('account_id', 'hands Firewall Manager to'),
  aws_guardduty_invite_accepter: administers('master_account_id', 'hands GuardDuty to'),
  aws_guardduty_organization_admin_account: administers('admin_account_id', 'hands GuardDuty to'),
  aws_inspector2_delegated_admin_account: administers('account_id', 'hands Inspector to'),
  aws_macie2_invitation_accepter: administers('administrator_account_id', 'hands Macie to'),
  aws_macie2_organization_admin_account: administers('admin_account_id', 'hands Macie to'),
  aws_organizations_delegated_administrator: {
    ...administers('account_id', 'hands a service of the organization to'),
    gives: ['service_principal'],
  },
  aws_securityhub_invite_accepter: administers('master_id', 'hands Security Hub to'),
  aws_securityhub_organization_admin_account: administers('admin_account_id', 'hands Security Hub to'),
  aws_securitylake_subscriber: {
    how: 'shows security logs to',
    to: ['subscriber_identity.*.principal'],
    gives: ['access_type', 'source'],
  },
  aws_vpc_ipam_organization_admin_account: administers('delegated_admin_account_id', 'hands the address manager to'),

  // Data lakes, clusters, applications.
  aws_lakeformation_data_lake_settings: {
    how: 'lets the data lake be administered or read by',
    to: [
      'admins.*',
      'read_only_admins.*',
      'trusted_resource_owners.*',
      'external_data_filtering_allow_list.*',
      'create_database_default_permissions.*.principal',
      'create_table_default_permissions.*.principal',
    ],
    gives: ['allow_external_data_filtering', 'allow_full_table_external_data_access'],
    everybody: /^IAM_ALLOWED_PRINCIPALS$/,
    severity: 'high',
  },
  aws_lakeformation_permissions: {
    how: 'lets data of the lake be used by',
    to: ['principal'],
    gives: ['permissions', 'permissions_with_grant_option'],
    everybody: /^IAM_ALLOWED_PRINCIPALS$/,
  },
  aws_glue_catalog_database: {
    how: 'lets new tables be used by',
    to: ['create_table_default_permission.*.principal.*.data_lake_principal_identifier'],
    gives: ['create_table_default_permission.*.permissions'],
    nobody: /^IAM_ALLOWED_PRINCIPALS$/,
  },
  aws_eks_access_entry: {
    how: 'opens a cluster to',
    to: ['principal_arn'],
    gives: ['kubernetes_groups', 'type', 'user_name', 'cluster_name'],
  },
  aws_eks_access_policy_association: {
    how: 'gives power over a cluster to',
    to: ['principal_arn'],
    gives: ['policy_arn', 'access_scope', 'cluster_name'],
  },
  aws_opensearchserverless_access_policy: {
    how: 'lets a collection be used by',
    to: ['policy.*.Principal.*'],
    gives: ['policy.*.Rules'],
    people: true,
  },
  aws_cloud9_environment_membership: {
    how: 'opens a development environment to',
    to: ['user_arn'],
    gives: ['permissions'],
    severity: 'high',
  },
  aws_opsworks_permission: {
    how: 'lets a stack be used by',
    to: ['user_arn'],
    gives: ['allow_ssh', 'allow_sudo', 'level'],
  },
  aws_emr_studio_session_mapping: {
    how: 'opens a studio to',
    to: ['identity_id', 'identity_name'],
    gives: ['session_policy_arn'],
    people: true,
  },
  aws_grafana_role_association: {
    how: 'opens dashboards to',
    to: ['user_ids.*', 'group_ids.*'],
    gives: ['role'],
    people: true,
  },
  aws_ssoadmin_application_assignment: {
    how: 'opens an application to',
    to: ['principal_id'],
    gives: ['application_arn'],
    people: true,
  },
  aws_quicksight_group_membership: {
    how: 'gives what a group may see to',
    to: ['member_name'],
    gives: ['group_name'],
    people: true,
  },
  aws_quicksight_analysis: quicksight,
  aws_quicksight_dashboard: quicksight,
  aws_quicksight_data_set: quicksight,
  aws_quicksight_data_source: { ...quicksight, to: ['permission.*.principal'], gives: ['permission.*.actions'] },
  aws_quicksight_folder: quicksight,
  aws_quicksight_template: quicksight,
  aws_quicksight_theme: quicksight,
} as const satisfies Readonly<Record<string, AccessGrantType>>;
