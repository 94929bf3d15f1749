/** The resources of the account that can have a policy of their own, service by service. */
import type { Environment } from '@leasehold/definitions';
import type { Aws } from '../aws/aws';
import type { Unchecked } from '../observation';
import { uncheckedBecause } from '../unread';

/** A resource, and how to read its policy. */
export interface ResourcePolicy {
  readonly arn: string;
  /** The text of its policy; `undefined` if it has none. @throws Unread */
  readonly read: () => Promise<string | undefined>;
}

/** Lists all buckets, and of the environment's region keys, secrets, queues, topics, functions and repositories. */
export async function resourcePolicies(
  aws: Aws,
  environment: Environment,
): Promise<{ readonly resources: readonly ResourcePolicy[]; readonly unchecked: readonly Unchecked[] }> {
  const lists = await Promise.all(
    Object.entries(LISTS).map(async ([what, list]) => {
      try {
        return { resources: await list(aws, environment), unchecked: [] };
      } catch (error) {
        return { resources: [], unchecked: [uncheckedBecause(error, what)] };
      }
    }),
  );
  return {
    resources: lists.flatMap(({ resources }) => resources),
    unchecked: lists.flatMap(({ unchecked }) => unchecked),
  };
}

type List = (aws: Aws, environment: Environment) => Promise<readonly ResourcePolicy[]>;

const LISTS: Readonly<Record<string, List>> = {
  buckets: async (aws, { partition }) =>
    (await aws.all('s3', 'ListBuckets', { MaxBuckets: 1000 }))
      .flatMap(({ Buckets = [] }) => Buckets.flatMap(({ Name }) => Name ?? []))
      .map((Bucket) => ({
        arn: `arn:${partition}:s3:::${Bucket}`,
        read: async () => (await aws.find('s3', 'GetBucketPolicy', { Bucket }))?.Policy,
      })),
  keys: async (aws) => {
    const [pages, aliases] = await Promise.all([aws.all('kms', 'ListKeys', {}), aws.all('kms', 'ListAliases', {})]);
    // The policies of AWS's own keys are written by AWS, and permit use through one service.
    const ofAws = new Set(
      aliases
        .flatMap(({ Aliases = [] }) => Aliases)
        .filter(({ AliasName = '' }) => AliasName.startsWith('alias/aws/'))
        .map(({ TargetKeyId }) => TargetKeyId),
    );
    return pages
      .flatMap(({ Keys = [] }) => Keys)
      .filter(({ KeyId }) => !ofAws.has(KeyId))
      .map(({ KeyId = '', KeyArn = KeyId }) => ({
        arn: KeyArn,
        read: async () => (await aws.find('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' }))?.Policy,
      }));
  },
  secrets: async (aws) =>
    (await aws.all('secretsmanager', 'ListSecrets', { MaxResults: 100 }))
      .flatMap(({ SecretList = [] }) => SecretList.flatMap(({ ARN }) => ARN ?? []))
      .map((SecretId) => ({
        arn: SecretId,
        read: async () => (await aws.find('secretsmanager', 'GetResourcePolicy', { SecretId }))?.ResourcePolicy,
      })),
  queues: async (aws, { partition, region, account }) =>
    (await aws.all('sqs', 'ListQueues', { MaxResults: 1000 }))
      .flatMap(({ QueueUrls = [] }) => QueueUrls)
      .map((QueueUrl) => ({
        arn: `arn:${partition}:sqs:${region}:${account}:${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
        read: async () =>
          (await aws.find('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] }))?.Attributes?.Policy,
      })),
  topics: async (aws) =>
    (await aws.all('sns', 'ListTopics', {}))
      .flatMap(({ Topics = [] }) => Topics.flatMap(({ TopicArn }) => TopicArn ?? []))
      .map((TopicArn) => ({
        arn: TopicArn,
        read: async () => (await aws.find('sns', 'GetTopicAttributes', { TopicArn }))?.Attributes?.Policy,
      })),
  functions: async (aws) =>
    (await aws.all('lambda', 'ListFunctions', {}))
      .flatMap(({ Functions = [] }) => Functions.flatMap(({ FunctionArn }) => FunctionArn ?? []))
      .map((FunctionName) => ({
        arn: FunctionName,
        read: async () => (await aws.find('lambda', 'GetPolicy', { FunctionName }))?.Policy,
      })),
  repositories: async (aws) =>
    (await aws.all('ecr', 'DescribeRepositories', { maxResults: 1000 }))
      .flatMap(({ repositories = [] }) => repositories)
      .map(({ repositoryName = '', repositoryArn = repositoryName }) => ({
        arn: repositoryArn,
        read: async () => (await aws.find('ecr', 'GetRepositoryPolicy', { repositoryName }))?.policyText,
      })),
};
