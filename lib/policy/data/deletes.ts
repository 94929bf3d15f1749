/**
 * What counts as delete: an action that makes data, a resource, or the means to get it back, cease to exist. Something
 * that the reverse call restores as it was (stop, disable, detach, disassociate, unsubscribe) is a write. Overwriting
 * is a write.
 *
 * A verb settles most of it, and two lists what the verb gets wrong. They speak of actions of level Write alone: tags
 * and permissions have classes of their own.
 */
import { api, described, documented, type SourcedAction } from './sources';

/** An action is a delete when one of these is a word of its name, as in `BatchDeleteImage` and `ScheduleKeyDeletion`. */
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

/** The name looks like a delete, and nothing is lost. */
export const NO_DELETES: readonly SourcedAction[] = [
  documented(
    'sqs:DeleteMessage',
    'Acknowledges a message that the caller has received and holds the receipt of, which is how a queue is consumed. Emptying a queue unread is sqs:PurgeQueue.',
  ),
  documented('logs:DeleteRetentionPolicy', 'Log events are kept for ever afterwards.'),
  documented('ecr:DeleteLifecyclePolicy', 'Images no longer expire afterwards.'),
  documented('config:DeleteRetentionConfiguration', 'History is kept for the longest time afterwards.'),
  described('mediastore:DeleteLifecyclePolicy', 'Objects no longer expire afterwards.'),
  described('aoss:DeleteLifecyclePolicy', 'Documents no longer expire afterwards.'),
  described('workmail:DeleteRetentionPolicy', 'Messages no longer expire afterwards.'),
  documented('kms:CancelKeyDeletion', 'Keeps a key that was to be deleted.'),
  described('logs:PutLogGroupDeletionProtection', 'Sets a protection and deletes nothing.'),
  described('ssm-incidents:UpdateDeletionProtection', 'Sets a protection and deletes nothing.'),
  described('network-firewall:UpdateFirewallDeleteProtection', 'Sets a protection and deletes nothing.'),
  described(
    'elasticloadbalancing:DeregisterTargets',
    'Takes targets out of traffic; registering them again restores it.',
  ),
  described(
    'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
    'Takes machines out of traffic; registering them again restores it.',
  ),
  described(
    'servicediscovery:DeregisterInstance',
    'Takes an instance out of discovery; registering it again restores it.',
  ),
  documented('rds:DeregisterDBProxyTargets', 'Takes databases out of traffic; registering them again restores it.'),
  described('vpc-lattice:DeregisterTargets', 'Takes targets out of traffic; registering them again restores it.'),
  documented('lambda:DeleteFunctionConcurrency', 'Lifts a limit.'),
  documented('cloudformation:DeleteChangeSet', 'Drops a proposal that was never executed.'),
  documented('ssm:TerminateSession', 'Ends a shell.'),
  described('fsx:ReleaseFileSystemNfsV3Locks', 'Frees file locks.'),
  described('healthlake:CancelFHIRExportJobWithDelete', 'Stops a copy that is being made.'),
  described('servicecatalog:NotifyTerminateProvisionedProductEngineWorkflowResult', 'Reports what an engine has done.'),
];

/** Content that expires or is cut off because of a setting. */
const EXPIRY: readonly SourcedAction[] = [
  {
    action: 's3:PutLifecycleConfiguration',
    source: api('s3', 'PutBucketLifecycleConfiguration'),
    why: 'A lifecycle rule can expire every object and every earlier version.',
  },
  described('s3-outposts:PutLifecycleConfiguration', 'A lifecycle rule can expire every object.'),
  described('s3express:PutLifecycleConfiguration', 'A lifecycle rule can expire every object.'),
  described('s3tables:PutTableMaintenanceConfiguration', 'Sets when snapshots of a table are removed.'),
  described('s3tables:PutTableBucketMaintenanceConfiguration', 'Sets when unreferenced files are removed.'),
  described('s3tables:PutTableRecordExpirationConfiguration', 'Sets when rows expire.'),
  documented('logs:PutRetentionPolicy', 'Log events older than the new retention expire.'),
  documented('ecr:PutLifecyclePolicy', 'A lifecycle rule can expire every image.'),
  described('mediastore:PutLifecyclePolicy', 'A lifecycle rule can expire every object.'),
  described('aoss:CreateLifecyclePolicy', 'Sets when documents expire.'),
  described('aoss:UpdateLifecyclePolicy', 'Sets when documents expire.'),
  documented('dynamodb:UpdateTimeToLive', 'Every item whose time has come expires.'),
  documented('kinesis:DecreaseStreamRetentionPeriod', 'Records older than the new retention are lost.'),
  described('kinesisvideo:UpdateDataRetention', 'Media older than the new retention is lost.'),
  documented('config:PutRetentionConfiguration', 'History older than the new retention is lost.'),
  described('timestream:UpdateTable', 'Rows older than the new retention are lost.'),
  described('kafka-cluster:AlterTopic', 'A topic can be set to keep nothing.'),
  described('kafka-cluster:AlterTopicDynamicConfiguration', 'A topic can be set to keep nothing.'),
  described('workmail:PutRetentionPolicy', 'Messages older than the new retention are removed.'),
  described('wickr:UpdateDataRetention', 'Messages older than the new retention are removed.'),
];

