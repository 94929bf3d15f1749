/**
 * Policies managed by AWS whose document is short, old and known to the letter. Any other is named and not read.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
import type { PolicyDocument } from '@leasehold/policy';

const all = (...actions: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions.length === 1 ? (actions[0] ?? '') : actions, Resource: '*' }],
});

const BY_PATH: ReadonlyMap<string, PolicyDocument> = new Map([
  ['/AdministratorAccess', all('*')],
  ['/AmazonS3FullAccess', all('s3:*', 's3-object-lambda:*')],
  [
    '/AmazonS3ReadOnlyAccess',
    all('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
  ],
  ['/AmazonSQSFullAccess', all('sqs:*')],
  [
    '/service-role/AWSLambdaBasicExecutionRole',
    all('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  ],
]);

/** The document of a policy managed by AWS, by its ARN; `undefined` where it is not known to the letter. */
export function awsManaged(arn: string): PolicyDocument | undefined {
  const path = /^arn:aws[a-z-]*:iam::aws:policy(\/.+)$/.exec(arn)?.[1];
  return path === undefined ? undefined : BY_PATH.get(path);
}

/** Whether an ARN names a policy that AWS manages. */
export function isAwsManaged(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn);
}
