/**
 * The actions that count as deletes: they destroy data, a resource, or the means to recover it. An action that its
 * counterpart fully reverses (stop, disable, detach, disassociate, unsubscribe) is a write. Overwriting is a write.
 *
 * The verb in the action's name decides most cases. Two lists correct the cases in which the verb is misleading. The
 * lists contain only actions of level Write, because tagging and permissions have their own classes.
 */
import { api, described, documented, type SourcedAction } from './sources';

/**
 * An action counts as a delete if its name contains one of these words, as in `BatchDeleteImage` or
 * `ScheduleKeyDeletion`.
 */
export const DELETE_WORDS: readonly string[] = [
  'delete',
  'deletion',
  'deprovision',
  'deregister',
  'destroy',
  'discard',
  'dispose',
  'drop',
  'erase',
  'evict',
  'expire',
  'forget',
  'purge',
  'redact',
  'release',
  'remove',
  'terminate',
  'unregister',
  'wipe',
];

/** Actions whose names contain a delete verb, but that do not destroy anything. */
export const NO_DELETES: readonly SourcedAction[] = [
  documented(
    'sqs:DeleteMessage',
    'Acknowledges a message that the caller has received, as every consumer of a queue does. To delete unread messages, a caller needs sqs:PurgeQueue.',
  ),
  documented('logs:DeleteRetentionPolicy', 'Log events are then kept indefinitely.'),
  documented('ecr:DeleteLifecyclePolicy', 'Images then no longer expire.'),
  documented(
    'config:DeleteRetentionConfiguration',
    'After the call, the history is kept for the maximum retention period.',
  ),
  described('mediastore:DeleteLifecyclePolicy', 'Objects then no longer expire.'),
  described('aoss:DeleteLifecyclePolicy', 'Documents then no longer expire.'),
  described('workmail:DeleteRetentionPolicy', 'Messages then no longer expire.'),
  documented('kms:CancelKeyDeletion', 'Cancels the deletion of a key.'),
  described(
    'logs:PutLogGroupDeletionProtection',
    'Changes only the deletion protection, and does not delete anything.',
  ),
  described(
    'ssm-incidents:UpdateDeletionProtection',
    'Changes only the deletion protection, and does not delete anything.',
  ),
  described(
    'network-firewall:UpdateFirewallDeleteProtection',
    'Changes only the deletion protection, and does not delete anything.',
  ),
  described(
    'elasticloadbalancing:DeregisterTargets',
    'Targets no longer receive traffic; registering them again restores the traffic.',
  ),
  described(
    'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
    'Machines no longer receive traffic; registering them again restores the traffic.',
  ),
  described(
    'servicediscovery:DeregisterInstance',
    'Removes an instance from service discovery; the caller can register the instance again.',
  ),
  documented(
    'rds:DeregisterDBProxyTargets',
    'Databases no longer receive traffic; registering them again restores the traffic.',
  ),
  described(
    'vpc-lattice:DeregisterTargets',
    'Targets no longer receive traffic; registering them again restores the traffic.',
  ),
  documented('lambda:DeleteFunctionConcurrency', 'Removes a limit.'),
  documented('cloudformation:DeleteChangeSet', 'Deletes a proposal that was never executed.'),
  documented('ssm:TerminateSession', 'Ends a shell session.'),
  described('fsx:ReleaseFileSystemNfsV3Locks', 'Releases file locks.'),
  described('healthlake:CancelFHIRExportJobWithDelete', 'Cancels an export that is in progress.'),
  described(
    'servicecatalog:NotifyTerminateProvisionedProductEngineWorkflowResult',
    'Reports the result of a workflow engine.',
  ),
];

/** Settings that cause content to expire or to be removed. */
const EXPIRY: readonly SourcedAction[] = [
  {
    action: 's3:PutLifecycleConfiguration',
    source: api('s3', 'PutBucketLifecycleConfiguration'),
    why: 'A lifecycle rule can expire every object and every earlier version.',
  },
  described('s3-outposts:PutLifecycleConfiguration', 'A lifecycle rule can expire every object.'),
  described('s3express:PutLifecycleConfiguration', 'A lifecycle rule can expire every object.'),
  described('s3tables:PutTableMaintenanceConfiguration', 'Determines when snapshots of a table are deleted.'),
  described('s3tables:PutTableBucketMaintenanceConfiguration', 'Sets when unreferenced files are removed.'),
  described('s3tables:PutTableRecordExpirationConfiguration', 'Sets when rows expire.'),
  documented('logs:PutRetentionPolicy', 'Log events older than the new retention period expire.'),
  documented('ecr:PutLifecyclePolicy', 'A lifecycle rule can expire every image.'),
  described('mediastore:PutLifecyclePolicy', 'A lifecycle rule can expire every object.'),
  described('aoss:CreateLifecyclePolicy', 'Sets when documents expire.'),
  described('aoss:UpdateLifecyclePolicy', 'Sets when documents expire.'),
  documented('dynamodb:UpdateTimeToLive', 'Deletes every item whose expiry time has passed.'),
  documented('kinesis:DecreaseStreamRetentionPeriod', 'Records older than the new retention period are lost.'),
  described('kinesisvideo:UpdateDataRetention', 'Media older than the new retention period are lost.'),
  documented('config:PutRetentionConfiguration', 'History older than the new retention period is lost.'),
  described('timestream:UpdateTable', 'Rows older than the new retention period are lost.'),
  described('kafka-cluster:AlterTopic', 'A topic can be set to keep nothing.'),
  described('kafka-cluster:AlterTopicDynamicConfiguration', 'A topic can be set to keep nothing.'),
  described('workmail:PutRetentionPolicy', 'Messages older than the new retention period are removed.'),
  described('wickr:UpdateDataRetention', 'Messages older than the new retention period are removed.'),
];

