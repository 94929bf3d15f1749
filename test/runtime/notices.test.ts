/** What an approver is told of a lease that reaches beyond its own actions. */
import type { Permission } from '../../runtime/src/approval';
import { noticesOf } from '../../runtime/src/permissions';

const TASK = 'arn:aws:iam::123456789012:role/shop-task';
const PASS: Permission = {
  effect: 'Allow',
  actions: ['iam:PassRole'],
  resources: [TASK],
  conditions: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
};
const ASSUME: Permission = { effect: 'Allow', actions: ['sts:AssumeRole'], resources: [TASK], conditions: {} };
const HANDED = {
  name: 'shop-task',
  arn: TASK,
  because: 'One.',
  may: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::assets/*' },
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
    ],
  },
};
const KNOWN = { access: 'write' as const, passes: [{ ...HANDED, to: 'ecs-tasks.amazonaws.com' }], assumes: [HANDED] };
const ADMINISTRATOR = {
  access: 'write' as const,
  passes: [{ name: 'admin', arn: TASK, because: 'One.', may: 'administrator' as const }],
};
const may = 's3:GetObject on arn:aws:s3:::assets/*; and sqs:SendMessage on * under conditions';

it.each<[string, Permission, Parameters<typeof noticesOf>[1], readonly string[]]>([
  [
    'a role that is passed, with what it may',
    PASS,
    KNOWN,
    [`This lease can run code as shop-task (${TASK}), by ecs-tasks.amazonaws.com; that role may ${may}.`],
  ],
  [
    'an administrator',
    PASS,
    ADMINISTRATOR,
    [
      `This lease can run code as admin (${TASK}), by ecs-tasks.amazonaws.com; that role may do everything in the account.`,
    ],
  ],
  [
    'a role of which nothing is known',
    PASS,
    undefined,
    [`This lease can run code as ${TASK}, by ecs-tasks.amazonaws.com; the permissions of that role are not known.`],
  ],
  [
    'one that any service takes, in other letters and by a wildcard',
    { ...PASS, actions: ['IAM:Pass*'], conditions: {} },
    undefined,
    [`This lease can run code as ${TASK}, by any service; the permissions of that role are not known.`],
  ],
  [
    'a role that is assumed',
    ASSUME,
    KNOWN,
    [`This lease can turn into shop-task (${TASK}), for at most an hour; that role may ${may}.`],
  ],
  ['a role that is never passed', { ...PASS, effect: 'Deny' }, KNOWN, []],
  ['another action', { ...PASS, actions: ['iam:GetRole', 's3:PassRole'] }, KNOWN, []],
  [
    'writing and deleting',
    { ...PASS, actions: ['s3:PutObject'] },
    { access: 'write+delete' },
    ['This lease can write and delete. Data that it replaces or deletes may be lost.'],
  ],
])('%s', (_, permission, entry, told) => {
  expect(noticesOf([permission], entry)).toEqual(told);
});