/** Backups, versions and protection: the means to get something back. */
const RECOVERY: readonly SourcedAction[] = [
  {
    action: 's3:PutBucketVersioning',
    source: api('s3', 'PutBucketVersioning'),
    why: 'With versioning suspended an overwrite or delete is final.',
  },
  documented('dynamodb:UpdateContinuousBackups', 'Turning point-in-time recovery off discards the recovery points.'),
  documented('dynamodb:UpdateTable', 'Drops indexes and replicas, and takes deletion protection off.'),
  documented('rds:ModifyDBInstance', 'A backup retention of 0 discards all automated backups.'),
  documented('rds:ModifyDBCluster', 'A shorter backup retention discards automated backups.'),
  documented('rds:BacktrackDBCluster', 'Everything written since the moment chosen is lost.'),
  documented('redshift:ModifyCluster', 'A snapshot retention of 0 discards all automated snapshots.'),
  documented('redshift:ModifyClusterSnapshot', 'A shorter retention discards a snapshot.'),
  described('backup:UpdateRecoveryPointLifecycle', 'Sets when a recovery point is deleted.'),
  documented('dlm:CreateLifecyclePolicy', 'Deletes snapshots and images by age or count.'),
  documented('dlm:UpdateLifecyclePolicy', 'Deletes snapshots and images by age or count.'),
  described('rbin:UpdateRule', 'A shorter retention empties the recycle bin.'),
  documented('fsx:UpdateFileSystem', 'A backup retention of 0 discards all automatic backups.'),
  documented('fsx:RestoreVolumeFromSnapshot', 'Everything written since the snapshot is lost, newer snapshots too.'),
];

/** Resources that go without the word. */
const RESOURCES: readonly SourcedAction[] = [
  documented('ec2:CancelSpotFleetRequests', 'Terminates the machines of the fleet.'),
  documented('ec2:ModifySpotFleetRequest', 'A smaller fleet terminates machines.'),
  documented('ec2:ModifyFleet', 'A smaller fleet terminates machines.'),
  documented('cloudformation:UpdateStack', 'Removes every resource that the new template leaves out.'),
  documented('cloudformation:ExecuteChangeSet', 'Removes every resource that the new template leaves out.'),
  documented('cloudformation:UpdateStackSet', 'Removes every resource that the new template leaves out.'),
  documented('cloudformation:RollbackStack', 'Removes resources that the earlier template lacks.'),
  documented('elasticbeanstalk:RebuildEnvironment', 'Removes every resource of the environment and makes new ones.'),
  documented('workspaces:RebuildWorkspaces', 'User data since the last snapshot is lost.'),
  documented('workspaces:RestoreWorkspace', 'User data since the last snapshot is lost.'),
  documented('route53:ChangeResourceRecordSets', 'One request may create, change and delete records.'),
  described('acm:RevokeCertificate', 'A revoked certificate stays revoked.'),
  described('acm-pca:RevokeCertificate', 'A revoked certificate stays revoked.'),
  described('account:CloseAccount', 'Closes the account with all it holds.'),
  documented('organizations:CloseAccount', 'Closes an account with all it holds.'),
  described('neptune-db:ResetDatabase', 'Empties the database.'),
  described('neptune-graph:ResetGraph', 'Empties the graph.'),
  described('apigateway:PATCH', 'A patch can remove parts of an API.'),
];

/** Data interfaces whose one action covers deleting. */
const DATA: readonly SourcedAction[] = [
  documented('dynamodb:BatchWriteItem', 'A batch may hold delete requests.'),
  documented('datasync:StartTaskExecution', 'A task may remove what the source lacks from the destination.'),
  documented('codecommit:GitPush', 'A push can delete a branch or rewrite its history.'),
  described('elasticfilesystem:ClientWrite', 'A client that writes can delete files.'),
  described('elasticfilesystem:ClientRootAccess', 'A client that is root can delete every file.'),
  described('es:ESHttpPost', 'POST covers _bulk and _delete_by_query.'),
  described('es:ESHttpPut', 'PUT covers _bulk.'),
  described('aoss:APIAccessAll', 'Covers every operation on the documents.'),
  described('s3express:CreateSession', 'A read-write session deletes objects too.'),
  described('neptune-db:connect', 'Covers every query, deleting ones too.'),
  described('cassandra:Modify', 'Covers INSERT, UPDATE and DELETE.'),
  described('cassandra:Alter', 'Covers dropping columns.'),
  described('elasticache:Connect', 'The cache user decides, and may flush everything.'),
  described('memorydb:Connect', 'The cache user decides, and may flush everything.'),
];

/** Deletes that no word gives away. */
export const HIDDEN_DELETES: readonly SourcedAction[] = [...EXPIRY, ...RECOVERY, ...RESOURCES, ...DATA];
