/** Resources that a finding may be about, other than identities and policies. */
import type { Watched } from '../model';
import { isJson } from '../plan/plan';
import { type Ground, present } from './ground';
import { placeOf, type Side } from './held';

/** Types that are watched with all their attributes. */
export const WATCHED_TYPES: ReadonlySet<string> = new Set([
  // Keys, devices and providers of identity.
  'aws_iam_access_key',
  'aws_iam_account_password_policy',
  'aws_iam_instance_profile',
  'aws_iam_openid_connect_provider',
  'aws_iam_organizations_features',
  'aws_iam_policy',
  'aws_iam_saml_provider',
  'aws_iam_server_certificate',
  'aws_iam_service_linked_role',
  'aws_iam_service_specific_credential',
  'aws_iam_signing_certificate',
  'aws_iam_user_login_profile',
  'aws_iam_user_ssh_key',
  'aws_iam_virtual_mfa_device',
  'aws_rolesanywhere_profile',
  'aws_rolesanywhere_trust_anchor',
  'aws_ssoadmin_account_assignment',
  'aws_ssoadmin_permission_set',
  // What sees and tells.
  'aws_cloudtrail',
  'aws_cloudtrail_event_data_store',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_metric_filter',
  'aws_cloudwatch_metric_alarm',
  'aws_config_configuration_recorder',
  'aws_guardduty_detector',
  'aws_sns_topic',
  'aws_sns_topic_subscription',
  // What is public or can be deleted.
  'aws_db_instance',
  'aws_dynamodb_table',
  'aws_kms_grant',
  'aws_kms_key',
  'aws_rds_cluster',
  'aws_s3_account_public_access_block',
  'aws_s3_bucket',
  'aws_s3_bucket_acl',
  'aws_s3_bucket_object_lock_configuration',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_versioning',
  // What runs, and who may call it.
  'aws_api_gateway_authorizer',
  'aws_api_gateway_method',
  'aws_apigatewayv2_api',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_route',
  'aws_cloudfront_distribution',
  'aws_lambda_alias',
  'aws_lambda_event_source_mapping',
  'aws_lambda_function',
  'aws_lambda_function_url',
  'aws_lambda_layer_version_permission',
  'aws_organizations_policy',
  'aws_organizations_policy_attachment',
]);

/** The watched resources of one side. The key is the address that the plan has for it now. */
export function watchedOf(ground: Ground, side: Side): ReadonlyMap<string, Watched> {
  return new Map(
    present(ground, side, WATCHED_TYPES.keys()).map(({ held, value }) => {
      const key = held.deposed ? `${held.type} ${held.address} (left over)` : `${held.type} ${held.address}`;
      const shown = value.shown();
      return [key, { key, type: held.type, place: placeOf(held), values: isJson(shown) ? shown : {} }];
    }),
  );
}
