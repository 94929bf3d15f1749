/**
 * Variables of ARN formats that cannot hold a slash or a colon, so that `arn:aws:s3:::bucket/key` is an object and
 * never a bucket of that name. Every other variable of the last part may hold anything.
 */

export interface NarrowVariable {
  readonly service: string;
  readonly variable: string;
  readonly source: string;
}

/** One row a variable. */
export const NARROW_VARIABLES: readonly NarrowVariable[] = [
  {
    service: 's3',
    variable: 'BucketName',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  },
  {
    service: 's3',
    variable: 'AccessPointName',
    source:
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations-naming-rules.html',
  },
  {
    service: 'dynamodb',
    variable: 'TableName',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html',
  },
  {
    service: 'dynamodb',
    variable: 'IndexName',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html',
  },
  {
    service: 'sqs',
    variable: 'QueueName',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
  },
  {
    service: 'sns',
    variable: 'TopicName',
    source: 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html',
  },
];
