/** What is found is true to the letter, and what gives nothing is not found. */
import { defined } from '@leasehold/contract/defined';
import type { Statement } from '@leasehold/policy';
import { ACCOUNT, allows, aRole, change, denies, type Json, policy, reviewOf, short, told } from '../planned';

const role = (
  before: readonly Statement[] | undefined,
  after: readonly Statement[],
  isNew = false,
): readonly Json[] => [
  change('aws_iam_role.app', isNew ? { after: aRole('app') } : { same: aRole('app') }),
  change('aws_iam_role_policy.app', {
    ...(before === undefined ? {} : { before: { name: 'own', role: 'app', policy: policy(...before) } }),
    after: { name: 'own', role: 'app', policy: policy(...after) },
  }),
];
const fresh = (...statements: readonly Statement[]) => role(undefined, statements, true);
const when = (statement: Statement, Condition: Statement['Condition']): Statement => ({
  ...statement,
  ...defined({ Condition }),
});
const TERMINATION = allows('autoscaling:TerminateInstanceInAutoScalingGroup');
const TAGGING = 'autoscaling:CreateOrUpdateTags';
const TAG = 'autoscaling:ResourceTag/team';
const GROUP = `arn:aws:autoscaling:eu-west-1:${ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/app`;
const OWNED = when(TERMINATION, { StringEquals: { [TAG]: 'app' } });
const METRIC = allows('cloudwatch:PutMetricData');
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table`;
const rule = (values: Json) => change('aws_cloudwatch_event_rule.r', { before: { name: 'r', ...values } });
const target = change('aws_cloudwatch_event_target.t', {
  before: { rule: 'r', arn: 'arn:aws:lambda:eu-west-1:1:function:f' },
});

const cases: readonly {
  readonly name: string;
  readonly changes: readonly Json[];
  readonly expect: readonly string[];
}[] = [
  { name: 'allow all beside deny all, new', changes: fresh(allows('*'), denies('*')), expect: [] },
  {
    name: 'allow all beside deny all, on a role that exists',
    changes: role([allows('s3:ListBucket')], [allows('*'), denies('*')]),
    expect: [],
  },
  {
    name: 'allow all beside a deny of all under a condition',
    changes: fresh(allows('*'), when(denies('*'), { Bool: { 'aws:SecureTransport': 'false' } })),
    expect: ['critical full-access'],
  },
  {
    name: 'allow all beside a deny of all on one resource',
    changes: fresh(allows('*'), denies('*', 'arn:aws:s3:::data')),
    expect: ['critical full-access'],
  },
  { name: 'allow all of a service beside a deny of it', changes: fresh(allows('s3:*'), denies('s3:*')), expect: [] },
  {
    name: 'allow all beside a deny of all but a read',
    changes: fresh(allows('*'), { Effect: 'Deny', NotAction: 's3:ListBucket', Resource: '*' }),
    expect: [],
  },
  {
    name: 'allow all beside a deny of all but IAM',
    changes: fresh(allows('*'), { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }),
    expect: [
      'critical privilege-escalation',
      'critical privilege-escalation',
      'high write-on-wildcard',
      'medium sensitive-read',
    ],
  },
  { name: 'a figure for a graph', changes: fresh(METRIC), expect: [] },
  { name: 'a login to a registry, new', changes: fresh(allows('ecr:GetAuthorizationToken')), expect: [] },
  {
    name: 'a login to a registry, on a role that exists',
    changes: role([METRIC], [METRIC, allows('ecr:GetAuthorizationToken')]),
    expect: ['medium sensitive-read'],
  },
  {
    name: 'a login to a registry by a wildcard',
    changes: fresh(allows('ecr:GetAuthorization*')),
    expect: ['medium sensitive-read'],
  },
  { name: 'a pattern that stands for no action', changes: fresh(allows('ec2:DescribeNothingOfTheKind*')), expect: [] },
  { name: 'a pattern that stands for reads', changes: fresh(allows('ec2:DescribeVpc*')), expect: [] },
  { name: 'a write on a wildcard', changes: fresh(allows('sqs:SendMessage')), expect: ['high write-on-wildcard'] },
  {
    name: 'a write on what has a tag',
    changes: fresh(when(allows('sqs:SendMessage'), { StringEquals: { 'aws:ResourceTag/team': 'app' } })),
    expect: [],
  },
  {
    name: 'a write on what has any tag',
    changes: fresh(when(allows('sqs:SendMessage'), { StringLike: { 'aws:ResourceTag/team': '*' } })),
    expect: ['high write-on-wildcard'],
  },
  ...(
    [
      ['on what has a tag', [OWNED], []],
      ['on what has any tag', [when(TERMINATION, { StringLike: { [TAG]: '*' } })], ['high write-on-wildcard']],
      [
        'in a call with a tag',
        [when(TERMINATION, { StringEquals: { 'aws:RequestTag/team': 'app' } })],
        ['high write-on-wildcard'],
      ],
      ['on what has a tag that the role gives', [OWNED, allows(TAGGING)], ['high write-on-wildcard']],
      ['on what has a tag that the role gives to one group', [OWNED, allows(TAGGING, GROUP)], []],
      [
        'on what has a tag that the role gives with a value',
        [OWNED, when(allows(TAGGING), { StringEquals: { 'aws:RequestTag/team': 'app' } })],
        ['high write-on-wildcard'],
      ],
      [
        'on what has a tag, beside tags on what has it',
        [OWNED, when(allows(TAGGING), { StringEquals: { [TAG]: 'app' } })],
        [],
      ],
      [
        'on what has a tag, beside the removal of tags',
        [OWNED, when(allows('autoscaling:DeleteTags'), { StringEquals: { [TAG]: 'app' } })],
        [],
      ],
    ] as const
  ).map(([name, statements, expected]) => ({
    name: `a delete ${name}`,
    changes: fresh(...statements),
    expect: expected,
  })),
  {
    name: 'a write on what has a tag that the role gives',
    changes: fresh(
      when(allows('ec2:AttachVolume'), { StringEquals: { 'ec2:ResourceTag/team': 'app' } }),
      allows('ec2:CreateTags', 'arn:aws:ec2:*:*:volume/*'),
    ),
    expect: ['high write-on-wildcard'],
  },
  {
    name: 'a write on what has a tag that the role gives at creation',
    changes: fresh(
      when(allows('ec2:AttachVolume'), { StringEquals: { 'ec2:ResourceTag/team': 'app' } }),
      when(allows('ec2:CreateTags', 'arn:aws:ec2:*:*:volume/*'), {
        StringEquals: { 'ec2:CreateAction': 'CreateVolume' },
      }),
    ),
    expect: [],
  },
  {
    name: 'a write from one region',
    changes: fresh(when(allows('sqs:SendMessage'), { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } })),
    expect: ['high write-on-wildcard'],
  },
  {
    name: 'a write on what has a tag, if it has one',
    changes: fresh(when(allows('sqs:SendMessage'), { StringEqualsIfExists: { 'aws:ResourceTag/team': 'app' } })),
    expect: ['high write-on-wildcard'],
  },
  {
    name: 'a write on what has a tag beside one on all',
    changes: fresh(
      when(allows('sqs:SendMessage'), { StringEquals: { 'aws:ResourceTag/team': 'app' } }),
      allows('sqs:SendMessage'),
    ),
    expect: ['high write-on-wildcard'],
  },
  {
    name: 'a rule that runs by the clock',
    changes: [rule({ schedule_expression: 'rate(1 day)' }), target],
    expect: [],
  },
  {
    name: 'a rule that looks for events',
    changes: [rule({ event_pattern: '{}' }), target],
    expect: ['high alert-weakened', 'high alert-weakened'],
  },
  {
    name: 'a rule that does both',
    changes: [rule({ schedule_expression: 'rate(1 day)', event_pattern: '{}' }), target],
    expect: ['high alert-weakened', 'high alert-weakened'],
  },
];

test.each(cases)('$name', async ({ changes, expect: expected }) => {
  expect(short(await reviewOf(changes))).toEqual(expected);
});

test('the advice for an action without resources is one that can be followed', async () => {
  const { findings } = await reviewOf(role([METRIC], [METRIC, allows('ecr:GetAuthorizationToken')]));
  expect(findings.map(({ hint }) => hint)).toEqual([
    'Remove the action if the task works without it; AWS takes no resource but `*` for it.',
  ]);
});

test.each([
  {
    name: 'named by the deny',
    before: { Resource: [`${TABLE}/a`, `${TABLE}/b`] },
    after: { Resource: [`${TABLE}/a`] },
  },
  {
    name: 'spared by the deny',
    before: { NotResource: [`${TABLE}/a`] },
    after: { NotResource: [`${TABLE}/a`, `${TABLE}/b`] },
  },
])('a resource no longer $name is the one that is gained', async ({ before, after }) => {
  const deny = (places: object): Statement => ({ Effect: 'Deny', Action: 'dynamodb:*', ...places });
  const review = await reviewOf(role([allows('dynamodb:*'), deny(before)], [allows('dynamodb:*'), deny(after)]));
  expect(told(review)[0]).toBe(`high access-widened: The role app is no longer denied dynamodb:* on ${TABLE}/b.`);
  const [identity] = review.identities;
  expect(new Set(identity?.gained.flatMap(({ resources }) => resources))).toEqual(new Set([`${TABLE}/b`]));
  expect(identity?.gained.flatMap(({ actions }) => actions)).not.toContain('dynamodb:DeleteBackup');
});

test.each([
  { name: 'everything', after: [allows('*')], expected: '*' },
  { name: 'everything but what is denied', after: [allows('*'), denies('iam:*')], expected: 'everything but iam:*' },
])('a role that exists and is given $name gains that, and not some services', async ({ after, expected }) => {
  const { identities } = await reviewOf(role([allows('s3:ListBucket')], after));
  expect(identities.map(({ gained }) => gained)).toEqual([
    [{ service: '*', level: 'unknown', actions: [expected], resources: ['*'] }],
  ]);
});

test('an allow of all but some is of every service', async () => {
  const { identities } = await reviewOf(fresh({ Effect: 'Allow', NotAction: ['iam:Update*', 's3:*'], Resource: '*' }));
  expect(identities.flatMap(({ gained }) => gained.map(({ service }) => service))).toEqual(['*']);
});
