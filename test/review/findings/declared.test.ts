/** What definitions declare is reported as declared, and everything beside it as the escalation that it is. */
import type { Statement } from '@leasehold/policy';
import type { DeclaredRole } from '@leasehold/review';
import { reviewPlan } from '../../../lib/review/review-plan';
import { allows, aRole, arn, change, type Json, planned, policy, told } from '../planned';

const TASK = arn('role/shop-task');
const AUDIT = 'arn:aws:iam::210987654321:role/audit';
const DECLARED: DeclaredRole = {
  arn: arn('role/run'),
  passes: [{ arn: TASK, to: 'ecs-tasks.amazonaws.com', because: 'A task has a role.', administrator: false }],
  assumes: [{ arn: AUDIT, because: 'Logs are there.', administrator: true }],
};

const ECS = 'ecs-tasks.amazonaws.com';
const LAMBDA = 'lambda.amazonaws.com';
/** The same role, which may also pass to functions. */
const BOTH: DeclaredRole = {
  ...DECLARED,
  passes: [...DECLARED.passes, { arn: TASK, to: LAMBDA, because: 'A function has it too.', administrator: false }],
};
const CREATE = allows('lambda:CreateFunction', 'arn:aws:lambda:*:123456789012:function:shop-*');

const ASSETS = allows('s3:GetObject', 'arn:aws:s3:::assets/*');

const to = (service: string | readonly string[], more: Record<string, string> = {}) => ({
  StringEquals: { 'iam:PassedToService': service, ...more },
});
const pass = (Condition: Statement['Condition'], Resource: string | readonly string[] = TASK): Statement => ({
  ...allows('iam:PassRole', Resource),
  ...(Condition === undefined ? {} : { Condition }),
});
const RUN = allows('ecs:RunTask', 'arn:aws:ecs:*:123456789012:task-definition/shop:*');

