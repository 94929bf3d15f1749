/** A role that is passed to one service and the same role that is passed to another are different findings. */
import type { Statement } from '@leasehold/policy';
import { allows, aRole, arn, change, policy, reviewOf } from '../planned';

const TASK = arn('role/task');
const OTHER = arn('role/other');
const ECS = 'ecs-tasks.amazonaws.com';
const LAMBDA = 'lambda.amazonaws.com';

const pass = (services: string | readonly string[] | undefined, role = TASK): Statement => ({
  ...allows('iam:PassRole', role),
  ...(services === undefined ? {} : { Condition: { StringEquals: { 'iam:PassedToService': services } } }),
});
const RUN = allows(['ecs:RunTask', 'lambda:CreateFunction']);

interface Case {
  readonly name: string;
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  readonly expect: readonly string[];
}

const toEcs = `hand a role to ${ECS} and run it with ecs:RunTask: iam:PassRole on ${TASK}`;
const toLambda = `hand a role to ${LAMBDA} and run it with lambda:CreateFunction: iam:PassRole on ${TASK}`;

const cases: readonly Case[] = [
  { name: 'one service', before: [], after: [pass(ECS)], expect: [toEcs] },
  { name: 'two services', before: [], after: [pass(ECS), pass(LAMBDA)], expect: [toEcs, toLambda] },
  {
    name: 'two services in one statement',
    before: [],
    after: [pass([LAMBDA, ECS])],
    expect: [`hand a role to ${ECS}, ${LAMBDA} and run it with lambda:CreateFunction: iam:PassRole on ${TASK}`],
  },
  { name: 'a second service', before: [pass(ECS)], after: [pass(ECS), pass(LAMBDA)], expect: [toLambda] },
  { name: 'another service', before: [pass(ECS)], after: [pass(LAMBDA)], expect: [toLambda] },
  {
    name: 'a second role, to the same service',
    before: [pass(ECS)],
    after: [pass(ECS), pass(ECS, OTHER)],
    expect: [`hand a role to ${ECS} and run it with ecs:RunTask: iam:PassRole on ${OTHER}`],
  },
  {
    name: 'a second role, to another service',
    before: [],
    after: [pass(ECS), pass(LAMBDA, OTHER)],
    expect: [toEcs, `hand a role to ${LAMBDA} and run it with lambda:CreateFunction: iam:PassRole on ${OTHER}`],
  },
  {
    name: 'any service',
    before: [],
    after: [pass(undefined)],
    expect: [`hand a role to a service and run it with lambda:CreateFunction: iam:PassRole on ${TASK}`],
  },
  { name: 'the same service as before', before: [pass(ECS)], after: [pass(ECS)], expect: [] },
];

test.each(cases)('a role that may pass a role to $name', async ({ before, after, expect: expected }) => {
  const text = (statements: readonly Statement[]) => ({ policy: policy(RUN, ...statements) });
  const { findings } = await reviewOf([
    change('aws_iam_role.worker', { same: aRole('worker') }),
    change('aws_iam_role_policy.worker', {
      same: { name: 'own', role: 'worker' },
      before: text(before),
      after: text(after),
    }),
  ]);
  const told = findings.flatMap(({ id, message }) => (id === 'privilege-escalation' ? [message] : []));
  expect(told.toSorted()).toEqual(expected.map((each) => `The role worker could ${each}.`).toSorted());
});
