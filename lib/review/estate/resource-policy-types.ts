/**
 * Terraform types that contain a resource policy, with the attribute that contains the policy and the protected
 * resource. Source: the AWS provider's documentation, versions 5 and 6.
 */
import type { PolicyKind } from '@leasehold/policy';

export interface ResourcePolicyType {
  /**
   * Attribute that contains the document as JSON text. For an attribute in a block, a path such as `details[0].policy`.
   */
  readonly policy: string;
  /**
   * Attribute that identifies the protected resource by its ARN, or by the name of a resource whose type is in
   * {@link ResourcePolicyType.of}.
   */
  readonly on?: string;
  /** Types to which {@link ResourcePolicyType.on} may refer. */
  readonly of?: readonly string[];
  /** Attribute of the protected resource that is compared with the name. Default: `id`. */
  readonly by?: string;
  /**
   * Set if the policy is an attribute of the protected resource. If the attribute is not configured, AWS or another
   * resource may have set the policy.
   */
  readonly own?: true;
  /** Kind of the document; default: `resource`. */
  readonly kind?: PolicyKind;
}

const onArn = (on: string, policy = 'policy'): ResourcePolicyType => ({ policy, on });
const self = (policy = 'policy'): ResourcePolicyType => ({ policy, on: 'arn', own: true });
const named = (on: string, of: string, by = 'id', policy = 'policy'): ResourcePolicyType => ({
  policy,
  on,
  of: [of],
  by,
});

export const RESOURCE_POLICY_TYPES: ReadonlyMap<string, ResourcePolicyType> = new Map([
  ['aws_acmpca_policy', onArn('resource_arn')],
  ['aws_api_gateway_domain_name', self()],
  ['aws_api_gateway_rest_api', self()],
  ['aws_api_gateway_rest_api_policy', named('rest_api_id', 'aws_api_gateway_rest_api')],
  ['aws_backup_vault_policy', named('backup_vault_name', 'aws_backup_vault', 'name')],
  [
    'aws_cloudsearch_domain_service_access_policy',
    named('domain_name', 'aws_cloudsearch_domain', 'name', 'access_policy'),
  ],
  ['aws_cloudwatch_event_bus_policy', named('event_bus_name', 'aws_cloudwatch_event_bus', 'name')],
  [
    'aws_cloudwatch_log_destination_policy',
    named('destination_name', 'aws_cloudwatch_log_destination', 'name', 'access_policy'),
  ],
  [
    'aws_cloudwatch_log_delivery_destination_policy',
    named(
      'delivery_destination_name',
      'aws_cloudwatch_log_delivery_destination',
      'name',
      'delivery_destination_policy',
    ),
  ],
  ['aws_cloudwatch_log_resource_policy', { policy: 'policy_document' }],
  ['aws_codeartifact_domain_permissions_policy', onArn('resource_arn', 'policy_document')],
  ['aws_codeartifact_repository_permissions_policy', onArn('resource_arn', 'policy_document')],
  ['aws_codebuild_resource_policy', onArn('resource_arn')],
  ['aws_dynamodb_resource_policy', onArn('resource_arn')],
  ['aws_ecr_registry_policy', { policy: 'policy' }],
  ['aws_ecr_repository_creation_template', { policy: 'repository_policy', on: 'prefix' }],
  ['aws_ecr_repository_policy', named('repository', 'aws_ecr_repository', 'name')],
  ['aws_ecrpublic_repository_policy', named('repository_name', 'aws_ecrpublic_repository', 'repository_name')],
  ['aws_efs_file_system_policy', named('file_system_id', 'aws_efs_file_system')],
  ['aws_elasticsearch_domain', self('access_policies')],
  [
    'aws_elasticsearch_domain_policy',
    named('domain_name', 'aws_elasticsearch_domain', 'domain_name', 'access_policies'),
  ],
  ['aws_glacier_vault', self('access_policy')],
  ['aws_glacier_vault_lock', named('vault_name', 'aws_glacier_vault', 'name')],
  ['aws_glue_resource_policy', { policy: 'policy' }],
  ['aws_kinesis_resource_policy', onArn('resource_arn')],
  ['aws_kms_external_key', self()],
  ['aws_kms_key', self()],
  ['aws_kms_key_policy', named('key_id', 'aws_kms_key')],
  ['aws_kms_replica_external_key', self()],
  ['aws_kms_replica_key', self()],
  ['aws_media_store_container_policy', named('container_name', 'aws_media_store_container', 'name')],
  ['aws_msk_cluster_policy', onArn('cluster_arn')],
  ['aws_networkfirewall_resource_policy', onArn('resource_arn')],
  ['aws_oam_sink_policy', onArn('sink_identifier')],
  ['aws_opensearch_domain', self('access_policies')],
  ['aws_opensearch_domain_policy', named('domain_name', 'aws_opensearch_domain', 'domain_name', 'access_policies')],
  ['aws_organizations_resource_policy', { policy: 'content' }],
  ['aws_redshift_resource_policy', onArn('resource_arn')],
  ['aws_redshiftserverless_resource_policy', onArn('resource_arn')],
  ['aws_s3_access_point', self()],
  ['aws_s3_bucket', { policy: 'policy', on: 'bucket', of: ['aws_s3_bucket'], by: 'bucket', own: true }],
  ['aws_s3_bucket_policy', named('bucket', 'aws_s3_bucket', 'bucket')],
  ['aws_s3control_access_grants_instance_resource_policy', { policy: 'policy' }],
  ['aws_s3control_access_point_policy', onArn('access_point_arn')],
  ['aws_s3control_bucket_policy', onArn('bucket')],
  ['aws_s3control_multi_region_access_point_policy', { policy: 'details[0].policy', on: 'id' }],
  ['aws_s3control_object_lambda_access_point_policy', { policy: 'policy', on: 'name' }],
  ['aws_s3tables_table_bucket_policy', onArn('table_bucket_arn', 'resource_policy')],
  ['aws_s3tables_table_policy', { policy: 'resource_policy', on: 'name' }],
  [
    'aws_sagemaker_model_package_group_policy',
    named(
      'model_package_group_name',
      'aws_sagemaker_model_package_group',
      'model_package_group_name',
      'resource_policy',
    ),
  ],
  ['aws_schemas_registry_policy', named('registry_name', 'aws_schemas_registry', 'name')],
  ['aws_secretsmanager_secret', self()],
  ['aws_secretsmanager_secret_policy', onArn('secret_arn')],
  ['aws_ses_identity_policy', onArn('identity')],
  ['aws_sesv2_email_identity_policy', named('email_identity', 'aws_sesv2_email_identity', 'email_identity')],
  ['aws_sns_topic', self()],
  ['aws_sns_topic_policy', onArn('arn')],
  ['aws_sqs_queue', self()],
  ['aws_sqs_queue_policy', named('queue_url', 'aws_sqs_queue', 'url')],
  ['aws_vpc_endpoint', { ...self(), kind: 'endpoint' }],
  ['aws_vpc_endpoint_policy', { ...named('vpc_endpoint_id', 'aws_vpc_endpoint'), kind: 'endpoint' }],
  ['aws_vpclattice_auth_policy', onArn('resource_identifier')],
  ['aws_vpclattice_resource_policy', onArn('resource_arn')],
  ['aws_xray_resource_policy', { policy: 'policy_document' }],
]);

/** Types to which other resources refer. Resources of these types are read so that their ARNs are known. */
export const PROTECTED_TYPES: ReadonlySet<string> = new Set(
  [...RESOURCE_POLICY_TYPES.values()].flatMap(({ of = [] }) => of),
);