interface Case {
  readonly name: string;
  readonly gains: readonly Statement[];
  /** Statements that an existing role had already, and has no longer unless `gains` repeats them. */
  readonly had?: readonly Statement[];
  readonly declared?: readonly DeclaredRole[];
  /** What the plan shows of the role that is passed; by default it reads one bucket. */
  readonly task?: Statement | 'outside';
  /** Existing roles are compared, new ones are read alone. */
  readonly state?: 'new';
  readonly expect: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a declared role, passed to its service',
    gains: [pass(to('ecs-tasks.amazonaws.com')), RUN],
    state: 'new',
    expect: ['medium role-handed'],
  },
  {
    name: 'the same in a role that exists',
    gains: [pass(to('ecs-tasks.amazonaws.com'))],
    expect: ['medium role-handed'],
  },
  {
    name: 'the same without definitions',
    gains: [pass(to('ecs-tasks.amazonaws.com')), RUN],
    declared: [],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'declared for another role',
    gains: [pass(to('ecs-tasks.amazonaws.com')), RUN],
    declared: [{ ...DECLARED, arn: arn('role/other') }],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'to any service',
    gains: [pass(undefined)],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'to another service too',
    gains: [pass(to(['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com']))],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'under an operator that also matches without the key',
    gains: [pass({ StringEqualsIfExists: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } })],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'another role beside it',
    gains: [pass(to('ecs-tasks.amazonaws.com'), [TASK, arn('role/admin')])],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'roles by a wildcard',
    gains: [pass(to('ecs-tasks.amazonaws.com'), arn('role/shop-*'))],
    state: 'new',
    expect: ['high privilege-escalation'],
  },
  {
    name: 'a second statement beside the declared one',
    gains: [pass(to('ecs-tasks.amazonaws.com')), pass(to('ecs-tasks.amazonaws.com'), arn('role/admin'))],
    state: 'new',
    expect: ['high privilege-escalation', 'medium role-handed'],
  },
  {
    name: 'a declared role that may do everything, assumed',
    gains: [allows(['sts:AssumeRole', 'sts:SetSourceIdentity'], AUDIT)],
    expect: ['high role-handed'],
  },
  {
    name: 'another role, assumed',
    gains: [allows('sts:AssumeRole', 'arn:aws:iam::210987654321:role/billing')],
    expect: ['high access-widened'],
  },
  {
    name: 'something else beside what is declared',
    gains: [pass(to('ecs-tasks.amazonaws.com')), allows('iam:CreateUser', arn('user/x'))],
    expect: ['high privilege-escalation', 'medium access-widened', 'medium role-handed'],
  },
  {
    name: 'a declared role that was passed to another service, now to a second one that is launched',
    declared: [BOTH],
    had: [pass(to(ECS))],
    gains: [pass(to(ECS)), pass(to(LAMBDA)), CREATE],
    expect: ['medium access-widened', 'medium role-handed'],
  },
  {
    name: 'a second service in the statement that exists',
    declared: [BOTH],
    had: [pass(to(ECS))],
    gains: [pass(to([ECS, LAMBDA])), CREATE],
    expect: ['medium access-widened', 'medium role-handed'],
  },
  {
    name: 'a pass that a condition limited, which is none of Leasehold',
    had: [pass({ ...to(ECS), Bool: { 'aws:MultiFactorAuthPresent': 'true' } })],
    gains: [pass(to(ECS))],
    expect: ['medium role-handed'],
  },
  {
    name: 'the launch of a role that was passed already, so that nothing else reports it',
    had: [pass(to(ECS))],
    gains: [pass(to(ECS)), RUN],
    expect: ['high privilege-escalation', 'medium access-widened'],
  },
  {
    name: 'tags of a session that was opened without them',
    had: [allows('sts:AssumeRole', AUDIT)],
    gains: [allows(['sts:AssumeRole', 'sts:TagSession'], AUDIT)],
    expect: ['medium access-widened'],
  },
  {
    name: 'the same pass as before',
    had: [pass(to(ECS))],
    gains: [pass(to(ECS)), allows('s3:GetObject', 'arn:aws:s3:::data/*')],
    expect: [],
  },
  {
    name: 'a role that the plan does not show, so that nothing supports what is declared of it',
    task: 'outside',
    gains: [pass(to(ECS))],
    expect: ['high role-handed'],
  },
  {
    name: 'a role that the plan shows as administrator, whatever is declared of it',
    task: allows('*'),
    gains: [pass(to(ECS))],
    expect: ['critical role-handed'],
  },
  {
    name: 'a role that the plan shows as able to gain more, whatever is declared of it',
    task: allows('iam:PutRolePolicy'),
    gains: [pass(to(ECS))],
    expect: ['high role-handed'],
  },
  {
    name: 'a role that is declared as administrator, although the plan shows little',
    declared: [{ ...DECLARED, passes: DECLARED.passes.map((each) => ({ ...each, administrator: true })) }],
    gains: [pass(to(ECS))],
    expect: ['high role-handed'],
  },
];

test.each(cases)(
  '$name',
  async ({ gains, had = [], declared = [DECLARED], state, task = ASSETS, expect: expected }) => {
    const before = policy(allows('s3:GetObject', 'arn:aws:s3:::data/*'), ...had);
    const role = aRole('run');
    const access = planned([
      change('aws_iam_role.run', state === 'new' ? { after: role } : { same: role }),
      change('aws_iam_role_policy.run', {
        ...(state === 'new' ? {} : { before: { name: 'own', role: 'run', policy: before } }),
        after: { name: 'own', role: 'run', policy: policy(...gains) },
      }),
      ...(task === 'outside'
        ? []
        : [
            change('aws_iam_role.task', { same: aRole('shop-task') }),
            change('aws_iam_role_policy.task', { same: { name: 'own', role: 'shop-task', policy: policy(task) } }),
          ]),
    ]);
    const review = await reviewPlan(access, { today: '2026-11-22', declaredRoles: declared });
    const found = told(review).map((each) => each.replace(/:.*/s, ''));
    expect(found.filter((each) => !/^(low|info)/.test(each)).toSorted()).toEqual(expected);
  },
);

