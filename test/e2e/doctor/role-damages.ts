/** Damages to the roles of the stack, and policies of resources that reach past them. */
import { DeleteRepositoryPolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import {
  AttachRolePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { DeleteResourcePolicyCommand, PutResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { BYSTANDERS } from './bystanders';
import { ACCOUNT, allow, type Clients, type LiveDamage, policyArn, policyText } from './damage';
import { otherVersion } from './identity-damages';

type Statement = Readonly<Record<string, unknown>>;
const REPORT = 'hermes-dev-report';
const reportArn = `arn:aws:iam::${ACCOUNT}:role/leasehold/hermes-dev/${REPORT}`;

/** Changes the first statement of a role's trust policy, and back. */
function trustOf(RoleName: string, change: (first: Statement, all: readonly Statement[]) => readonly Statement[]) {
  let before = '';
  return {
    damage: async ({ iam }: { readonly iam: IAMClient }) => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
      const document = JSON.parse(before);
      const [first, ...rest] = document.Statement;
      const PolicyDocument = JSON.stringify({ ...document, Statement: [...change(first, rest), ...rest] });
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    },
    repair: ({ iam }: { readonly iam: IAMClient }) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: before })),
  };
}

/** The first statement without one condition key. */
const without = (operator: string, key: string) => (first: Statement) => {
  const { [operator]: keys, ...others } = first.Condition as Readonly<Record<string, Statement>>;
  const { [key]: _, ...rest } = keys ?? {};
  return [{ ...first, Condition: Object.keys(rest).length > 0 ? { ...others, [operator]: rest } : others }];
};

/** Changes an inline policy of a role, and back. */
function policyOf(RoleName: string, PolicyName: string, change: (document: Statement) => object) {
  let before = '';
  return {
    damage: async ({ iam }: { readonly iam: IAMClient }) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      before = decodeURIComponent(PolicyDocument);
      await iam.send(
        new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(change(JSON.parse(before))) }),
      );
    },
    repair: ({ iam }: { readonly iam: IAMClient }) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: before })),
  };
}

const more =
  (...added: readonly object[]) =>
  (document: Statement) => ({
    ...document,
    Statement: [...(document.Statement as readonly object[]), ...added],
  });

function attached(RoleName: string, PolicyArn: string) {
  return {
    damage: ({ iam }: { readonly iam: IAMClient }) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
    repair: ({ iam }: { readonly iam: IAMClient }) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
  };
}

function tagged(RoleName: string, Key: string, Value: string) {
  return {
    damage: ({ iam }: { readonly iam: IAMClient }) =>
      iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key, Value }] })),
    repair: ({ iam }: { readonly iam: IAMClient }) => iam.send(new UntagRoleCommand({ RoleName, TagKeys: [Key] })),
  };
}

/** A statement of a resource's policy. */
const grant = (AWS: string, Action: string, Resource: string, rest: object = {}) =>
  policyText({ Effect: 'Allow', Principal: { AWS }, Action, Resource, ...rest });

function bucket(text: string) {
  const Bucket = BYSTANDERS.bucket;
  return {
    damage: ({ s3 }: Clients) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: text })),
    repair: ({ s3 }: Clients) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
  };
}

const OBJECTS = `arn:aws:s3:::${BYSTANDERS.bucket}/*`;

