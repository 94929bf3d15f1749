/** A deny that is taken away widens, whoever it is taken from and whatever else the plan says. */
import type { Statement } from '@leasehold/policy';
import {
  ACCOUNT,
  allows,
  aPolicy,
  aRole,
  arn,
  change,
  denies,
  type Json,
  policy,
  reviewOf,
  short,
  told,
} from '../planned';

const GUARD = denies(['iam:*', 'cloudtrail:StopLogging']);
const LOST = 'high access-widened';

interface Case {
  readonly name: string;
  readonly changes: readonly Json[];
  readonly expect: readonly string[];
}

const guard = change('aws_iam_policy.guard', { same: aPolicy('guard', GUARD) });
const attached = (kind: 'user' | 'role' | 'group', name: string) =>
  change(`aws_iam_${kind}_policy_attachment.guard`, { before: { [kind]: name, policy_arn: arn('policy/guard') } });
const member = { user: 'alice', groups: ['guarded'] };
const groupOf = (statements: readonly Statement[]) => [
  change('aws_iam_group.guarded', { same: { name: 'guarded', path: '/', arn: arn('group/guarded') } }),
  change('aws_iam_group_policy.guarded', { same: { name: 'own', group: 'guarded', policy: policy(...statements) } }),
];
const bucket = (...statements: readonly Statement[]) => ({ bucket: 'data', policy: policy(...statements) });
const everybody = (statement: ReturnType<typeof denies>) => ({ ...statement, Principal: '*' as const });
const PLAIN = { ...everybody(denies('s3:*', ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'])), Condition: TLS() };
const OWN = { ...allows('s3:GetObject', 'arn:aws:s3:::data/*'), Principal: { AWS: arn('role/app') } };
const OTHER = { ...allows('s3:ListBucket', 'arn:aws:s3:::data'), Principal: { AWS: arn('role/other') } };
const TRAIL = { ...allows('s3:PutObject', 'arn:aws:s3:::data/*'), Principal: { Service: 'cloudtrail.amazonaws.com' } };
const scp = (content: string, type = 'SERVICE_CONTROL_POLICY') => ({ name: 'guard', type, content });

function TLS() {
  return { Bool: { 'aws:SecureTransport': 'false' } };
}

const cases: readonly Case[] = [
  ...(['user', 'role', 'group'] as const).map((kind) => ({
    name: `a ${kind} outside of the plan loses a managed policy that denies`,
    changes: [guard, attached(kind, 'outside')],
    expect: [LOST],
  })),
  {
    name: 'a role outside of the plan loses an inline policy that denies',
    changes: [change('aws_iam_role_policy.p', { before: { name: 'p', role: 'outside', policy: policy(GUARD) } })],
    expect: [LOST],
  },
  {
    name: 'a role outside of the plan loses a policy that only allows',
    changes: [
      change('aws_iam_role_policy.p', { before: { name: 'p', role: 'outside', policy: policy(allows('s3:*')) } }),
    ],
    expect: [],
  },
  {
    name: 'a role outside of the plan keeps an equal deny from another policy',
    changes: [
      change('aws_iam_role_policy.p', { before: { name: 'p', role: 'outside', policy: policy(GUARD) } }),
      change('aws_iam_role_policy.q', { after: { name: 'q', role: 'outside', policy: policy(GUARD) } }),
    ],
    expect: [],
  },
  {
    name: 'a permission set outside of the plan loses its inline policy',
    changes: [
      change('aws_ssoadmin_permission_set_inline_policy.p', {
        before: { permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', inline_policy: policy(GUARD) },
      }),
    ],
    expect: [LOST],
  },
  {
    name: 'a role outside of the plan loses a policy that nobody read',
    changes: [
      change('aws_iam_role_policy_attachment.p', { before: { role: 'outside', policy_arn: arn('policy/elsewhere') } }),
    ],
    expect: [LOST],
  },
  {
    name: 'a user outside of the plan leaves a group that denies',
    changes: [...groupOf([GUARD]), change('aws_iam_user_group_membership.m', { before: member })],
    expect: [LOST],
  },
  {
    name: 'a user of the plan leaves a group that denies',
    changes: [
      ...groupOf([GUARD]),
      change('aws_iam_user.alice', { same: { name: 'alice', path: '/', arn: arn('user/alice') } }),
      change('aws_iam_user_group_membership.m', { before: member, after: { ...member, groups: [] } }),
    ],
    expect: [LOST],
  },
  {
    name: 'a user is no longer listed as a member of a group that denies',
    changes: [
      ...groupOf([GUARD]),
      change('aws_iam_group_membership.m', {
        same: { name: 'm', group: 'guarded' },
        before: { users: ['alice', 'bob'] },
        after: { users: ['bob'] },
      }),
    ],
    expect: [LOST, 'high exclusive-takes'],
  },
  {
    name: 'a user leaves a group that only allows',
    changes: [...groupOf([allows('s3:*')]), change('aws_iam_user_group_membership.m', { before: member })],
    expect: [],
  },
  {
    name: 'a user leaves a group that the plan does not manage',
    changes: [change('aws_iam_user_group_membership.m', { before: member })],
    expect: [LOST],
  },
  {
    name: 'a user joins a group that the plan does not manage',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_user.alice', { same: { name: 'alice', path: '/', arn: arn('user/alice') } }),
      change('aws_iam_user_group_membership.m', { after: member }),
    ],
    expect: ['high unknown-policy'],
  },
  {
    name: 'a user joins a group of the plan that allows nothing',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_user.alice', { same: { name: 'alice', path: '/', arn: arn('user/alice') } }),
      change('aws_iam_group.guarded', { same: { name: 'guarded', path: '/', arn: arn('group/guarded') } }),
      change('aws_iam_user_group_membership.m', { after: member }),
    ],
    expect: [],
  },
  {
    name: 'a user stays in a group that the plan does not manage',
    changes: [
      change('aws_iam_user.alice', {
        same: { name: 'alice', path: '/', arn: arn('user/alice') },
        before: { force_destroy: true },
        after: { force_destroy: false },
      }),
      change('aws_iam_user_group_membership.m', { same: member }),
    ],
    expect: [],
  },
  {
    name: 'a deny is gone and a read is allowed',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy.app', {
        same: { name: 'own', role: 'app' },
        before: { policy: policy(GUARD) },
        after: { policy: policy(allows('s3:ListBucket', 'arn:aws:s3:::data')) },
      }),
    ],
    expect: [LOST, 'low access-widened'],
  },
  {
    name: 'a deny is gone and a policy that nobody reads is attached',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy.app', { before: { name: 'own', role: 'app', policy: policy(GUARD) } }),
      change('aws_iam_role_policy_attachment.a', { after: { role: 'app', policy_arn: arn('policy/elsewhere') } }),
    ],
    expect: [LOST, 'high unknown-policy'],
  },
  {
    name: 'a delete is allowed and a policy that nobody reads is attached',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy.app', {
        after: { name: 'own', role: 'app', policy: policy(allows('s3:DeleteObject', 'arn:aws:s3:::data/*')) },
      }),
      change('aws_iam_role_policy_attachment.a', { after: { role: 'app', policy_arn: arn('policy/elsewhere') } }),
    ],
    expect: [LOST, 'high unknown-policy'],
  },
  {
    name: 'a bucket no longer denies, and a service is let in',
    changes: [change('aws_s3_bucket_policy.b', { before: bucket(PLAIN, OWN), after: bucket(OWN, TRAIL) })],
    expect: ['high resource-policy-widened', 'medium confused-deputy'],
  },
  {
    name: 'a bucket no longer denies, and a role of the account is let in',
    changes: [change('aws_s3_bucket_policy.b', { before: bucket(PLAIN, OWN), after: bucket(OWN, OTHER) })],
    expect: ['high resource-policy-widened', 'medium resource-policy-widened'],
  },
  {
    name: 'a bucket denies the same in other words',
    changes: [
      change('aws_s3_bucket_policy.b', {
        before: bucket(PLAIN, OWN),
        after: bucket(OWN, { ...PLAIN, Resource: ['arn:aws:s3:::data*'] }),
      }),
    ],
    expect: [],
  },
  {
    name: 'a queue keeps no policy where its own denied',
    changes: [
      change('aws_sqs_queue.q', {
        same: { name: 'q', arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:q` },
        before: { policy: policy(everybody(denies('sqs:*'))) },
        after: { policy: '' },
      }),
    ],
    expect: ['high resource-policy-widened'],
  },
  {
    name: 'a queue is removed with its policy',
    changes: [
      change('aws_sqs_queue.q', {
        before: { name: 'q', arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`, policy: policy(everybody(denies('sqs:*'))) },
      }),
    ],
    expect: [],
  },
  {
    name: 'the policy of a bucket outside of the plan is removed, and cannot be read',
    changes: [change('aws_s3_bucket_policy.b', { before: { bucket: 'data', policy: '{"Statement": 1}' } })],
    expect: ['high resource-policy-widened'],
  },
  {
    name: 'the policy of an endpoint is removed',
    changes: [
      change('aws_vpc_endpoint_policy.e', {
        before: { vpc_endpoint_id: 'vpce-1', policy: policy(everybody(denies('*'))) },
      }),
    ],
    expect: ['high resource-policy-widened'],
  },
  {
    name: 'a control policy that lists denies drops one',
    changes: [
      change('aws_organizations_policy.p', {
        before: scp(policy(GUARD, denies('s3:*'))),
        after: scp(policy(GUARD)),
      }),
    ],
    expect: ['high organization-policy-weakened'],
  },
  {
    name: 'a control policy that lists denies adds one',
    changes: [
      change('aws_organizations_policy.p', {
        before: scp(policy(GUARD)),
        after: scp(policy(GUARD, denies('s3:*'))),
      }),
    ],
    expect: [],
  },
  {
    name: 'a control policy that lists what is allowed lists more',
    changes: [
      change('aws_organizations_policy.p', {
        before: scp(policy(allows('s3:*'))),
        after: scp(policy(allows(['s3:*', 'ec2:*']))),
      }),
    ],
    expect: ['high organization-policy-weakened'],
  },
  {
    name: 'a control policy of resources drops a deny',
    changes: [
      change('aws_organizations_policy.p', {
        before: scp(policy(everybody(denies(['s3:*', 'kms:*']))), 'RESOURCE_CONTROL_POLICY'),
        after: scp(policy(everybody(denies('s3:*'))), 'RESOURCE_CONTROL_POLICY'),
      }),
    ],
    expect: ['high organization-policy-weakened'],
  },
  {
    name: 'a control policy of resources adds a deny',
    changes: [
      change('aws_organizations_policy.p', {
        before: scp(policy(everybody(denies('s3:*'))), 'RESOURCE_CONTROL_POLICY'),
        after: scp(policy(everybody(denies(['s3:*', 'kms:*']))), 'RESOURCE_CONTROL_POLICY'),
      }),
    ],
    expect: [],
  },
];

