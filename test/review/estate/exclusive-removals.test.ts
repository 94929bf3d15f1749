/** Exclusive resources take from whoever they do not list; so does creating, shrinking and removing them. */
import type { Statement } from '@leasehold/policy';
import { allows, aPolicy, aRole, arn, change, denies, type Json, planned } from '../planned';

const GUARD = denies('iam:*');
const policyOf = (side: 'same' | 'after', ...statements: readonly Statement[]) =>
  change('aws_iam_policy.p', { [side]: aPolicy('p', ...statements) });
const list = (roles: readonly string[], more: Json = {}) => ({
  policy_arn: arn('policy/p'),
  roles,
  users: [],
  groups: [],
  ...more,
});
const group = (side: 'same' | 'after') =>
  change('aws_iam_group.g', { [side]: { name: 'g', path: '/', arn: arn('group/g') } });
const members = (users: readonly string[]) => ({ name: 'm', group: 'g', users });
const guardOfGroup = change('aws_iam_group_policy.g', {
  same: { name: 'own', group: 'g', policy: JSON.stringify({ Version: '2012-10-17', Statement: [GUARD] }) },
});
const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';

const cases: readonly {
  readonly name: string;
  readonly changes: readonly Json[];
  readonly expect: readonly string[];
}[] = [
  {
    name: 'attachment created',
    changes: [policyOf('same', GUARD), change('aws_iam_policy_attachment.a', { after: list(['x']) })],
    expect: ['created denies'],
  },
  {
    name: 'all managed policies of a permission set outside the plan',
    changes: [
      change('aws_ssoadmin_managed_policy_attachments_exclusive.all', {
        after: { permission_set_arn: SET, managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
      }),
    ],
    expect: ['created denies'],
  },
  {
    name: 'fewer managed policies of a permission set: the plan shows which',
    changes: [
      change('aws_ssoadmin_managed_policy_attachments_exclusive.all', {
        before: { permission_set_arn: SET, managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
        after: { permission_set_arn: SET, managed_policy_arns: [] },
      }),
    ],
    expect: [],
  },
  {
    name: 'attachment created of a policy that allows',
    changes: [policyOf('same', allows('s3:*')), change('aws_iam_policy_attachment.a', { after: list(['x']) })],
    expect: ['created'],
  },
  {
    name: 'attachment created of a policy outside the plan',
    changes: [change('aws_iam_policy_attachment.a', { after: list(['x']) })],
    expect: ['created denies'],
  },
  {
    name: 'attachment created of a policy of AWS',
    changes: [
      change('aws_iam_policy_attachment.a', {
        after: list(['x'], { policy_arn: 'arn:aws:iam::aws:policy/job-function/Billing' }),
      }),
    ],
    expect: ['created'],
  },
  {
    name: 'attachment created with its policy',
    changes: [policyOf('after', GUARD), change('aws_iam_policy_attachment.a', { after: list(['x']) })],
    expect: [],
  },
  {
    name: 'attachment shrunk',
    changes: [
      policyOf('same', GUARD),
      change('aws_iam_policy_attachment.a', { before: list(['x', 'y']), after: list(['x']) }),
    ],
    expect: ['shrunk denies'],
  },
  {
    name: 'attachment grown',
    changes: [
      policyOf('same', GUARD),
      change('aws_iam_policy_attachment.a', { before: list(['x']), after: list(['x', 'y']) }),
    ],
    expect: [],
  },
  {
    name: 'attachment removed',
    changes: [policyOf('same', GUARD), change('aws_iam_policy_attachment.a', { before: list(['x']) })],
    expect: ['removed denies'],
  },
  {
    name: 'attachment kept',
    changes: [policyOf('same', GUARD), change('aws_iam_policy_attachment.a', { same: list(['x']) })],
    expect: [],
  },
  {
    name: 'membership created in a group that denies',
    changes: [group('same'), guardOfGroup, change('aws_iam_group_membership.m', { after: members(['a']) })],
    expect: ['created denies'],
  },
  {
    name: 'membership created in a group that does not',
    changes: [group('same'), change('aws_iam_group_membership.m', { after: members(['a']) })],
    expect: ['created'],
  },
  {
    name: 'membership created with its group',
    changes: [group('after'), change('aws_iam_group_membership.m', { after: members(['a']) })],
    expect: [],
  },
  {
    name: 'membership shrunk in a group outside the plan',
    changes: [change('aws_iam_group_membership.m', { before: members(['a', 'b']), after: members(['a']) })],
    expect: ['shrunk denies'],
  },
  {
    name: 'exclusive list created for a user',
    changes: [change('aws_iam_user_policies_exclusive.e', { after: { user_name: 'u', policy_names: [] } })],
    expect: ['created denies'],
  },
  {
    name: 'exclusive list created for a role that shows its policies',
    changes: [
      change('aws_iam_role.r', { same: aRole('r') }),
      change('aws_iam_role_policies_exclusive.e', { after: { role_name: 'r', policy_names: [] } }),
    ],
    expect: [],
  },
  {
    name: 'exclusive list shrunk for a role outside the plan',
    changes: [
      change('aws_iam_role_policies_exclusive.e', {
        before: { role_name: 'r', policy_names: ['a'] },
        after: { role_name: 'r', policy_names: [] },
      }),
    ],
    expect: ['shrunk denies'],
  },
  {
    name: 'exclusive list removed',
    changes: [change('aws_iam_user_policies_exclusive.e', { before: { user_name: 'u', policy_names: ['a'] } })],
    expect: [],
  },
  {
    name: 'inline policy of a permission set outside the plan',
    changes: [
      change('aws_ssoadmin_permission_set_inline_policy.p', {
        after: {
          permission_set_arn: SET,
          inline_policy: JSON.stringify({ Version: '2012-10-17', Statement: [allows('s3:*')] }),
        },
      }),
    ],
    expect: ['created denies'],
  },
];

test.each(cases)('$name', ({ changes, expect: expected }) => {
  const takings = planned(changes).takings ?? [];
  expect(takings.map(({ way, denies: may }) => `${way}${may ? ' denies' : ''}`)).toEqual(expected);
});

test('what an exclusive list names stays attached when the list is removed', () => {
  const attached = { role_name: 'r', policy_arns: [arn('policy/p')] };
  const { before, after } = planned([
    policyOf('same', GUARD),
    change('aws_iam_role.r', { same: aRole('r') }),
    change('aws_iam_role_policy_attachments_exclusive.e', { before: attached }),
  ]);
  const arns = ({ identities }: typeof before) =>
    [...identities.values()].flatMap(({ policies }) => policies.map((each) => each.arn));
  expect(arns(after)).toEqual(arns(before));
  expect(arns(after)).toEqual([arn('policy/p')]);
});
