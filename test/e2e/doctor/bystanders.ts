/** What else is in the account, and is nothing to find: the doctor must stay silent about it. */
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { recordEverything } from './account-damages';
import { ACCOUNT, AGENT, type Clients, policyText, trusting } from './damage';
import { enrol } from './identity-damages';

const REGION = 'ap-northeast-2';
let queueUrl = '';
let keyId = '';

export const BYSTANDERS = {
  bucket: 'someone-elses-bucket',
  queueUrl: () => queueUrl,
  queueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs`,
  topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:news`,
  /** The policy that AWS gives to a new topic. */
  topicPolicy: policyText({
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['SNS:Publish', 'SNS:Subscribe'],
    Resource: `arn:aws:sns:${REGION}:${ACCOUNT}:news`,
    Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
  }),
  secret: 'someone/elses',
  repository: 'images',
  keyId: () => keyId,
  keyPolicy: policyText({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  }),
  function: 'nightly-report',
};

/** Creates them, and enrols the approvers' devices. */
export async function createBystanders(clients: Clients): Promise<void> {
  const { iam, s3, sqs, sns, secrets, ecr, kms, lambda, cloudtrail } = clients;
  await cloudtrail.send(recordEverything());
  for (const approver of ['lead', 'oncall']) await enrol(iam, AGENT, `${AGENT}-${approver}`);
  const roles = {
    // Whoever has a policy for it may assume it. The agent has none.
    'by-account': trusting(`arn:aws:iam::${ACCOUNT}:root`),
    'of-another-user': trusting(`arn:aws:iam::${ACCOUNT}:user/alice`),
    'of-administrators': trusting('*', {
      Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/administrators/*` } },
    }),
    instances: policyText({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  };
  for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(roles)) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  await s3.send(
    new CreateBucketCommand({ Bucket: BYSTANDERS.bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }))).QueueUrl ?? '';
  await sns.send(new CreateTopicCommand({ Name: 'news' }));
  await secrets.send(new CreateSecretCommand({ Name: BYSTANDERS.secret, SecretString: 'x' }));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: BYSTANDERS.repository }));
  keyId = (await kms.send(new CreateKeyCommand({ Policy: BYSTANDERS.keyPolicy }))).KeyMetadata?.KeyId ?? '';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: BYSTANDERS.function,
      Role: `arn:aws:iam::${ACCOUNT}:role/instances`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => 1') }) },
    }),
  );
}
