/** Which operations are read-only and can be repeated after a failure. */
import { isRead } from '../../../lib/mcp/aws/reads';

it.each([
  's3:GetObject',
  's3:HeadObject',
  's3:ListObjectsV2',
  'ec2:DescribeInstances',
  'ecr:BatchGetImage',
  'dynamodb:Query',
  'dynamodb:Scan',
  'cloudtrail:LookupEvents',
  'iam:SimulatePrincipalPolicy',
  'securityhub:GetFindings',
  'apigateway:GetRestApis',
  'sagemaker:Search',
  'a-new-service:ListThings',
])('%s is a read', async (id) => {
  const [prefix = '', operation = ''] = id.split(':');
  expect(await isRead(prefix, operation)).toBe(true);
});

it.each([
  // The reference lists these as reads, but each call has an effect.
  'sqs:ReceiveMessage',
  'logs:StartQuery',
  'logs:StopQuery',
  'cloudformation:DetectStackDrift',
  'bedrock:InvokeModel',
  'iam:GenerateCredentialReport',
  'sms-voice:CarrierLookup',
  // The reference lists these as writes, whatever their names.
  'states:GetActivityTask',
  'cognito-identity:GetId',
  'sts:GetFederationToken',
  'cloudwatch:QueryTraces',
  // The reference does not contain these, and the names do not mean a read in every service.
  'a-new-service:QueryThings',
  'a-new-service:SearchThings',
  's3:SelectObjectContent',
  // The names only begin like those of reads.
  'a-new-service:Getaway',
  'a-new-service:Queryable',
  's3:PutObject',
  's3:DeleteObject',
])('%s is not a read', async (id) => {
  const [prefix = '', operation = ''] = id.split(':');
  expect(await isRead(prefix, operation)).toBe(false);
});