/** Settings of backups, versions and protection, which are the means of recovery. */
const RECOVERY: readonly SourcedAction[] = [
  {
    action: 's3:PutBucketVersioning',
    source: api('s3', 'PutBucketVersioning'),
    why: 'While versioning is suspended, an overwritten or deleted object cannot be restored.',
  },
  documented('dynamodb:UpdateContinuousBackups', 'Turning off point-in-time recovery discards the recovery points.'),
  documented('dynamodb:UpdateTable', 'Can delete indexes and replicas, and turn deletion protection off.'),
  documented('rds:ModifyDBInstance', 'A backup retention period of 0 discards all automated backups.'),
  documented('rds:ModifyDBCluster', 'A shorter backup retention period discards automated backups.'),
  documented('rds:BacktrackDBCluster', 'Everything written since the chosen time is lost.'),
  documented('redshift:ModifyCluster', 'A snapshot retention period of 0 discards all automated snapshots.'),
  documented('redshift:ModifyClusterSnapshot', 'A shorter retention discards a snapshot.'),
  described('backup:UpdateRecoveryPointLifecycle', 'Sets when a recovery point is deleted.'),
  documented('dlm:CreateLifecyclePolicy', 'The policy deletes snapshots and images based on their age or count.'),
  documented('dlm:UpdateLifecyclePolicy', 'The policy deletes snapshots and images based on their age or count.'),
  described('rbin:UpdateRule', 'A shorter retention period deletes items from the recycle bin.'),
  documented('fsx:UpdateFileSystem', 'A backup retention period of 0 discards all automatic backups.'),
  documented(
    'fsx:RestoreVolumeFromSnapshot',
    'Everything written since the snapshot is lost, and newer snapshots are deleted.',
  ),
];

/** Actions that delete resources, although their names contain no delete verb. */
const RESOURCES: readonly SourcedAction[] = [
  documented('ec2:CancelSpotFleetRequests', 'Terminates the machines of the fleet.'),
  documented('ec2:ModifySpotFleetRequest', 'A smaller fleet terminates machines.'),
  documented('ec2:ModifyFleet', 'A smaller fleet terminates machines.'),
  documented('cloudformation:UpdateStack', 'Removes every resource that the new template does not contain.'),
  documented('cloudformation:ExecuteChangeSet', 'Removes every resource that the new template does not contain.'),
  documented('cloudformation:UpdateStackSet', 'Removes every resource that the new template does not contain.'),
  documented('cloudformation:RollbackStack', 'Removes resources that the earlier template does not contain.'),
  documented('elasticbeanstalk:RebuildEnvironment', 'Replaces every resource of the environment.'),
  documented('workspaces:RebuildWorkspaces', 'User data since the last snapshot is lost.'),
  documented('workspaces:RestoreWorkspace', 'User data since the last snapshot is lost.'),
  documented('route53:ChangeResourceRecordSets', 'One request may create, change and delete records.'),
  described('acm:RevokeCertificate', 'A revoked certificate stays revoked.'),
  described('acm-pca:RevokeCertificate', 'A revoked certificate stays revoked.'),
  described('account:CloseAccount', 'Closes the account with everything in it.'),
  documented('organizations:CloseAccount', 'Closes an account with everything in it.'),
  described('neptune-db:ResetDatabase', 'Empties the database.'),
  described('neptune-graph:ResetGraph', 'Empties the graph.'),
  described('apigateway:PATCH', 'A patch can remove parts of an API.'),
];

/** Actions that process data in several ways, including deletion. */
const DATA: readonly SourcedAction[] = [
  documented('dynamodb:BatchWriteItem', 'A batch may contain delete requests.'),
  documented(
    'datasync:StartTaskExecution',
    'A task may delete files at the destination if they do not exist at the source.',
  ),
  documented('codecommit:GitPush', 'A push can delete a branch or rewrite its history.'),
  described('elasticfilesystem:ClientWrite', 'A client with write access can delete files.'),
  described('elasticfilesystem:ClientRootAccess', 'A client with root access can delete every file.'),
  described('es:ESHttpPost', 'POST covers _bulk and _delete_by_query.'),
  described('es:ESHttpPut', 'PUT covers _bulk.'),
  described('aoss:APIAccessAll', 'Covers every operation on the documents.'),
  described('s3express:CreateSession', 'A read-write session can also delete objects.'),
  described('neptune-db:connect', 'Covers every query, including deletes.'),
  described('cassandra:Modify', 'Covers INSERT, UPDATE and DELETE.'),
  described('cassandra:Alter', 'Covers dropping columns.'),
  described(
    'elasticache:Connect',
    'The caller gets the permissions of the cache user, which may include deleting everything.',
  ),
  described(
    'memorydb:Connect',
    'The caller gets the permissions of the cache user, which may include deleting everything.',
  ),
];

/** Delete actions whose names contain no delete verb. */
export const HIDDEN_DELETES: readonly SourcedAction[] = [...EXPIRY, ...RECOVERY, ...RESOURCES, ...DATA];
