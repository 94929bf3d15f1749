/** The maximum size of each kind of policy document, and how AWS counts the size. */

/** A kind of policy document, named after the entity to which it is attached. */
export type DocumentKind =
  | 'managed-policy'
  | 'permissions-boundary'
  | 'role-inline-policy'
  | 'user-inline-policy'
  | 'group-inline-policy'
  | 'trust-policy'
  | 'session-policy'
  | 'service-control-policy'
  | 'resource-control-policy'
  | 's3-bucket-policy'
  | 'kms-key-policy'
  | 'sqs-queue-policy'
  | 'sns-topic-policy'
  | 'secret-policy'
  | 'lambda-policy'
  | 'dynamodb-policy'
  | 'vpc-endpoint-policy'
  | 'rest-api-policy';

export interface DocumentQuota {
  readonly limit: number;
  readonly unit: 'characters' | 'bytes';
  /**
   * Whether white space between the tokens of the JSON counts. If AWS does not document this, the value is `counted`.
   */
  readonly whitespace: 'ignored' | 'counted';
  /** Whether the limit applies to the total size of all documents of this kind on one identity. @default false */
  readonly aggregate?: boolean;
  /** The maximum to which AWS raises the limit on request; absent if the limit is fixed. */
  readonly adjustableTo?: number;
  readonly source: string;
  /** Notes about values that are inferred, or about sources that contradict each other. */
  readonly note?: string;
}

const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const ORGANIZATIONS = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html';

export const DOCUMENT_QUOTAS: Readonly<Record<DocumentKind, DocumentQuota>> = {
  'managed-policy': { limit: 6144, unit: 'characters', whitespace: 'ignored', source: IAM },
  'permissions-boundary': {
    limit: 6144,
    unit: 'characters',
    whitespace: 'ignored',
    source: IAM,
    note: 'A boundary is a managed policy.',
  },
  'role-inline-policy': { limit: 10_240, unit: 'characters', whitespace: 'ignored', aggregate: true, source: IAM },
  'user-inline-policy': { limit: 2048, unit: 'characters', whitespace: 'ignored', aggregate: true, source: IAM },
  'group-inline-policy': { limit: 5120, unit: 'characters', whitespace: 'ignored', aggregate: true, source: IAM },
  'trust-policy': {
    limit: 2048,
    unit: 'characters',
    whitespace: 'ignored',
    adjustableTo: 4096,
    source: IAM,
    note: 'The quota page states a maximum of 4,096; newer public sources state 8,192. Leasehold uses the default quota.',
  },
  'session-policy': {
    limit: 2048,
    unit: 'characters',
    whitespace: 'counted',
    aggregate: true,
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
    note: 'The limit applies to the inline document and the ARNs of managed session policies together. White space counts here. The tags also count toward a separate limit on the packed size, which cannot be predicted.',
  },
  'service-control-policy': {
    limit: 5120,
    unit: 'characters',
    whitespace: 'counted',
    source: ORGANIZATIONS,
    note: 'The console removes white space; the API does not.',
  },
  'resource-control-policy': {
    limit: 5120,
    unit: 'characters',
    whitespace: 'counted',
    source: ORGANIZATIONS,
    note: 'The console removes white space; the API does not.',
  },
  's3-bucket-policy': {
    limit: 20_480,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
    note: 'AWS publishes the limit as 20 KB and does not document whether white space counts; Leasehold assumes that white space counts.',
  },
  'kms-key-policy': {
    limit: 32_768,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html',
    note: 'AWS does not document whether white space counts; Leasehold assumes that white space counts.',
  },
  'sqs-queue-policy': {
    limit: 8192,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
    note: 'AWS does not document whether white space counts; Leasehold assumes that white space counts. Further limits are 20 statements and 7 actions per statement.',
  },
  'sns-topic-policy': {
    limit: 30_720,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html',
    note: 'AWS publishes the limit as 30 kb and does not document whether white space counts; Leasehold assumes that white space counts. A further limit is 100 statements.',
  },
  'secret-policy': {
    limit: 20_480,
    unit: 'characters',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html',
    note: 'AWS does not document whether white space counts; Leasehold assumes that white space counts.',
  },
  'lambda-policy': {
    limit: 20_480,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    note: 'AWS publishes the limit as 20 KB and does not document whether white space counts; Leasehold assumes that white space counts.',
  },
  'dynamodb-policy': {
    limit: 20_480,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html',
  },
  'vpc-endpoint-policy': {
    limit: 20_480,
    unit: 'characters',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  },
  'rest-api-policy': {
    limit: 8192,
    unit: 'bytes',
    whitespace: 'counted',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
    note: 'AWS does not document whether white space counts; Leasehold assumes that white space counts.',
  },
};
