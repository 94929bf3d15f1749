/**
 * The only list of the Terraform types that checks examine with all their attributes. Checks can use only names from
 * this list, so the compiler rejects a finding about a type that is not read from plans.
 */
import { GRANTS } from './grants';
import { ROLE_GRANTS } from './role-grants';

const LIST = [
  // Keys, MFA devices and identity providers.
  'aws_cognito_identity_pool',
  'aws_cognito_identity_provider',
  'aws_cognito_managed_user_pool_client',
  'aws_cognito_user_pool_client',
  'aws_eks_cluster',
  'aws_eks_identity_provider_config',
  'aws_iam_access_key',
  'aws_iam_account_password_policy',
  'aws_iam_instance_profile',
  'aws_iam_openid_connect_provider',
  'aws_iam_policy',
  'aws_iam_saml_provider',
  'aws_iam_service_specific_credential',
  'aws_iam_signing_certificate',
  'aws_iam_user_login_profile',
  'aws_iam_user_ssh_key',
  'aws_iam_virtual_mfa_device',
  'aws_rolesanywhere_trust_anchor',
  'aws_ssoadmin_permission_set',
  'aws_ssoadmin_trusted_token_issuer',
  'aws_transfer_ssh_key',
  // Resources that log and alert.
  'aws_accessanalyzer_analyzer',
  'aws_accessanalyzer_archive_rule',
  'aws_cloudtrail',
  'aws_cloudtrail_event_data_store',
  'aws_cloudwatch_composite_alarm',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_metric_filter',
  'aws_cloudwatch_metric_alarm',
  'aws_config_configuration_recorder',
  'aws_config_configuration_recorder_status',
  'aws_config_delivery_channel',
  'aws_detective_graph',
  'aws_flow_log',
  'aws_guardduty_detector',
  'aws_guardduty_detector_feature',
  'aws_guardduty_filter',
  'aws_guardduty_publishing_destination',
  'aws_inspector2_enabler',
  'aws_macie2_account',
  'aws_securityhub_account',
  'aws_securitylake_data_lake',
  'aws_sns_topic',
  'aws_sns_topic_subscription',
  // Resources that can become public or be deleted.
  'aws_alb',
  'aws_backup_vault_lock_configuration',
  'aws_cognito_user_pool',
  'aws_db_instance',
  'aws_dms_replication_instance',
  'aws_docdb_cluster',
  'aws_docdb_global_cluster',
  'aws_dsql_cluster',
  'aws_dynamodb_table',
  'aws_dynamodb_table_replica',
  'aws_ebs_snapshot_block_public_access',
  'aws_ec2_image_block_public_access',
  'aws_ec2_serial_console_access',
  'aws_emr_block_public_access_configuration',
  'aws_glacier_vault_lock',
  'aws_kms_alias',
  'aws_kms_key',
  'aws_lb',
  'aws_lightsail_database',
  'aws_mq_broker',
  'aws_msk_cluster',
  'aws_neptune_cluster',
  'aws_neptune_cluster_instance',
  'aws_neptune_global_cluster',
  'aws_neptunegraph_graph',
  'aws_networkfirewall_firewall',
  'aws_opensearch_domain',
  'aws_opensearchserverless_security_policy',
  'aws_qldb_ledger',
  'aws_rds_cluster',
  'aws_rds_cluster_instance',
  'aws_rds_global_cluster',
  'aws_redshift_cluster',
  'aws_redshiftserverless_workgroup',
  'aws_s3_access_point',
  'aws_s3_account_public_access_block',
  'aws_s3_bucket',
  'aws_s3_bucket_acl',
  'aws_s3_bucket_object_lock_configuration',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_versioning',
  'aws_ssoadmin_application_assignment_configuration',
  'aws_timestreaminfluxdb_db_instance',
  'aws_vpclattice_service',
  'aws_vpclattice_service_network',
  // Resources that run code, and settings that determine who may call them.
  'aws_api_gateway_authorizer',
  'aws_api_gateway_method',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_domain_name',
  'aws_apigatewayv2_route',
  'aws_lambda_function',
  'aws_lambda_function_url',
  'aws_organizations_policy',
  'aws_organizations_policy_attachment',
] as const;

/** A type by which a check may be keyed. */
export type WatchedType = (typeof LIST)[number] | keyof typeof GRANTS | keyof typeof ROLE_GRANTS;

/** Types that the checks watch with all their attributes. */
export const WATCHED_TYPES: ReadonlySet<string> = new Set<WatchedType>([
  ...LIST,
  ...(Object.keys(GRANTS) as (keyof typeof GRANTS)[]),
  ...(Object.keys(ROLE_GRANTS) as (keyof typeof ROLE_GRANTS)[]),
]);

/** Whether a type is watched. */
export function isWatched(type: string): type is WatchedType {
  return WATCHED_TYPES.has(type);
}
