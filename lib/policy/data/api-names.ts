/**
 * API operations whose names are not action names, each with the action that IAM checks. People and language models
 * often write these names in policies.
 */

export interface ApiName {
  /** The operation as `service:Operation`. */
  readonly operation: string;
  /** The action that permits the operation. */
  readonly action: string;
  readonly source: string;
}

const S3 = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html';
const SQS =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html';

export const API_NAMES: readonly ApiName[] = [
  { operation: 's3:ListObjects', action: 's3:ListBucket', source: S3 },
  { operation: 's3:ListObjectsV2', action: 's3:ListBucket', source: S3 },
  { operation: 's3:HeadBucket', action: 's3:ListBucket', source: S3 },
  { operation: 's3:ListObjectVersions', action: 's3:ListBucketVersions', source: S3 },
  { operation: 's3:ListBuckets', action: 's3:ListAllMyBuckets', source: S3 },
  { operation: 's3:ListMultipartUploads', action: 's3:ListBucketMultipartUploads', source: S3 },
  { operation: 's3:ListParts', action: 's3:ListMultipartUploadParts', source: S3 },
  { operation: 's3:HeadObject', action: 's3:GetObject', source: S3 },
  { operation: 's3:SelectObjectContent', action: 's3:GetObject', source: S3 },
  { operation: 's3:CopyObject', action: 's3:PutObject', source: S3 },
  { operation: 's3:CreateMultipartUpload', action: 's3:PutObject', source: S3 },
  { operation: 's3:UploadPart', action: 's3:PutObject', source: S3 },
  { operation: 's3:CompleteMultipartUpload', action: 's3:PutObject', source: S3 },
  { operation: 's3:DeleteObjects', action: 's3:DeleteObject', source: S3 },
  { operation: 's3:PutBucketLifecycleConfiguration', action: 's3:PutLifecycleConfiguration', source: S3 },
  { operation: 's3:PutBucketEncryption', action: 's3:PutEncryptionConfiguration', source: S3 },
  { operation: 's3:PutBucketReplication', action: 's3:PutReplicationConfiguration', source: S3 },
  { operation: 'sqs:SendMessageBatch', action: 'sqs:SendMessage', source: SQS },
  { operation: 'sqs:DeleteMessageBatch', action: 'sqs:DeleteMessage', source: SQS },
  { operation: 'sqs:ChangeMessageVisibilityBatch', action: 'sqs:ChangeMessageVisibility', source: SQS },
  {
    operation: 'sns:PublishBatch',
    action: 'sns:Publish',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html',
  },
  {
    operation: 'lambda:Invoke',
    action: 'lambda:InvokeFunction',
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
  },
  {
    operation: 'dynamodb:ExecuteStatement',
    action: 'dynamodb:PartiQLSelect',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html',
  },
  {
    operation: 'dynamodb:TransactGetItems',
    action: 'dynamodb:GetItem',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html',
  },
  {
    operation: 'dynamodb:TransactWriteItems',
    action: 'dynamodb:PutItem',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html',
  },
  {
    operation: 'bedrock:Converse',
    action: 'bedrock:InvokeModel',
    source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
  },
];
