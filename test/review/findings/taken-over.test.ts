/** Taking over what runs with a role is as grave as the role, where the plan shows both. */
import { allows, aRole, arn, change, configuration, type Json, policy, reviewOf, told } from '../planned';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:thumbs';

/** Roles that stay as they are, each with one statement. */
const ROLES: Readonly<Record<string, ReturnType<typeof allows>>> = {
  admin: allows('*'),
  granter: allows('iam:PutRolePolicy', '*'),
  reader: allows('s3:GetObject', 'arn:aws:s3:::data/*'),
};

interface Case {
  readonly name: string;
  readonly may: ReturnType<typeof allows>;
  /** What runs: its address, and its sides. */
  readonly runs: readonly [string, Parameters<typeof change>[1]];
  readonly written?: Json;
  readonly expect: string;
}

const runsAs = (role: string, more: Json = {}) => ({ same: { role: arn(`role/${role}`), ...more } });

const cases: readonly Case[] = [
  {
    name: 'a named function of an administrator',
    may: allows('lambda:UpdateFunctionCode', FUNCTION),
    runs: ['aws_lambda_function.thumbs', runsAs('admin', { arn: FUNCTION })],
    expect: 'critical; aws_lambda_function.thumbs runs with the role aws_iam_role.admin, which may do everything',
  },
  {
    name: 'a version of a named function',
    may: allows('lambda:UpdateFunctionCode', `${FUNCTION}:*`),
    runs: ['aws_lambda_function.thumbs', runsAs('granter', { arn: FUNCTION })],
    expect:
      'high; aws_lambda_function.thumbs runs with the role aws_iam_role.granter, which can gain more power than its policies say',
  },
  {
    name: 'a named function that may do little',
    may: allows('lambda:UpdateFunctionCode', FUNCTION),
    runs: ['aws_lambda_function.thumbs', runsAs('reader', { arn: FUNCTION })],
    expect: 'medium; aws_lambda_function.thumbs runs with the role aws_iam_role.reader, which may do s3:GetObject',
  },
  {
    name: 'another function than that of the administrator',
    may: allows('lambda:UpdateFunctionCode', `${FUNCTION}-2`),
    runs: ['aws_lambda_function.thumbs', runsAs('admin', { arn: FUNCTION })],
    expect: 'medium',
  },
  {
    name: 'any function, one of which is of an administrator',
    may: allows('lambda:UpdateFunctionCode'),
    runs: ['aws_lambda_function.thumbs', runsAs('admin', { arn: FUNCTION })],
    expect: 'critical; aws_lambda_function.thumbs runs with the role aws_iam_role.admin, which may do everything',
  },
  {
    name: 'any function, where only a project is of an administrator',
    may: allows('lambda:UpdateFunctionCode'),
    runs: ['aws_codebuild_project.site', { same: { service_role: arn('role/admin'), name: 'site' } }],
    expect: 'high',
  },
  {
    name: 'a new service that is named before it has an ARN, its role in a block and known only after apply',
    may: allows('apprunner:UpdateService', 'arn:aws:apprunner:*:123456789012:service/shop/*'),
    runs: [
      'aws_apprunner_service.shop',
      {
        after: { service_name: 'shop', instance_configuration: [{ cpu: '1024' }] },
        unknown: { arn: true, instance_configuration: [{ instance_role_arn: true }] },
      },
    ],
    written: { instance_configuration: [{ instance_role_arn: { references: ['aws_iam_role.admin.arn'] } }] },
    expect: 'critical; aws_apprunner_service.shop runs with the role aws_iam_role.admin, which may do everything',
  },
  {
    name: 'a machine with the profile of an administrator',
    may: allows('ssm:StartSession', 'arn:aws:ec2:*:123456789012:instance/*'),
    runs: ['aws_instance.box', { after: { iam_instance_profile: 'box' }, unknown: { arn: true, id: true } }],
    expect: 'critical; aws_instance.box runs with the role aws_iam_role.admin, which may do everything',
  },
  {
    name: 'a cluster, whose ARN does not say what runs in it',
    may: allows('ecs:ExecuteCommand', 'arn:aws:ecs:*:123456789012:task/blue/*'),
    runs: ['aws_ecs_task_definition.api', { after: { family: 'api', task_role_arn: arn('role/admin') } }],
    expect: 'critical; aws_ecs_task_definition.api runs with the role aws_iam_role.admin, which may do everything',
  },
];

test.each(cases)('$name', async ({ may, runs: [address, sides], written = {}, expect: expected }) => {
  const changes = [
    ...Object.entries(ROLES).flatMap(([name, statement]) => [
      change(`aws_iam_role.${name}`, { same: aRole(name) }),
      change(`aws_iam_role_policy.${name}`, { same: { name: 'own', role: name, policy: policy(statement) } }),
    ]),
    change('aws_iam_instance_profile.box', { same: { name: 'box', role: 'admin', arn: arn('instance-profile/box') } }),
    change(address, sides),
    change('aws_iam_role.dev', { same: aRole('dev') }),
    change('aws_iam_role_policy.dev', { after: { name: 'own', role: 'dev', policy: policy(may) } }),
  ];
  const review = await reviewOf(changes, { configuration: configuration({ [address]: written }) });
  const [found, ...others] = told(review).filter((each) => each.includes('role dev could take over'));
  expect(others).toEqual([]);
  const [, severity, target = ''] = /^(\w+) privilege-escalation: [^;]*?(; .*)?\.$/.exec(found ?? '') ?? [];
  expect(`${severity}${target}`).toBe(expected);
});

test('what runs with the role itself gives that role nothing', async () => {
  const review = await reviewOf([
    change('aws_iam_role.dev', { same: aRole('dev') }),
    change('aws_iam_role_policy.all', {
      same: { name: 'all', role: 'dev', policy: policy(allows('iam:PutRolePolicy')) },
    }),
    change('aws_iam_role_policy.dev', {
      after: { name: 'own', role: 'dev', policy: policy(allows('lambda:UpdateFunctionCode', FUNCTION)) },
    }),
    change('aws_lambda_function.thumbs', runsAs('dev', { arn: FUNCTION })),
  ]);
  expect(told(review).filter((each) => each.includes('take over'))).toEqual([
    `medium privilege-escalation: The role dev could take over what already runs with a role: lambda:UpdateFunctionCode on ${FUNCTION}.`,
  ]);
});
