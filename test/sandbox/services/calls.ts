/** One call for each operation of each service that the sandbox maps, as arguments of its client. */
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as rdsData from '@aws-sdk/client-rds-data';
import * as s3 from '@aws-sdk/client-s3';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';

export const ALIAS = 'arn:aws:kms:ap-northeast-2:123456789012:alias/shop';
export const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:ops';
const CLUSTER = 'arn:aws:rds:ap-northeast-2:123456789012:cluster:shop';
const SECRET = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-a1B2c3';
const ROLE = 'arn:aws:iam::123456789012:role/run';

export interface Client {
  send(command: object): Promise<{ readonly $metadata: { readonly httpStatusCode?: number } }>;
  destroy(): void;
}
export type Module = Readonly<Record<string, unknown>>;
export type Calls = readonly (readonly [operation: string, input: object])[];

const one = { Bucket: 'b-1', Key: 'a/b.txt' };
const S3: Calls = [
  ['ListBuckets', {}],
  ['CreateBucket', { Bucket: 'b-1' }],
  ['HeadBucket', { Bucket: 'b-1' }],
  ['GetBucketLocation', { Bucket: 'b-1' }],
  ['GetBucketPolicy', { Bucket: 'b-1' }],
  ['GetBucketTagging', { Bucket: 'b-1' }],
  ['PutBucketVersioning', { Bucket: 'b-1', VersioningConfiguration: { Status: 'Enabled' } }],
  ['ListObjects', { Bucket: 'b-1' }],
  ['ListObjectsV2', { Bucket: 'b-1', Prefix: 'a/' }],
  ['ListObjectVersions', { Bucket: 'b-1' }],
  ['PutObject', { ...one, Body: 'x' }],
  ['GetObject', one],
  ['HeadObject', one],
  ['GetObjectTagging', one],
  ['GetObjectAttributes', { ...one, ObjectAttributes: ['ETag'] }],
  ['CopyObject', { ...one, CopySource: 'b-1/c' }],
  ['DeleteObject', one],
  ['DeleteObjects', { Bucket: 'b-1', Delete: { Objects: [{ Key: 'a' }] } }],
  ['CreateMultipartUpload', one],
  ['UploadPart', { ...one, UploadId: 'u', PartNumber: 1, Body: 'x' }],
  ['UploadPartCopy', { ...one, UploadId: 'u', PartNumber: 1, CopySource: 'b-1/c' }],
  ['ListParts', { ...one, UploadId: 'u' }],
  ['CompleteMultipartUpload', { ...one, UploadId: 'u', MultipartUpload: { Parts: [{ PartNumber: 1, ETag: 'e' }] } }],
  ['AbortMultipartUpload', { ...one, UploadId: 'u' }],
];

const table = { TableName: 'orders', Key: { id: { S: '1' } } };
const DYNAMODB: Calls = [
  ['ListTables', {}],
  ['DescribeTable', { TableName: 'orders' }],
  ['GetItem', table],
  ['PutItem', { TableName: 'orders', Item: table.Key }],
  ['UpdateItem', { ...table, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'x' } } }],
  ['DeleteItem', table],
  [
    'Query',
    { TableName: 'orders', KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': { S: '1' } } },
  ],
  ['Scan', { TableName: 'orders' }],
  ['BatchGetItem', { RequestItems: { orders: { Keys: [table.Key] } } }],
  ['BatchWriteItem', { RequestItems: { orders: [{ PutRequest: { Item: table.Key } }] } }],
  ['TransactGetItems', { TransactItems: [{ Get: table }] }],
  ['TransactWriteItems', { TransactItems: [{ Delete: table }] }],
  ['ExecuteStatement', { Statement: `SELECT * FROM "orders" WHERE "id" = '1'` }],
];

const EC2: Calls = [
  ['DescribeInstances', {}],
  ['DescribeVpcs', {}],
  ['DescribeSecurityGroups', {}],
  ['DescribeImages', { Owners: ['self'] }],
  ['StartInstances', { InstanceIds: ['i-0123456789abcdef0'] }],
  ['StopInstances', { InstanceIds: ['i-0123456789abcdef0'] }],
  ['TerminateInstances', { InstanceIds: ['i-0123456789abcdef0'] }],
  ['CreateTags', { Resources: ['i-0123456789abcdef0'], Tags: [{ Key: 'a', Value: 'b' }] }],
];

