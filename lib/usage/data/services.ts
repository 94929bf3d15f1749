/**
 * The actions of a service whose use CloudTrail records. Only an action in `claimed` or in `data` can be reported as
 * unused; every other action, and every service that is not in this list, is "not known".
 *
 * `claimed` contains actions whose API operation is recorded as a management event. `data` contains actions whose
 * operations are recorded as data events, which a trail records only if its event selectors name them. Actions without
 * an operation of their own, such as `iam:PassRole` or `s3:GetObjectVersion`, are in neither.
 */
import { API_NAMES } from '@leasehold/policy';

export interface RecordedService {
  /** Prefix of its actions. */
  readonly prefix: string;
  /** CloudTrail's `eventSource`. */
  readonly eventSource: string;
  /** The page that lists its events. */
  readonly page: string;
  /** Names or patterns of actions; `not` lists the exceptions. */
  readonly claimed: { readonly names: string; readonly not?: string };
  readonly data?: { readonly names: string; readonly resourceType: string };
  /** Events whose names differ from the names of their actions. A caller needs all of the listed actions. */
  readonly events?: Readonly<Record<string, string>>;
  /**
   * Events whose calls may need further actions, depending on the request parameters. The key `*` stands for every
   * event of the service.
   */
  readonly perhaps?: Readonly<Record<string, string>>;
}

const S3_SETTINGS = `AccelerateConfiguration=Accelerate AnalyticsConfiguration EncryptionConfiguration=Encryption
  IntelligentTieringConfiguration InventoryConfiguration LifecycleConfiguration=Lifecycle MetricsConfiguration
  ReplicationConfiguration=Replication`
  .split(/\s+/)
  .map((each) => each.split('='));

/**
 * Events for bucket settings, such as `GetBucketEncryption`, each with the action that the call needs
 * (`GetEncryptionConfiguration`). Deleting a setting needs the `Put` action.
 */
const S3_SETTING_EVENTS = Object.fromEntries(
  S3_SETTINGS.flatMap(([name = '', short = name]) =>
    [...new Set([short, name])].flatMap((spelled) => [
      [`GetBucket${spelled}`, `Get${name}`],
      [`ListBucket${spelled}s`, `Get${name}`],
      [`PutBucket${spelled}`, `Put${name}`],
      [`DeleteBucket${spelled}`, `Put${name}`],
    ]),
  ),
);

/**
 * The actions that the caller of a restore operation needs, because the restored items are written with the caller's
 * permissions.
 */
const RESTORE = 'PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem';

/** The actions that the caller needs if RDS keeps the master password in Secrets Manager. */
const MASTER_PASSWORD =
  'secretsmanager:CreateSecret secretsmanager:TagResource secretsmanager:RotateSecret kms:DescribeKey';

/** The actions that the caller needs to connect a function to a VPC. */
const VPC = 'ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs';

const S3_WRITE = 'PutObjectTagging PutObjectAcl PutObjectRetention PutObjectLegalHold BypassGovernanceRetention';

