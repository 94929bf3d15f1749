/** Tags of a role bind its sessions from the very next call on, and can be left to somebody who may set nothing else. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  IAMClient,
  ListRoleTagsCommand,
  TagRoleCommand,
  type TagRoleCommandInput,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import { clientOf, plain } from './support/sandbox';
import type { Keys } from './support/wire';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const document = (...Statement: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement }).replaceAll('${', () => '$${');

/** `agent` opens the role `reader`, whose tags take its leases back; `revoker` may set those tags, and no others. */
const STACK = {
  provider: { aws: [{ region: 'eu-west-1', allowed_account_ids: ['123456789012'] }] },
  resource: {
    aws_iam_user: {
      agent: { name: 'agent', path: '/agents/' },
      revoker: { name: 'revoker' },
    },
    aws_iam_user_policy: {
      agent: {
        name: 'ask',
        user: 'agent',
        policy: document({ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: ROLE }),
      },
      revoker: {
        name: 'revoke',
        user: 'revoker',
        policy: document({
          Effect: 'Allow',
          Action: ['iam:TagRole', 'iam:UntagRole'],
          Resource: ROLE,
          Condition: {
            'ForAllValues:StringLike': { 'aws:TagKeys': 'revoked.*' },
            Null: { 'aws:TagKeys': 'false' },
          },
        }),
      },
    },
    aws_iam_role: {
      reader: {
        name: 'reader',
        tags: { team: 'blue' },
        assume_role_policy: document({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::123456789012:user/agents/agent' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: { StringNotLike: { 'iam:ResourceTag/revoked.role': '*' } },
        }),
      },
    },
    aws_iam_role_policy: {
      reader: {
        name: 'reader',
        role: 'reader',
        policy: document(
          { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::notes/${aws:PrincipalTag/team}/*' },
          {
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: {
              StringEquals: {
                'aws:PrincipalTag/lease-id': [
                  "${aws:PrincipalTag/revoked.1, '-'}",
                  "${aws:PrincipalTag/revoked.2, '-'}",
                ],
              },
            },
          },
          {
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { StringLike: { 'aws:PrincipalTag/revoked.role': '*' } },
          },
        ),
      },
    },
  },
};

let folder: string;
let sandbox: Sandbox;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-role-tags-'));
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(STACK));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  sandbox = await startSandbox({ source: { stacks: [join(folder, 'cdk.tf.json')] } });
});
afterEach(() => sandbox.stop());

const iam = (keys: Keys = sandbox.keysOf('revoker')) => new IAMClient(clientOf(sandbox, keys));
const tag = (Tags: TagRoleCommandInput['Tags'], keys?: Keys) =>
  iam(keys).send(new TagRoleCommand({ RoleName: 'reader', Tags }));
const untag = (...TagKeys: string[]) => iam().send(new UntagRoleCommand({ RoleName: 'reader', TagKeys }));

/** A session of the role, under a lease id, and how it reads. */
async function lease(id: string, extra: { Key: string; Value: string }[] = []) {
  const { Credentials: keys } = await new STSClient(clientOf(sandbox)).send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: id, Tags: [{ Key: 'lease-id', Value: id }, ...extra] }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const s3 = new S3Client({ ...clientOf(sandbox, credentials), forcePathStyle: true });
  return (team = 'blue') =>
    s3.send(new GetObjectCommand({ Bucket: 'notes', Key: `${team}/a` })).then(
      () => 'read',
      (error: Error) => error.message.replace(/^.*(with an explicit deny|because no).*$/, '$1'),
    );
}

it('takes one lease back at its next call, and leaves the others as they are', async () => {
  const [one, two] = [await lease('lh-1'), await lease('lh-2')];
  expect([await one(), await two()]).toEqual(['read', 'read']);
  await tag([{ Key: 'revoked.1', Value: 'lh-1' }]);
  expect([await one(), await two()]).toEqual(['with an explicit deny', 'read']);
  await tag([{ Key: 'revoked.2', Value: 'lh-2' }]);
  expect([await one(), await two()]).toEqual(['with an explicit deny', 'with an explicit deny']);
  await untag('revoked.1', 'revoked.2');
  expect([await one(), await two()]).toEqual(['read', 'read']);
});

it.each(['1800000000', ''])(
  'shuts a role by the value "%s": no lease works or opens until it is removed',
  async (Value) => {
    const one = await lease('lh-1');
    await tag([{ Key: 'revoked.role', Value }]);
    expect(await one()).toBe('with an explicit deny');
    await expect(lease('lh-2')).rejects.toMatchObject({ name: 'AccessDenied' });
    await untag('revoked.role');
    expect(await one()).toBe('read');
    expect(await (await lease('lh-3'))()).toBe('read');
  },
);

it('a tag of the role feeds a policy of every session that has no such tag of its own', async () => {
  const [plainly, own] = [await lease('lh-1'), await lease('lh-2', [{ Key: 'TEAM', Value: 'red' }])];
  await tag([{ Key: 'Team', Value: 'green' }], sandbox.administrator);
  expect([await plainly('blue'), await plainly('green')]).toEqual(['because no', 'read']);
  expect([await own('green'), await own('red')]).toEqual(['because no', 'read']);
});

it.each([
  ['another tag', [{ Key: 'team', Value: 'red' }]],
  [
    'another tag beside one of these',
    [
      { Key: 'revoked.1', Value: 'lh-1' },
      { Key: 'team', Value: 'red' },
    ],
  ],
])('whoever may set the tags that take back cannot set %s', async (_, tags) => {
  await expect(tag(tags)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(untag(...tags.map(({ Key }) => Key))).rejects.toMatchObject({ name: 'AccessDenied' });
  expect((await iam(sandbox.administrator).send(new ListRoleTagsCommand({ RoleName: 'reader' }))).Tags).toEqual([
    { Key: 'team', Value: 'blue' },
  ]);
});

it('keeps a tag that is replaced under its newer name, once', async () => {
  await tag([{ Key: 'TEAM', Value: 'red' }], sandbox.administrator);
  const { Tags } = await iam(sandbox.administrator).send(new ListRoleTagsCommand({ RoleName: 'reader' }));
  expect(Tags).toEqual([{ Key: 'TEAM', Value: 'red' }]);
});

it('is written down as CloudTrail writes it', async () => {
  await tag([{ Key: 'revoked.1', Value: 'lh-1' }], plain(sandbox.keysOf('revoker')));
  expect(sandbox.log.last).toMatchObject({
    eventSource: 'iam.amazonaws.com',
    eventName: 'TagRole',
    requestParameters: { roleName: 'reader', tags: [{ key: 'revoked.1', value: 'lh-1' }] },
    verdict: 'allowed',
    decisions: [{ action: 'iam:TagRole', resource: ROLE }],
  });
  await untag('revoked.1');
  expect(sandbox.log.last).toMatchObject({
    eventName: 'UntagRole',
    requestParameters: { roleName: 'reader', tagKeys: ['revoked.1'] },
  });
});
