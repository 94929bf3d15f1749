/**
 * Variables in ARN formats whose values can contain neither a slash nor a colon. With this list,
 * `arn:aws:s3:::bucket/key` is recognized as an object and not as a bucket named `bucket/key`. All other variables in
 * the last part of an ARN match anything.
 */

export interface NarrowVariable {
  readonly service: string;
  readonly variable: string;
  readonly source: string;
}

/** One row for each variable. */
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