export const RECORDED_SERVICES: readonly RecordedService[] = [
  {
    prefix: 'cloudwatch',
    eventSource: 'monitoring.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html',
    claimed: {
      names: `DeleteAlarms DeleteAnomalyDetector DeleteDashboards DescribeAlarmHistory DescribeAlarms
        DescribeAlarmsForMetric DescribeAnomalyDetectors DisableAlarmActions EnableAlarmActions GetDashboard ListDashboards
        PutAnomalyDetector PutDashboard PutMetricAlarm PutCompositeAlarm SetAlarmState`,
    },
    data: {
      names: 'GetMetricData GetMetricStatistics GetMetricWidgetImage ListMetrics PutMetricData',
      resourceType: 'AWS::CloudWatch::Metric',
    },
  },
  {
    prefix: 'dynamodb',
    eventSource: 'dynamodb.amazonaws.com',
    page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html',
    claimed: {
      names: `CreateBackup CreateGlobalTable CreateTable DeleteBackup DeleteTable DescribeBackup
        DescribeContinuousBackups DescribeGlobalTable DescribeLimits DescribeTable DescribeTimeToLive ListBackups
        ListGlobalTables ListTables ListTagsOfResource RestoreTableFromBackup RestoreTableToPointInTime TagResource
        UntagResource UpdateContinuousBackups UpdateGlobalTable UpdateTable UpdateTimeToLive`,
    },
    data: {
      names: `BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PartiQLDelete PartiQLInsert PartiQLSelect
        PartiQLUpdate PutItem Query Scan UpdateItem`,
      resourceType: 'AWS::DynamoDB::Table',
    },
    events: {
      TransactGetItems: 'GetItem',
      ExecuteStatement: '',
      BatchExecuteStatement: '',
      ExecuteTransaction: '',
      TransactWriteItems: '',
    },
    perhaps: {
      RestoreTableFromBackup: RESTORE,
      RestoreTableToPointInTime: RESTORE,
      TransactWriteItems: 'PutItem UpdateItem DeleteItem ConditionCheckItem',
      ExecuteStatement: 'PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate',
      BatchExecuteStatement: 'PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate',
      ExecuteTransaction: 'PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate',
    },
  },
  {
    prefix: 'ec2',
    eventSource: 'ec2.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-with-cloudtrail.html',
    claimed: {
      names: '*',
      not: `AssociateVerifiedAccessInstanceWebAcl AttachApplianceToNatGateway AttachResourcesToPlacementGroup
        CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission CreateOdbNetworkPeering DeleteCoipPoolPermission
        DeleteLocalGatewayRouteTablePermission DeleteOdbNetworkPeering DeleteResourcePolicy
        DescribeLocalGatewayRouteTablePermissions DescribeVerifiedAccessInstanceWebAclAssociations
        DetachApplianceFromNatGateway DetachResourcesFromPlacementGroup DisassociateVerifiedAccessInstanceWebAcl
        GetResourcePolicy GetVerifiedAccessInstanceWebAcl ImportByoipCidrToIpam InjectApiError InjectVolumeIOLatency
        ModifyOdbNetworkPeering PauseVolumeIO PutResourcePolicy SendSpotInstanceInterruptions`,
    },
    // The AMI can be the name of a parameter.
    perhaps: { RunInstances: 'ssm:GetParameters' },
  },
  {
    prefix: 'kms',
    eventSource: 'kms.amazonaws.com',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html',
    // Cryptographic operations are left out: other services call them on behalf of a lease, and CloudTrail does not
    // record these calls uniformly.
    claimed: {
      names: `CancelKeyDeletion CreateAlias CreateKey DeleteAlias DisableKey DisableKeyRotation EnableKey
        EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListAliases ListKeyPolicies ListKeys ListResourceTags
        PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription`,
    },
    events: { ReEncrypt: 'ReEncryptFrom ReEncryptTo' },
  },
  {
    prefix: 'lambda',
    eventSource: 'lambda.amazonaws.com',
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html',
    claimed: {
      names: `AddPermission CreateAlias CreateEventSourceMapping CreateFunction DeleteAlias DeleteEventSourceMapping
        DeleteFunction GetAlias GetEventSourceMapping GetFunction GetFunctionConfiguration GetPolicy ListAliases
        ListEventSourceMappings ListFunctions ListVersionsByFunction PublishVersion RemovePermission UpdateAlias
        UpdateEventSourceMapping UpdateFunctionCode UpdateFunctionConfiguration`,
    },
    data: { names: 'InvokeFunction', resourceType: 'AWS::Lambda::Function' },
    events: { Invoke: 'InvokeFunction', InvokeWithResponseStream: 'InvokeFunction' },
    perhaps: {
      CreateFunction: `PublishVersion GetLayerVersion s3:GetObject s3:GetObjectVersion ecr:GetDownloadUrlForLayer
        ecr:BatchGetImage ${VPC}`,
      UpdateFunctionCode:
        'PublishVersion s3:GetObject s3:GetObjectVersion ecr:GetDownloadUrlForLayer ecr:BatchGetImage',
      UpdateFunctionConfiguration: `GetLayerVersion ${VPC}`,
    },
  },
  {
    prefix: 'logs',
    eventSource: 'logs.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cwl.html',
    claimed: {
      names: `CancelExportTask CreateExportTask CreateLogGroup CreateLogStream DeleteDestination DeleteLogGroup
        DeleteLogStream DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter DescribeLogGroups
        PutDestination PutDestinationPolicy PutMetricFilter PutRetentionPolicy PutSubscriptionFilter StartQuery`,
    },
    perhaps: { GetLogEvents: 'Unmask', FilterLogEvents: 'Unmask', GetLogRecord: 'Unmask', GetQueryResults: 'Unmask' },
  },
  {
    prefix: 'rds',
    eventSource: 'rds.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html',
    claimed: {
      names: '*',
      not: `CopyCustomDBEngineVersion CrossRegionCommunication DescribeRecommendationGroups DescribeRecommendations
        DownloadCompleteDBLogFile DownloadDBLogFilePortion ModifyRecommendation`,
    },
    perhaps: {
      CreateDBCluster: MASTER_PASSWORD,
      CreateDBInstance: MASTER_PASSWORD,
      ModifyDBCluster: MASTER_PASSWORD,
      ModifyDBInstance: MASTER_PASSWORD,
      RestoreDBClusterFromS3: MASTER_PASSWORD,
      RestoreDBInstanceFromS3: MASTER_PASSWORD,
      StopDBInstance: 'CreateDBSnapshot',
      DeleteDBInstance: 'CreateDBSnapshot',
      DeleteDBCluster: 'CreateDBClusterSnapshot',
    },
  },
  {
    prefix: 'rds-data',
    eventSource: 'rdsdata.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/logging-using-cloudtrail-data-api.html',
    claimed: { names: '' },
    data: {
      names: 'BatchExecuteStatement BeginTransaction CommitTransaction ExecuteStatement RollbackTransaction',
      resourceType: 'AWS::RDS::DBCluster',
    },
    perhaps: { '*': 'secretsmanager:GetSecretValue' },
  },
  {
    prefix: 's3',
    eventSource: 's3.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html',
    claimed: {
      names: `CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration
        GetAnalyticsConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification
        GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
        GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
        GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration
        ListAllMyBuckets PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAcl PutBucketCORS
        PutBucketLogging PutBucketNotification PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock
        PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
        PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration`,
    },
    data: {
      names: `AbortMultipartUpload DeleteObject DeleteObjectTagging GetObject GetObjectAcl GetObjectAttributes
        GetObjectLegalHold GetObjectRetention GetObjectTagging ListBucket ListBucketMultipartUploads ListBucketVersions
        ListMultipartUploadParts PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging
        RestoreObject`,
      resourceType: 'AWS::S3::Object',
    },
    events: {
      ...S3_SETTING_EVENTS,
      DeleteBucketCors: 'PutBucketCORS',
      DeleteBucketTagging: 'PutBucketTagging',
      DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
      DeleteBucketPublicAccessBlock: 'PutBucketPublicAccessBlock',
      DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
      GetBucketCors: 'GetBucketCORS',
      GetBucketNotificationConfiguration: 'GetBucketNotification',
      GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
      GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
      PutBucketCors: 'PutBucketCORS',
      PutBucketNotificationConfiguration: 'PutBucketNotification',
      PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
      UploadPartCopy: 'PutObject',
    },
    perhaps: {
      CompleteMultipartUpload: S3_WRITE,
      CopyObject: `${S3_WRITE} GetObject GetObjectVersion GetObjectTagging GetObjectVersionTagging`,
      CreateBucket:
        'PutBucketAcl PutBucketOwnershipControls PutBucketObjectLockConfiguration PutBucketVersioning TagResource',
      CreateMultipartUpload: S3_WRITE,
      DeleteObject: 'DeleteObjectVersion BypassGovernanceRetention',
      DeleteObjects: 'DeleteObjectVersion BypassGovernanceRetention',
      GetObject: 'GetObjectVersion ListBucket',
      GetObjectAttributes: 'GetObject GetObjectVersion GetObjectVersionAttributes',
      HeadObject: 'GetObjectVersion ListBucket',
      PutObject: S3_WRITE,
      PutObjectRetention: 'BypassGovernanceRetention',
      UploadPartCopy: 'GetObject GetObjectVersion',
    },
  },
  {
    prefix: 'secretsmanager',
    eventSource: 'secretsmanager.amazonaws.com',
    page: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html',
    claimed: { names: '*' },
    perhaps: {
      BatchGetSecretValue: 'GetSecretValue ListSecrets',
      CreateSecret: 'PutSecretValue ReplicateSecretToRegions',
      RotateSecret: 'lambda:InvokeFunction',
      UpdateSecret: 'PutSecretValue',
    },
  },
  {
    prefix: 'sns',
    eventSource: 'sns.amazonaws.com',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html',
    claimed: { names: '*', not: 'Publish' },
    data: { names: 'Publish', resourceType: 'AWS::SNS::Topic' },
    perhaps: { CreateTopic: 'SetTopicAttributes' },
  },
  {
    prefix: 'sqs',
    eventSource: 'sqs.amazonaws.com',
    page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html',
    claimed: {
      names: `AddPermission CancelMessageMoveTask CreateQueue DeleteQueue ListMessageMoveTasks PurgeQueue RemovePermission
        SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue`,
    },
    data: {
      names: `ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues
        ListQueues ListQueueTags ReceiveMessage SendMessage`,
      resourceType: 'AWS::SQS::Queue',
    },
    perhaps: {
      CreateQueue: 'SetQueueAttributes',
      StartMessageMoveTask: 'ReceiveMessage DeleteMessage GetQueueAttributes SendMessage',
    },
  },
  {
    prefix: 'ssm',
    eventSource: 'ssm.amazonaws.com',
    page: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html',
    claimed: {
      names: '*',
      not: `DescribeDocumentParameters ExecuteAPI GetCalendar GetManifest ListInstanceAssociations PutCalendar
        PutConfigurePackageResult PutInventory PutComplianceItems RegisterManagedInstance RequestManagedInstanceRoleToken
        UpdateInstanceAssociationStatus UpdateInstanceInformation UpdateManagedInstancePublicKey UpdateAssociationStatus
        GetDeployablePatchSnapshotForInstance`,
    },
    perhaps: { PutParameter: 'AddTagsToResource', StartSession: 'GetDocument' },
  },
];

/** Operations that need the action of another name, by service. */
export const OPERATION_ACTIONS: ReadonlyMap<string, string> = new Map(
  API_NAMES.map(({ operation, action }) => [operation, action]),
);
