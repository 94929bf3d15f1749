/** Attributes that protect data from deletion or public access, by Terraform type. */
import type { Severity } from '../review';
import type { WatchedType } from '../types/watched-types';
import { isTrue, isUnread } from './attributes';

/** An attribute, a test for a safe value, and the message that is reported if the value is no longer safe. */
type Guard = readonly [path: string, good: (value: unknown) => boolean, words: string];

const undeletable = (attribute: string, value: unknown = true): Guard => [
  attribute,
  (is) => (value === true ? isTrue(is) : is === value),
  'may now be deleted',
];

export const GUARDS: Readonly<Partial<Record<WatchedType, readonly Guard[]>>> = {
  aws_alb: [undeletable('enable_deletion_protection')],
  aws_backup_vault_lock_configuration: [
    ['backup_vault_name', (value) => typeof value === 'string', 'no longer locks its vault'],
    ['min_retention_days', (days) => typeof days === 'number' && days > 0, 'no longer says how long backups are kept'],
  ],
  aws_cognito_user_pool: [undeletable('deletion_protection', 'ACTIVE')],
  aws_db_instance: [
    undeletable('deletion_protection'),
    ['backup_retention_period', (days) => typeof days === 'number' && days > 0, 'has no backups any more'],
  ],
  aws_docdb_cluster: [undeletable('deletion_protection')],
  aws_docdb_global_cluster: [undeletable('deletion_protection')],
  aws_dsql_cluster: [undeletable('deletion_protection_enabled')],
  aws_dynamodb_table: [
    undeletable('deletion_protection_enabled'),
    ['point_in_time_recovery[0].enabled', isTrue, 'can no longer be brought back to a point in time'],
  ],
  aws_dynamodb_table_replica: [undeletable('deletion_protection_enabled')],
  aws_glacier_vault_lock: [['vault_name', (value) => typeof value === 'string', 'no longer locks its vault']],
  aws_kms_key: [['enable_key_rotation', isTrue, 'is no longer rotated']],
  aws_lb: [undeletable('enable_deletion_protection')],
  aws_neptune_cluster: [undeletable('deletion_protection')],
  aws_neptune_global_cluster: [undeletable('deletion_protection')],
  aws_neptunegraph_graph: [undeletable('deletion_protection')],
  aws_networkfirewall_firewall: [undeletable('delete_protection')],
  aws_qldb_ledger: [undeletable('deletion_protection')],
  aws_rds_cluster: [
    undeletable('deletion_protection'),
    ['backup_retention_period', (days) => typeof days === 'number' && days > 1, 'keeps no backups to speak of'],
  ],
  aws_rds_global_cluster: [undeletable('deletion_protection')],
  aws_s3_bucket: [
    ['force_destroy', (value) => !isTrue(value) && !isUnread(value), 'may now be deleted with all that it holds'],
    ['object_lock_enabled', isTrue, 'no longer locks objects'],
  ],
  aws_s3_bucket_object_lock_configuration: [
    ['object_lock_enabled', (value) => value === 'Enabled', 'no longer locks objects'],
  ],
  aws_s3_bucket_versioning: [
    ['versioning_configuration[0].status', (value) => value === 'Enabled', 'no longer keeps versions'],
    ['versioning_configuration[0].mfa_delete', (value) => value === 'Enabled', 'lets versions be deleted without MFA'],
  ],
};

/**
 * Types for settings that protect another resource. If such a setting is removed, the other resource is unprotected.
 */
export const SETTINGS_OF_OTHERS: ReadonlySet<string> = new Set<WatchedType>([
  'aws_backup_vault_lock_configuration',
  'aws_glacier_vault_lock',
  'aws_s3_bucket_object_lock_configuration',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_versioning',
]);

/** An attribute value that makes a resource public. */
export interface Opener {
  /** Path of the attribute, in the notation of the paths of grants. */
  readonly path: string;
  readonly bad: (value: unknown) => boolean;
  /** The severity. If the value cannot be read, the severity is always high. */
  readonly severity: Severity;
  /** @default is open to everybody */
  readonly words?: string;
}

