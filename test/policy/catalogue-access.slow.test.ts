import { type ActionAccess, accessOf, type Catalogue, loadWholeCatalogue } from '@leasehold/policy';
import { DELETE_WORDS, HIDDEN_DELETES, NO_DELETES } from '../../lib/policy/data/deletes';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadWholeCatalogue();
});

function access(id: string): ActionAccess {
  const action = catalogue.action(id);
  if (action === undefined) throw new Error(`${id} is not in the catalogue`);
  return accessOf(action);
}

describe('what an action does', () => {
  it.each<[action: string, access: ActionAccess, rule: string]>([
    ['ec2:DescribeInstances', 'read', 'a List'],
    ['s3:GetObject', 'read', 'a Read'],
    ['logs:StartQuery', 'read', 'a Read with an active verb that changes nothing'],
    ['kms:Decrypt', 'read', 'a Write that changes nothing'],
    ['bedrock:InvokeAgent', 'write', 'a Read that acts'],
    ['signin:CreateOAuth2Token', 'write', 'a Read that returns power'],
    ['sts:GetFederationToken', 'write', 'a Write named Get'],
    ['s3:PutObject', 'write', 'a Write'],
    ['s3:AbortMultipartUpload', 'write', 'nothing finished is lost'],
    ['ec2:StopInstances', 'write', 'starting restores it'],
    ['ec2:DetachVolume', 'write', 'attaching restores it'],
    ['sns:Unsubscribe', 'write', 'subscribing restores it'],
    ['ec2:CreateTags', 'write', 'a tag'],
    ['ec2:DeleteTags', 'write', 'a tag'],
    ['s3:DeleteObjectTagging', 'write', 'a tag'],
    ['rds-db:connect', 'write', 'a session, and no permission'],
    ['s3:DeleteObject', 'delete', 'the word'],
    ['ec2:TerminateInstances', 'delete', 'the word'],
    ['ec2:ReleaseAddress', 'delete', 'the word'],
    ['ec2:DeregisterImage', 'delete', 'the word'],
    ['sqs:PurgeQueue', 'delete', 'the word'],
    ['ecr:BatchDeleteImage', 'delete', 'the word, not first'],
    ['cognito-idp:AdminDeleteUser', 'delete', 'the word, not first'],
    ['kms:ScheduleKeyDeletion', 'delete', 'the word, last'],
    ['dynamodb:PartiQLDelete', 'delete', 'the word behind capitals'],
    ['qldb:PartiQLDropTable', 'delete', 'the word behind capitals'],
    ['es:ESHttpDelete', 'delete', 'the word behind capitals'],
    ['apigateway:DELETE', 'delete', 'the word in capitals'],
    ['s3:PutLifecycleConfiguration', 'delete', 'expires objects'],
    ['s3:PutBucketVersioning', 'delete', 'ends versions'],
    ['logs:PutRetentionPolicy', 'delete', 'expires events'],
    ['dynamodb:BatchWriteItem', 'delete', 'may hold deletes'],
    ['dynamodb:UpdateTimeToLive', 'delete', 'expires items'],
    ['route53:ChangeResourceRecordSets', 'delete', 'may hold deletes'],
    ['elasticfilesystem:ClientWrite', 'delete', 'covers deleting files'],
    ['logs:DeleteRetentionPolicy', 'write', 'keeps for ever'],
    ['kms:CancelKeyDeletion', 'write', 'keeps a key'],
    ['sqs:DeleteMessage', 'write', 'acknowledges'],
    ['elasticloadbalancing:DeregisterTargets', 'write', 'registering restores it'],
    ['s3:PutBucketPolicy', 'permissions', 'a policy'],
    ['s3:DeleteBucketPolicy', 'permissions', 'a policy, the word notwithstanding'],
    ['s3:AllowVendedLogDeliveryForResource', 'permissions', 'a Read that lets a service in'],
    ['kms:CreateGrant', 'permissions', 'a grant'],
    ['sqs:SetQueueAttributes', 'permissions', 'may set the policy'],
    ['iam:PutRolePolicy', 'permissions', 'a policy'],
  ])('%s: %s, for it is %s', (id, expected) => {
    expect(access(id)).toBe(expected);
  });

  it('is never less than the level says, but for the listed ones', () => {
    const changing = catalogue.expand('*').filter(({ levels }) => levels.includes('Write'));
    expect(changing.filter((action) => accessOf(action) === 'read').map(({ id }) => id)).toEqual([
      'arc-region-switch:GetResourcePolicy',
      'backup:ListIndexedRecoveryPointsForSearch',
      'bcm-pricing-calculator:ListTagsForResource',
      'billing:GetResourcePolicy',
      'fsx:GetResourcePolicy',
      'iot:GetConnection',
      'iot:ListSubscriptions',
      'kms:Decrypt',
      'kms:Verify',
      'kms:VerifyMac',
      'quicksight:DescribeKnowledgeBasePermissions',
      'quicksight:DescribeSpacePermissions',
      'quicksight:DescribeTopicPermissions',
      'route53globalresolver:ListTagsForResource',
      'ssm-sap:GetResourcePermission',
      'sts:DecodeAuthorizationMessage',
    ]);
    const granting = catalogue.expand('*').filter(({ levels }) => levels.includes('Permissions management'));
    expect(granting.filter((action) => accessOf(action) !== 'permissions').map(({ id }) => id)).toEqual([
      'arc-region-switch:GetResourcePolicy',
      'backup:ListIndexedRecoveryPointsForSearch',
      'billing:GetResourcePolicy',
      'fsx:GetResourcePolicy',
      'quicksight:DescribeKnowledgeBasePermissions',
      'quicksight:DescribeSpacePermissions',
      'quicksight:DescribeTopicPermissions',
      'rds-db:connect',
      'ssm-sap:GetResourcePermission',
    ]);
  });
});

describe('the data of deletes', () => {
  const words = (id: string) =>
    (id.split(':')[1]?.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).map((word) => word.toLowerCase());
  const looks = (id: string) => words(id).some((word) => DELETE_WORDS.includes(word));

  it('lists as hidden only what no word gives away', () => {
    expect(HIDDEN_DELETES.map(({ action }) => action).filter(looks)).toEqual([]);
  });

  it('lists as exceptions only what a word gives away', () => {
    expect(NO_DELETES.map(({ action }) => action).filter((id) => !looks(id))).toEqual([]);
  });

  it('lists only actions whose level leaves the question open', () => {
    const settled = [...HIDDEN_DELETES, ...NO_DELETES].filter(
      ({ action }) => catalogue.action(action)?.levels.join() !== 'Write',
    );
    expect(settled).toEqual([]);
  });
});