test.each(cases)('$name', async ({ changes, expect: expected }) => {
  expect(short(await reviewOf(changes))).toEqual([...expected].toSorted());
});

test.each([
  { count: 2, expected: ['high unattached-policy-widened'] },
  { count: 1, expected: [] },
])('a policy that denies less counts for those of $count whom the plan does not show', async ({ count, expected }) => {
  // The role of the plan is denied the same by a policy of its own.
  const changes = [
    change('aws_iam_role.app', { same: aRole('app') }),
    change('aws_iam_role_policy.app', { same: { name: 'own', role: 'app', policy: policy(GUARD) } }),
    change('aws_iam_role_policy_attachment.app', { same: { role: 'app', policy_arn: arn('policy/guard') } }),
    change('aws_iam_policy.guard', {
      same: { ...aPolicy('guard', GUARD), attachment_count: count },
      after: { policy: policy(denies('cloudtrail:StopLogging')) },
    }),
  ];
  expect(short(await reviewOf(changes))).toEqual(expected);
});

test('a deny that is gone is named with what it denied', async () => {
  expect(told(await reviewOf([guard, attached('role', 'outside')]))).toEqual([
    'high access-widened: The role outside is no longer denied iam:*, cloudtrail:StopLogging on *; what else it is allowed is not in this plan.',
  ]);
});

test('the first policy of a resource that exists is compared with none', async () => {
  const first = change('aws_s3_bucket_policy.b', { after: bucket(OWN) });
  const data = { bucket: 'data', arn: 'arn:aws:s3:::data' };
  expect(short(await reviewOf([first]))).toEqual(['medium resource-policy-widened']);
  expect(short(await reviewOf([first, change('aws_s3_bucket.b', { same: data })]))).toEqual([
    'medium resource-policy-widened',
  ]);
  expect(short(await reviewOf([first, change('aws_s3_bucket.b', { after: data })]))).toEqual([]);
});