const is =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);

const reachable = (path = 'publicly_accessible', bad: Opener['bad'] = isTrue): readonly Opener[] => [
  { path, bad, severity: 'critical' },
];

/** Access for every AWS account counts as public, because anyone can create an account. */
const EVERYBODY = /\/global\/(AllUsers|AuthenticatedUsers)$/;
const publicAcl = (value: unknown) => typeof value === 'string' && /^public-|^authenticated-read$/.test(value);
const publicGroup = (value: unknown) => typeof value === 'string' && EVERYBODY.test(value);

export const OPENERS: Readonly<Partial<Record<WatchedType, readonly Opener[]>>> = {
  aws_db_instance: reachable(),
  aws_dms_replication_instance: reachable(),
  aws_ebs_snapshot_block_public_access: [
    { path: 'state', bad: is('unblocked'), severity: 'high', words: 'lets snapshots be shared with everybody' },
  ],
  aws_ec2_image_block_public_access: [
    { path: 'state', bad: is('unblocked'), severity: 'high', words: 'lets images be shared with everybody' },
  ],
  aws_ec2_serial_console_access: [
    { path: 'enabled', bad: isTrue, severity: 'high', words: 'opens the serial consoles of all instances' },
  ],
  aws_emr_block_public_access_configuration: [
    {
      path: 'block_public_security_group_rules',
      bad: is(false),
      severity: 'high',
      words: 'lets clusters be reached by everybody',
    },
  ],
  aws_lambda_function_url: [{ path: 'authorization_type', bad: is('NONE'), severity: 'critical' }],
  aws_lightsail_database: reachable(),
  aws_mq_broker: reachable(),
  aws_msk_cluster: [
    ...reachable('broker_node_group_info.*.connectivity_info.*.public_access.*.type', is('SERVICE_PROVIDED_EIPS')),
    {
      path: 'client_authentication.*.unauthenticated',
      bad: isTrue,
      severity: 'high',
      words: 'asks nobody who they are',
    },
  ],
  aws_neptune_cluster_instance: reachable(),
  aws_neptunegraph_graph: reachable('public_connectivity'),
  aws_opensearch_domain: [
    {
      path: 'advanced_security_options.*.anonymous_auth_enabled',
      bad: isTrue,
      severity: 'high',
      words: 'asks nobody who they are',
    },
  ],
  aws_opensearchserverless_security_policy: reachable('policy.*.AllowFromPublic'),
  aws_rds_cluster_instance: reachable(),
  aws_redshift_cluster: reachable(),
  aws_redshiftserverless_workgroup: reachable(),
  aws_s3_bucket: [
    { path: 'acl', bad: publicAcl, severity: 'critical' },
    { path: 'grant.*.uri', bad: publicGroup, severity: 'critical' },
  ],
  aws_s3_bucket_acl: [
    { path: 'acl', bad: publicAcl, severity: 'critical' },
    { path: 'access_control_policy.*.grant.*.grantee.*.uri', bad: publicGroup, severity: 'critical' },
  ],
  aws_ssoadmin_application_assignment_configuration: [
    {
      path: 'assignment_required',
      bad: is(false),
      severity: 'high',
      words: 'opens an application to everybody of the directory',
    },
  ],
  aws_timestreaminfluxdb_db_instance: reachable(),
  aws_vpc_endpoint_service: [
    {
      path: 'acceptance_required',
      bad: is(false),
      severity: 'high',
      words: 'lets whoever may connect do so without being accepted',
    },
  ],
  aws_vpclattice_service: [{ path: 'auth_type', bad: is('NONE'), severity: 'high', words: 'asks nobody who they are' }],
  aws_vpclattice_service_network: [
    { path: 'auth_type', bad: is('NONE'), severity: 'high', words: 'asks nobody who they are' },
  ],
};