export const ROLE_DAMAGES: readonly LiveDamage[] = [
  {
    name: 'a role may read every bucket',
    found: 'role-policies',
    says: /The role permits more than is deployed: s3:GetObject/,
    ...policyOf(REPORT, 'report', more(allow('s3:GetObject'))),
  },
  {
    name: 'a role may do nothing any more',
    found: 'role-policies',
    says: /permits less than is deployed/,
    ...policyOf(REPORT, 'report', () => ({ Version: '2012-10-17', Statement: [allow('sts:GetScopedCredentials')] })),
  },
  {
    name: 'a deny for revoked leases is removed',
    found: 'role-policies',
    says: /permits more/,
    ...policyOf('hermes-dev-refund', 'refund', (document) => ({
      ...document,
      Statement: (document.Statement as readonly Statement[]).filter(({ Sid }) => Sid !== 'Revoked'),
    })),
  },
  {
    name: 'ReadOnlyAccess is attached to a role',
    found: 'role-policies',
    says: /ReadOnlyAccess, which is not deployed. It permits more/,
    ...attached(REPORT, 'arn:aws:iam::aws:policy/ReadOnlyAccess'),
  },
  {
    name: 'the role of the pipe may put events on every bus',
    found: 'role-policies',
    says: /permits more than is deployed: events:PutEvents/,
    ...policyOf('hermes-dev-outcomes', 'outcomes', more(allow('events:PutEvents'))),
  },
  {
    name: 'a second inline policy takes something away',
    found: 'role-policies',
    says: /the inline policy freeze/,
    damage: ({ iam }) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: REPORT,
          PolicyName: 'freeze',
          PolicyDocument: policyText({ Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }),
        }),
      ),
    repair: ({ iam }) => iam.send(new DeleteRolePolicyCommand({ RoleName: REPORT, PolicyName: 'freeze' })),
  },
  {
    name: 'the boundary of a role is removed',
    found: 'role-boundary',
    says: /has no permissions boundary/,
    damage: ({ iam }) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: REPORT })),
    repair: ({ iam }) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: REPORT,
          PermissionsBoundary: policyArn('hermes-dev-role-boundary'),
        }),
      ),
  },
  {
    name: 'the boundary of the broker is another one',
    found: 'role-boundary',
    says: /another policy, .*hermes-dev-role-boundary/,
    damage: ({ iam }) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: 'hermes-dev-broker',
          PermissionsBoundary: policyArn('hermes-dev-role-boundary'),
        }),
      ),
    repair: ({ iam }) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: 'hermes-dev-broker',
          PermissionsBoundary: policyArn('hermes-dev-broker-boundary'),
        }),
      ),
  },
  {
    name: 'the shared boundary permits IAM',
    found: 'role-boundary',
    says: /The boundary permits more than is deployed/,
    ...otherVersion('hermes-dev-role-boundary', policyText({ Effect: 'Allow', Action: '*', Resource: '*' })),
  },
  {
    name: 'a role opens without MFA',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf(REPORT, without('Bool', 'aws:MultiFactorAuthPresent')),
  },
  {
    name: 'a role opens with credentials of GetSessionToken',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf(REPORT, without('Null', 'aws:TokenIssueTime')),
  },
  {
    name: 'a role opens without a reason',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf(REPORT, without('StringLike', 'aws:RequestTag/reason')),
  },
  {
    name: 'another user may open a role',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf(REPORT, (first) => [
      {
        ...first,
        Principal: { AWS: [(first.Principal as { AWS: string }).AWS, `arn:aws:iam::${ACCOUNT}:user/mallory`] },
      },
    ]),
  },
  {
    name: 'a service may open a role',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf(REPORT, (first) => [
      first,
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]),
  },
  {
    name: 'a user may become the broker',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf('hermes-dev-broker', (first) => [
      first,
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/mallory` }, Action: 'sts:AssumeRole' },
    ]),
  },
  {
    name: 'an approver needs no MFA',
    found: 'role-trust',
    says: /permits more/,
    ...trustOf('hermes-dev-approver', without('Bool', 'aws:MultiFactorAuthPresent')),
  },
  {
    name: 'nobody may open a role',
    found: 'role-trust',
    says: /permits less/,
    ...trustOf(REPORT, (first) => [{ ...first, Effect: 'Deny' }]),
  },
  {
    name: 'sessions of a role last twelve hours',
    found: 'role-session-length',
    says: /12 hours/,
    damage: ({ iam }) => iam.send(new UpdateRoleCommand({ RoleName: REPORT, MaxSessionDuration: 43_200 })),
    repair: ({ iam }) => iam.send(new UpdateRoleCommand({ RoleName: REPORT, MaxSessionDuration: 3600 })),
  },
  {
    name: 'a role has a tag that its policy could read as a parameter',
    found: 'role-tags',
    says: /not deployed: param\.release/,
    ...tagged('hermes-dev-s3-deploy', 'param.release', '1.4.2'),
  },
  {
    name: 'a role that no broker opens has a revocation tag',
    found: 'role-tags',
    says: /not deployed: revoked\.1/,
    ...tagged(REPORT, 'revoked.1', 'lh-1'),
  },
  {
    name: 'a role has lost the tag of its stack',
    found: 'role-tags',
    says: /does not have the tag leasehold:stack/,
    damage: ({ iam }) => iam.send(new UntagRoleCommand({ RoleName: REPORT, TagKeys: ['leasehold:stack'] })),
    repair: ({ iam }) =>
      iam.send(new TagRoleCommand({ RoleName: REPORT, Tags: [{ Key: 'leasehold:stack', Value: 'hermes-dev' }] })),
  },
  {
    name: 'a bucket is open to everybody',
    found: 'resource-grants',
    says: /grants s3:GetObject to everybody\./,
    ...bucket(grant('*', 's3:GetObject', OBJECTS)),
  },
  {
    name: 'a bucket is open to everybody in one VPC',
    found: 'resource-grants',
    says: /to everybody, under a condition/,
    ...bucket(grant('*', 's3:*', OBJECTS, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })),
  },
  {
    name: 'a bucket names a role of the stack',
    found: 'resource-grants',
    says: /grants s3:DeleteObject to .*hermes-dev-report\./,
    ...bucket(grant(reportArn, 's3:DeleteObject', OBJECTS)),
  },
  {
    name: 'a bucket names a session of a role of the stack',
    found: 'resource-grants',
    says: /to the session lh-9 of/,
    ...bucket(grant(`arn:aws:sts::${ACCOUNT}:assumed-role/${REPORT}/lh-9`, 's3:GetObject', OBJECTS)),
  },
  {
    name: 'a queue takes messages from everybody',
    found: 'resource-grants',
    says: /to everybody/,
    damage: ({ sqs }) =>
      sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl: BYSTANDERS.queueUrl(),
          Attributes: { Policy: grant('*', 'sqs:SendMessage', BYSTANDERS.queueArn) },
        }),
      ),
    repair: ({ sqs }) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: BYSTANDERS.queueUrl(), Attributes: { Policy: '' } })),
  },
  {
    name: 'a topic of somebody else names a role of the stack',
    found: 'resource-grants',
    says: /grants sns:Publish to .*hermes-dev-refund/,
    damage: ({ sns }) =>
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn: BYSTANDERS.topicArn,
          AttributeName: 'Policy',
          AttributeValue: grant(reportArn.replace('report', 'refund'), 'sns:Publish', BYSTANDERS.topicArn),
        }),
      ),
    repair: ({ sns }) =>
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn: BYSTANDERS.topicArn,
          AttributeName: 'Policy',
          AttributeValue: BYSTANDERS.topicPolicy,
        }),
      ),
  },
  {
    name: 'a secret names the broker',
    found: 'resource-grants',
    says: /grants secretsmanager:GetSecretValue to .*hermes-dev-broker/,
    damage: ({ secrets }) =>
      secrets.send(
        new PutResourcePolicyCommand({
          SecretId: BYSTANDERS.secret,
          ResourcePolicy: grant(
            `arn:aws:iam::${ACCOUNT}:role/leasehold-broker/hermes-dev-broker`,
            'secretsmanager:GetSecretValue',
            '*',
          ),
        }),
      ),
    repair: ({ secrets }) => secrets.send(new DeleteResourcePolicyCommand({ SecretId: BYSTANDERS.secret })),
  },
  {
    name: 'a repository names the agent',
    found: 'resource-grants',
    says: /to .*user\/agents\/hermes-dev-agent/,
    damage: ({ ecr }) =>
      ecr.send(
        new SetRepositoryPolicyCommand({
          repositoryName: BYSTANDERS.repository,
          policyText: policyText({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/agents/hermes-dev-agent` },
            Action: 'ecr:BatchGetImage',
          }),
        }),
      ),
    repair: ({ ecr }) => ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName: BYSTANDERS.repository })),
  },
  {
    name: 'a key names a role of the stack',
    found: 'resource-grants',
    says: /grants kms:Decrypt to .*hermes-dev-report/,
    damage: ({ kms }) =>
      kms.send(
        new PutKeyPolicyCommand({
          KeyId: BYSTANDERS.keyId(),
          PolicyName: 'default',
          Policy: grant(reportArn, 'kms:Decrypt', '*'),
        }),
      ),
    repair: ({ kms }) =>
      kms.send(
        new PutKeyPolicyCommand({ KeyId: BYSTANDERS.keyId(), PolicyName: 'default', Policy: BYSTANDERS.keyPolicy }),
      ),
  },
  {
    name: 'a function may be called by everybody',
    found: 'resource-grants',
    says: /grants lambda:InvokeFunction to everybody/,
    damage: ({ lambda }) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName: BYSTANDERS.function,
          StatementId: 'open',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      ),
    repair: ({ lambda }) =>
      lambda.send(new RemovePermissionCommand({ FunctionName: BYSTANDERS.function, StatementId: 'open' })),
  },
];