const CLOUDWATCH: Calls = [
  ['ListMetrics', {}],
  ['GetMetricData', { MetricDataQueries: [], StartTime: new Date(0), EndTime: new Date(1) }],
  [
    'GetMetricStatistics',
    {
      Namespace: 'n',
      MetricName: 'm',
      StartTime: new Date(0),
      EndTime: new Date(60_000),
      Period: 60,
      Statistics: ['Sum'],
    },
  ],
  ['PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1 }] }],
  ['DescribeAlarms', {}],
];

const group = { logGroupName: '/shop' };
const LOGS: Calls = [
  ['DescribeLogGroups', {}],
  ['DescribeLogStreams', group],
  ['CreateLogGroup', group],
  ['GetLogEvents', { ...group, logStreamName: 's' }],
  ['PutLogEvents', { ...group, logStreamName: 's', logEvents: [{ timestamp: 1, message: 'x' }] }],
  ['FilterLogEvents', group],
  ['StartQuery', { ...group, queryString: 'fields @message', startTime: 0, endTime: 1 }],
  ['GetQueryResults', { queryId: 'a' }],
];

const KMS: Calls = [
  ['ListKeys', {}],
  ['DescribeKey', { KeyId: KEY }],
  ['Encrypt', { KeyId: 'alias/shop', Plaintext: Buffer.from('x') }],
  ['Decrypt', { KeyId: KEY, CiphertextBlob: Buffer.from('x') }],
  ['GenerateDataKey', { KeyId: KEY, KeySpec: 'AES_256' }],
  ['Sign', { KeyId: KEY, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' }],
];

const LAMBDA: Calls = [
  ['ListFunctions', {}],
  ['GetFunction', { FunctionName: 'f' }],
  ['GetFunctionConfiguration', { FunctionName: 'f' }],
  ['Invoke', { FunctionName: 'f', Payload: '{}' }],
  ['CreateFunction', { FunctionName: 'f', Role: ROLE, Code: { S3Bucket: 'code', S3Key: 'a.zip' } }],
  ['UpdateFunctionCode', { FunctionName: 'f', S3Bucket: 'code', S3Key: 'a.zip' }],
  ['DeleteFunction', { FunctionName: 'f' }],
];

const RDS: Calls = [
  ['DescribeDBInstances', {}],
  ['DescribeDBClusters', {}],
  ['StopDBCluster', { DBClusterIdentifier: 'shop' }],
  ['StartDBInstance', { DBInstanceIdentifier: 'shop' }],
  ['CreateDBSnapshot', { DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: 's1' }],
];

const cluster = { resourceArn: CLUSTER, secretArn: SECRET };
const RDS_DATA: Calls = [
  ['ExecuteStatement', { ...cluster, sql: 'select 1' }],
  ['BatchExecuteStatement', { ...cluster, sql: 'select 1' }],
  ['BeginTransaction', cluster],
  ['CommitTransaction', { ...cluster, transactionId: 't' }],
];

const SECRETS: Calls = [
  ['ListSecrets', {}],
  ['DescribeSecret', { SecretId: SECRET }],
  ['GetSecretValue', { SecretId: SECRET }],
  ['PutSecretValue', { SecretId: SECRET, SecretString: 'x' }],
  ['CreateSecret', { Name: 'n', SecretString: 'x' }],
];

const SNS: Calls = [
  ['ListTopics', {}],
  ['CreateTopic', { Name: 'ops' }],
  ['Publish', { TopicArn: TOPIC, Message: 'x' }],
  ['PublishBatch', { TopicArn: TOPIC, PublishBatchRequestEntries: [{ Id: '1', Message: 'x' }] }],
  ['Subscribe', { TopicArn: TOPIC, Protocol: 'https', Endpoint: 'https://a.example' }],
  ['GetTopicAttributes', { TopicArn: TOPIC }],
];

const QueueUrl = 'http://127.0.0.1/123456789012/jobs';
const SQS: Calls = [
  ['ListQueues', {}],
  ['CreateQueue', { QueueName: 'jobs' }],
  ['GetQueueUrl', { QueueName: 'jobs' }],
  ['SendMessage', { QueueUrl, MessageBody: 'x' }],
  ['SendMessageBatch', { QueueUrl, Entries: [{ Id: '1', MessageBody: 'x' }] }],
  ['ReceiveMessage', { QueueUrl }],
  ['DeleteMessage', { QueueUrl, ReceiptHandle: 'r' }],
  ['DeleteMessageBatch', { QueueUrl, Entries: [{ Id: '1', ReceiptHandle: 'r' }] }],
  ['GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }],
];

const SSM: Calls = [
  ['DescribeParameters', {}],
  ['GetParameter', { Name: '/a' }],
  ['GetParameters', { Names: ['/a'] }],
  ['GetParametersByPath', { Path: '/a' }],
  ['PutParameter', { Name: '/a', Value: 'x', Type: 'String' }],
  ['SendCommand', { InstanceIds: ['i-0123456789abcdef0'], DocumentName: 'AWS-RunShellScript' }],
];

export const CLIENTS: readonly [string, Module, string, Calls][] = [
  ['S3', s3, 'S3Client', S3],
  ['DynamoDB', dynamodb, 'DynamoDBClient', DYNAMODB],
  ['EC2', ec2, 'EC2Client', EC2],
  ['CloudWatch', cloudwatch, 'CloudWatchClient', CLOUDWATCH],
  ['CloudWatch Logs', logs, 'CloudWatchLogsClient', LOGS],
  ['KMS', kms, 'KMSClient', KMS],
  ['Lambda', lambda, 'LambdaClient', LAMBDA],
  ['RDS', rds, 'RDSClient', RDS],
  ['RDS Data', rdsData, 'RDSDataClient', RDS_DATA],
  ['Secrets Manager', secrets, 'SecretsManagerClient', SECRETS],
  ['SNS', sns, 'SNSClient', SNS],
  ['SQS', sqs, 'SQSClient', SQS],
  ['Systems Manager', ssm, 'SSMClient', SSM],
];