describe('a role that both writes and deletes', () => {
  const entry = (until: string, because = 'Sync deletes.') => ({ guardrail: 'mixed-access', until, because });
  const manifest = (access: string, waivers: readonly Json[] = []) => ({
    roles: { publish: { arn: arn('role/publish'), access, waivers } },
  });
  const allowing = (until: string, because = 'Sync deletes.') => [
    { arn: arn('role/publish'), passes: [], assumes: [], mixedAccess: { because, until } },
  ];
  const BOTH_ACCESS = 'write+delete';
  const LATER = '2026-12-31';

  test.each([
    { name: 'that nobody declares', expect: ['high write-and-delete'] },
    {
      name: 'that the project allows',
      was: manifest('write'),
      declared: allowing(LATER),
      expect: ['medium write-and-delete'],
    },
    {
      name: 'that the project allowed',
      was: manifest('write'),
      declared: allowing('2026-11-21'),
      expect: ['high write-and-delete'],
    },
    { name: 'as before', was: manifest(BOTH_ACCESS), expect: [] },
    {
      name: 'as before, with the same entry',
      was: manifest(BOTH_ACCESS, [entry(LATER)]),
      is: [entry(LATER)],
      declared: allowing(LATER),
      expect: [],
    },
    {
      name: 'for longer than before',
      was: manifest(BOTH_ACCESS, [entry(LATER)]),
      is: [entry('2027-12-31')],
      declared: allowing('2027-12-31'),
      expect: ['medium write-and-delete'],
    },
    {
      name: 'for longer than before, without a definition',
      was: manifest(BOTH_ACCESS, [entry(LATER)]),
      is: [entry('2027-12-31')],
      expect: ['high write-and-delete'],
    },
    {
      name: 'for a shorter time than before',
      was: manifest(BOTH_ACCESS, [entry(LATER)]),
      is: [entry('2026-12-01')],
      declared: allowing('2026-12-01'),
      expect: [],
    },
    {
      name: 'for another reason',
      was: manifest(BOTH_ACCESS, [entry(LATER)]),
      is: [entry(LATER, 'It is easier.')],
      declared: allowing(LATER, 'It is easier.'),
      expect: ['medium write-and-delete'],
    },
    {
      name: 'whose entry is new',
      was: manifest(BOTH_ACCESS),
      is: [entry(LATER)],
      declared: allowing(LATER),
      expect: ['medium write-and-delete'],
    },
    {
      name: 'whose entry existed before it could do both',
      was: manifest('write', [entry(LATER)]),
      is: [entry(LATER)],
      declared: allowing(LATER),
      expect: ['medium write-and-delete'],
    },
    {
      name: 'in an entry, and does not yet',
      was: manifest('write'),
      access: 'write',
      is: [entry(LATER)],
      expect: ['medium waiver-added'],
    },
  ])('$name', async ({ was, is = [], access: now = BOTH_ACCESS, declared = [], expect: expected }) => {
    const leasehold = { actions: ['update'], before: was ?? null, after: manifest(now, is), after_unknown: false };
    const access = planned([change('aws_iam_role.publish', { same: aRole('publish') })], {
      output_changes: { leasehold },
    });
    const review = await reviewPlan(access, { today: '2026-11-22', declaredRoles: declared });
    expect(told(review).map((each) => each.replace(/:.*/s, ''))).toEqual(expected);
  });

  test('the message names both days', async () => {
    const leasehold = {
      actions: ['update'],
      before: manifest(BOTH_ACCESS, [entry(LATER)]),
      after: manifest(BOTH_ACCESS, [entry('2027-12-31')]),
      after_unknown: false,
    };
    const access = planned([change('aws_iam_role.publish', { same: aRole('publish') })], {
      output_changes: { leasehold },
    });
    const review = await reviewPlan(access, { today: '2026-11-22', declaredRoles: allowing('2027-12-31') });
    expect(told(review)).toEqual([
      'medium write-and-delete: One lease of the role publish can write and delete, as the project allows until 2027-12-31 instead of 2026-12-31: Sync deletes.',
    ]);
  });
});
