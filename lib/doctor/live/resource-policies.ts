/** For each service, lists the resources in the account that can have a resource policy. */
import type { Environment } from '@leasehold/definitions';
import type { Aws } from '../aws/aws';
import type { Unchecked } from '../observation';
import { present, uncheckedBecause } from '../unread';

/** A resource, and how to read its policy. */
export interface ResourcePolicy {
  readonly arn: string;
  /** Reads the resource policy; `undefined` if the resource has no policy. @throws Unread */
  readonly read: () => Promise<string | undefined>;
}

/**
 * Lists all S3 buckets of the account. Also lists the KMS keys, secrets, queues, topics, functions and ECR repositories
 * in the environment's region.
 */
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
    (await aws.list('Buckets', 's3', 'ListBuckets', { MaxBuckets: 1000 })).map(({ Name }) => {
      const Bucket = present(Name, 'Name', 's3:ListBuckets');
      return {
        arn: `arn:${partition}:s3:::${Bucket}`,
        read: async () => policyIn(await aws.find('s3', 'GetBucketPolicy', { Bucket }), 'Policy', 's3:GetBucketPolicy'),
      };
    }),
  keys: async (aws) => {
    const [keys, aliases] = await Promise.all([
      aws.list('Keys', 'kms', 'ListKeys', {}),
      aws.list('Aliases', 'kms', 'ListAliases', {}),
    ]);
    // AWS-managed keys are skipped: AWS writes their policies, which permit use through one service. Only AWS can
    // create an alias of this form: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    const ofAws = new Set(
      aliases.filter(({ AliasName = '' }) => AliasName.startsWith('alias/aws/')).map(({ TargetKeyId }) => TargetKeyId),
    );
    return keys
      .map(({ KeyId, KeyArn }) => ({
        KeyId: present(KeyId, 'KeyId', 'kms:ListKeys'),
        arn: present(KeyArn, 'KeyArn', 'kms:ListKeys'),
      }))
      .filter(({ KeyId }) => !ofAws.has(KeyId))
      .map(({ KeyId, arn }) => ({
        arn,
        read: async () =>
          policyIn(
            await aws.find('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' }),
            'Policy',
            'kms:GetKeyPolicy',
          ),
      }));
  },
  secrets: async (aws) =>
    (
      await aws.list('SecretList', 'secretsmanager', 'ListSecrets', { MaxResults: 100, IncludePlannedDeletion: true })
    ).map(({ ARN }) => {
      const SecretId = present(ARN, 'ARN', 'secretsmanager:ListSecrets');
      return {
        arn: SecretId,
        // A secret without a policy has no such field.
        read: async () => (await aws.find('secretsmanager', 'GetResourcePolicy', { SecretId }))?.ResourcePolicy,
      };
    }),
  queues: async (aws, { partition, region, account }) =>
    (await aws.list('QueueUrls', 'sqs', 'ListQueues', { MaxResults: 1000 })).map((QueueUrl) => ({
      arn: `arn:${partition}:sqs:${region}:${account}:${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
      // A queue without a policy has no such attribute.
      read: async () =>
        (await aws.find('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] }))?.Attributes?.Policy,
    })),
  topics: async (aws) =>
    (await aws.list('Topics', 'sns', 'ListTopics', {})).map((topic) => {
      const TopicArn = present(topic.TopicArn, 'TopicArn', 'sns:ListTopics');
      return {
        arn: TopicArn,
        read: async () => {
          const found = await aws.find('sns', 'GetTopicAttributes', { TopicArn });
          return found && present(found.Attributes?.Policy, 'Policy', 'sns:GetTopicAttributes');
        },
      };
    }),
  functions: async (aws) =>
    (await aws.list('Functions', 'lambda', 'ListFunctions', {})).map(({ FunctionArn }) => {
      const FunctionName = present(FunctionArn, 'FunctionArn', 'lambda:ListFunctions');
      return {
        arn: FunctionName,
        read: async () =>
          policyIn(await aws.find('lambda', 'GetPolicy', { FunctionName }), 'Policy', 'lambda:GetPolicy'),
      };
    }),
  repositories: async (aws) =>
    (await aws.list('repositories', 'ecr', 'DescribeRepositories', { maxResults: 1000 })).map((repository) => {
      const repositoryName = present(repository.repositoryName, 'repositoryName', 'ecr:DescribeRepositories');
      return {
        arn: present(repository.repositoryArn, 'repositoryArn', 'ecr:DescribeRepositories'),
        read: async () =>
          policyIn(
            await aws.find('ecr', 'GetRepositoryPolicy', { repositoryName }),
            'policyText',
            'ecr:GetRepositoryPolicy',
          ),
      };
    }),
};

/** The policy in a response; `undefined` without a response, because the resource has no policy. */
function policyIn<K extends string>(
  answer: { readonly [key in K]?: string | undefined } | undefined,
  field: K,
  action: string,
): string | undefined {
  return answer && present(answer[field], field, action);
}
