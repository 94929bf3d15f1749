/**
 * Terraform types that give access or contain a policy in a way that the review does not read. A change of such a
 * resource is reported as unread. Source: the AWS provider's documentation, versions 5 and 6.
 */

/** Types that depend on values outside the plan. These values determine what is created or who gets access. */
export const UNREAD_ACCESS: ReadonlySet<string> = new Set([
  'aws_budgets_budget_action',
  'aws_cognito_identity_pool_provider_principal_tag',
  'aws_cognito_user_in_group',
  'aws_elasticsearch_domain_saml_options',
  'aws_grafana_workspace_api_key',
  'aws_grafana_workspace_saml_configuration',
  'aws_grafana_workspace_service_account',
  'aws_grafana_workspace_service_account_token',
  'aws_iam_organizations_features',
  'aws_identitystore_group_membership',
  'aws_iot_authorizer',
  'aws_iot_ca_certificate',
  'aws_iot_policy_attachment',
  'aws_iot_provisioning_template',
  'aws_iot_thing_principal_attachment',
  'aws_lakeformation_opt_in',
  'aws_lakeformation_resource_lf_tag',
  'aws_lakeformation_resource_lf_tags',
  'aws_lightsail_bucket_access_key',
  'aws_lightsail_bucket_resource_access',
  'aws_opensearch_domain_saml_options',
  'aws_opensearchserverless_security_config',
  'aws_opsworks_user_profile',
  'aws_quicksight_iam_policy_assignment',
  'aws_quicksight_role_membership',
  'aws_ram_resource_association',
  'aws_ram_resource_share',
  'aws_ram_sharing_with_organization',
  'aws_redshift_authentication_profile',
  'aws_redshift_data_share_consumer_association',
  'aws_s3control_access_grants_instance',
  'aws_servicecatalog_constraint',
  'aws_servicecatalog_organizations_access',
  'aws_ssoadmin_application',
  'aws_ssoadmin_application_access_scope',
  'aws_ssoadmin_instance_access_control_attributes',
  'aws_verifiedaccess_trust_provider',
  'aws_verifiedpermissions_identity_source',
  'aws_verifiedpermissions_policy',
  'aws_verifiedpermissions_policy_store',
  'aws_verifiedpermissions_policy_template',
  'aws_verifiedpermissions_schema',
]);

/** Types whose policy is not an IAM policy, or is an IAM policy of a kind that the review does not compare. */
export const UNREAD_POLICY: ReadonlySet<string> = new Set([
  'aws_iot_policy',
  'aws_verifiedaccess_endpoint',
  'aws_verifiedaccess_group',
]);

/** Types that create further resources that do not appear in any plan. */
export const MAKES_ANYTHING: ReadonlySet<string> = new Set([
  'aws_cloudcontrolapi_resource',
  'aws_cloudformation_stack',
  'aws_cloudformation_stack_instances',
  'aws_cloudformation_stack_set',
  'aws_cloudformation_stack_set_instance',
  'aws_serverlessapplicationrepository_cloudformation_stack',
  'aws_servicecatalog_provisioned_product',
]);
