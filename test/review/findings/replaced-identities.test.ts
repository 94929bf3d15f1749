/** One who is renamed or replaced is compared with whom it replaces, and what is behind a role is told at one step. */
import { allows, aRole, arn, change, type Json, policy, reviewOf, short, told } from '../planned';

const READ = policy(allows('s3:GetObject', 'arn:aws:s3:::data/*'));
const DELETE = policy(allows(['s3:GetObject', 's3:DeleteObject'], 'arn:aws:s3:::data/*'));
const WIDER = ['high access-widened'];
const own = (role: string, text: string) => ({ name: 'own', role, policy: text });
const replaced = { actions: ['delete', 'create'] };

const pairs: readonly {
  readonly name: string;
  readonly changes: readonly Json[];
  readonly expect: readonly string[];
}[] = [
  {
    name: 'a role that is replaced under another name',
    changes: [
      change('aws_iam_role.x', { before: aRole('old'), after: aRole('new'), ...replaced }),
      change('aws_iam_role_policy.x', { before: own('old', READ), after: own('new', DELETE), ...replaced }),
    ],
    expect: WIDER,
  },
  {
    name: 'a role that is replaced under another name and may do the same',
    changes: [
      change('aws_iam_role.x', { before: aRole('old'), after: aRole('new'), ...replaced }),
      change('aws_iam_role_policy.x', { before: own('old', READ), after: own('new', READ), ...replaced }),
    ],
    expect: [],
  },
  {
    name: 'a role whose address moved and whose name changed',
    changes: [
      change('aws_iam_role.y', {
        before: aRole('old'),
        after: aRole('new'),
        previous_address: 'aws_iam_role.x',
        ...replaced,
      }),
      change('aws_iam_role_policy.x', { before: own('old', READ), after: own('new', DELETE), ...replaced }),
    ],
    expect: WIDER,
  },
  {
    name: 'two roles that exchange their names',
    changes: [
      change('aws_iam_role.x', { before: aRole('one'), after: aRole('two'), ...replaced }),
      change('aws_iam_role.y', { before: aRole('two'), after: aRole('one'), ...replaced }),
      change('aws_iam_role_policy.x', { before: own('one', READ), after: own('two', READ), ...replaced }),
      change('aws_iam_role_policy.y', { before: own('two', DELETE), after: own('one', DELETE), ...replaced }),
    ],
    expect: [],
  },
  {
    name: 'a new role that a policy moves to from one that is removed',
    changes: [
      change('aws_iam_role.x', { before: aRole('old') }),
      change('aws_iam_role.y', { after: aRole('new') }),
      change('aws_iam_role_policy.p', { before: own('old', READ), after: own('new', DELETE), ...replaced }),
    ],
    expect: WIDER,
  },
  {
    name: 'a new role beside one that is removed and shares nothing with it',
    changes: [
      change('aws_iam_role.x', { before: aRole('old') }),
      change('aws_iam_role_policy.x', { before: own('old', READ) }),
      change('aws_iam_role.y', { after: aRole('new') }),
      change('aws_iam_role_policy.y', { after: own('new', DELETE) }),
    ],
    expect: [],
  },
  {
    name: 'a user that is renamed',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_user.u', {
        before: { name: 'old', path: '/', arn: arn('user/old') },
        after: { name: 'new', path: '/', arn: arn('user/new') },
      }),
      change('aws_iam_user_policy.u', {
        before: { name: 'own', user: 'old', policy: READ },
        after: { name: 'own', user: 'new', policy: DELETE },
        ...replaced,
      }),
    ],
    expect: WIDER,
  },
];

test.each(pairs)('$name', async ({ changes, expect: expected }) => {
  expect(short(await reviewOf(changes))).toEqual(expected);
});

test('the review says whom it replaces', async () => {
  const { identities } = await reviewOf(pairs[0]?.changes ?? []);
  expect(identities.map(({ name, state, other }) => ({ name, state, other }))).toEqual([
    { name: 'new', state: 'changed', other: ['Replaces the role old.'] },
  ]);
});

const ACCOUNT_TRUST = policy({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  Action: 'sts:AssumeRole',
});
const assume = (name: string) => policy(allows('sts:AssumeRole', arn(`role/${name}`)));
const target = (text: string) => [
  change('aws_iam_role.target', { same: aRole('target', { assume_role_policy: ACCOUNT_TRUST }) }),
  change('aws_iam_role_policy.target', { same: own('target', text) }),
];
const app = (before: string | undefined, after: string) => [
  change('aws_iam_role.app', { same: aRole('app') }),
  change('aws_iam_role_policy.app', {
    ...(before === undefined ? {} : { before: own('app', before) }),
    after: own('app', after),
  }),
];

test('an administrator at one step is critical, and the message says so', async () => {
  const review = await reviewOf([...target(policy(allows('*'))), ...app(undefined, assume('target'))]);
  expect(told(review)[0]).toBe(
    'critical assume-chain: The role app could now assume the role target, which may do everything (* on *).',
  );
});

test.each([
  {
    name: 'a role that can do more',
    changes: [...target(DELETE), ...app(undefined, assume('target'))],
    expected: ['high assume-chain', 'medium access-widened'],
  },
  {
    name: 'a role that can do nothing more',
    changes: [
      ...target(READ),
      ...app(READ, policy(allows('s3:GetObject', 'arn:aws:s3:::data/*'), allows('sts:AssumeRole', arn('role/target')))),
    ],
    expected: ['medium access-widened'],
  },
  {
    name: 'a role that the plan does not have',
    changes: app(undefined, assume('elsewhere')),
    expected: ['high access-widened'],
  },
  {
    name: 'a role, assumed by one outside of the plan',
    changes: [
      ...target(policy(allows('*'))),
      change('aws_iam_role_policy.p', { after: { ...own('outside', assume('target')) } }),
    ],
    expected: ['critical assume-chain', 'medium access-widened'],
  },
  {
    name: 'a role, assumed by a group',
    changes: [
      ...target(policy(allows('*'))),
      change('aws_iam_group.g', { same: { name: 'g', path: '/', arn: arn('group/g') } }),
      change('aws_iam_group_policy.p', { after: { name: 'p', group: 'g', policy: assume('target') } }),
    ],
    expected: ['critical assume-chain', 'medium access-widened'],
  },
])('one step to $name', async ({ changes, expected }) => {
  expect(short(await reviewOf(changes))).toEqual(expected);
});
