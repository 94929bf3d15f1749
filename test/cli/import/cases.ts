/** What becomes of one policy: a decision table of `leasehold import`. */

/** A case: the statements of a policy, and what of them is in roles, lost, narrower or idle. */
export interface ImportCase {
  readonly title: string;
  readonly statements: readonly object[];
  /** Each role as `access: action on resource, …`, statement by statement. */
  readonly roles: readonly string[];
  /** What is lost, and a word of why. */
  readonly lost?: Readonly<Record<string, RegExp>>;
  readonly narrower?: RegExp;
  readonly idle?: Readonly<Record<string, RegExp>>;
  readonly variables?: readonly string[];
  /** What the YAML holds besides. */
  readonly yaml?: readonly RegExp[];
}

const allow = (Action: unknown, Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (Action: unknown, Resource: unknown, Condition?: object) => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
const BUCKET = 'arn:aws:s3:::site';
const OBJECTS = 'arn:aws:s3:::site/*';
const S3 = 'arn:${env.partition}:s3:::site';

export const CASES: readonly ImportCase[] = [
  {
    title: 'a narrow task keeps its reads beside its writes, and deletes are a role of their own',
    statements: [allow(['s3:PutObject', 's3:DeleteObject', 's3:ListBucket'], [BUCKET, OBJECTS])],
    roles: [
      `write: s3:PutObject on ${S3}/*; s3:ListBucket on ${S3}`,
      `delete: s3:DeleteObject on ${S3}/*; s3:ListBucket on ${S3}`,
    ],
  },
  {
    title: 'services beside the main one are companions',
    statements: [
      allow(['ecs:UpdateService', 'ecs:DescribeServices'], 'arn:aws:ecs:us-east-1:111122223333:service/c/web'),
      allow('logs:DescribeLogGroups', '*'),
    ],
    roles: [
      'write: ecs:DescribeServices ecs:UpdateService on arn:${env.partition}:ecs:${env.region}:${env.account}:service/c/web; logs:DescribeLogGroups on *',
    ],
    yaml: [/^companions: \[logs\]$/m],
  },
  {
    title: 'a sensitive read is stubbed',
    statements: [allow('s3:GetObject', OBJECTS)],
    roles: [`read: s3:GetObject on ${S3}/*`],
    yaml: [/action: s3:GetObject, because: "TODO/],
  },
  {
    title: 'what takes over something with a role of its own needs a waiver with a reason',
    statements: [allow('lambda:UpdateFunctionCode', 'arn:aws:lambda:us-east-1:111122223333:function:web')],
    roles: [
      'write: lambda:UpdateFunctionCode on arn:${env.partition}:lambda:${env.region}:${env.account}:function:web',
    ],
    yaml: [/guardrail: no-role-hijack, because: "TODO/],
  },
  {
    title: 'SQL needs a database user',
    statements: [allow('rds-data:ExecuteStatement', 'arn:aws:rds:us-east-1:111122223333:cluster:shop')],
    roles: ['write: rds-data:ExecuteStatement on arn:${env.partition}:rds:${env.region}:${env.account}:cluster:shop'],
    yaml: [/^sql:\n {2}databaseUser: "TODO"/m],
  },
  {
    title: 'a wildcard stays where all that it stands for is of one kind, and is written out where not',
    statements: [allow(['dynamodb:List*', 'sqs:Get*', 'sqs:Receive*'], '*')],
    roles: [
      'read: dynamodb:List* sqs:Get* on *; sqs:ReceiveMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:${var.sqs_queue_name}',
    ],
    narrower: /`sqs:Receive\*` is written out/,
    variables: ['sqs_queue_name'],
  },
  {
    title: 'a write on everything is scoped to a variable of the environment; a look at everything stays',
    statements: [allow(['dynamodb:PutItem', 'dynamodb:DescribeTable'], '*')],
    roles: [
      'write: dynamodb:DescribeTable on *; dynamodb:PutItem on arn:${env.partition}:dynamodb:${env.region}:${env.account}:table/${var.dynamodb_table_name}',
    ],
    narrower: /variables of the environment/,
    variables: ['dynamodb_table_name'],
  },
  {
    title: 'what AWS names itself stays open behind a waiver with a reason',
    statements: [allow('ec2:TerminateInstances', '*')],
    roles: ['delete: ec2:TerminateInstances on arn:${env.partition}:ec2:${env.region}:${env.account}:instance/*'],
    yaml: [/guardrail: scoped-resources, because: "TODO/],
  },
  {
    title: 'wildcards for region and account become those of the environment',
    statements: [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:jobs')],
    roles: ['write: sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs'],
    narrower: /own region and account/,
  },
  {
    title: 'a bucket by prefix is held to the account',
    statements: [allow('s3:PutObject', 'arn:aws:s3:::acme-*/*')],
    roles: ['write: s3:PutObject on arn:${env.partition}:s3:::acme-*/* if StringEquals aws:ResourceAccount'],
    narrower: /own account alone/,
  },
  {
    title: 'another account is not had',
    statements: [
      allow('sqs:SendMessage', ['arn:aws:sqs:us-east-1:999999999999:jobs', 'arn:aws:sqs:us-east-1:111122223333:jobs']),
    ],
    roles: ['write: sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs'],
    lost: { 'arn:aws:sqs:us-east-1:999999999999:jobs': /differs from that of the environment/ },
  },
  {
    title: 'ForAllValues is guarded, which narrows',
    statements: [
      allow('dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:111122223333:table/t', {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] },
      }),
    ],
    roles: [
      'read: dynamodb:GetItem on arn:${env.partition}:dynamodb:${env.region}:${env.account}:table/t if ForAllValues:StringEquals dynamodb:LeadingKeys, Null dynamodb:LeadingKeys',
    ],
    narrower: /demands that a request carries the key/,
  },
  {
    title: 'a condition that fails open is guarded',
    statements: [
      allow('ec2:StopInstances', 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0', {
        StringNotEquals: { 'aws:ResourceTag/keep': 'yes' },
      }),
    ],
    roles: [
      'write: ec2:StopInstances on arn:${env.partition}:ec2:${env.region}:${env.account}:instance/i-0123456789abcdef0 if StringNotEquals aws:ResourceTag/keep, Null aws:ResourceTag/keep',
    ],
  },
  {
    title: 'nobody passes roles, becomes another or manages permissions',
    statements: [
      allow(
        [
          'iam:PassRole',
          'iam:CreateAccessKey',
          'sts:AssumeRole',
          's3:PutBucketPolicy',
          'iam:ListRoles',
          'iam:UpdateRoleDescription',
        ],
        '*',
      ),
    ],
    roles: ['read: iam:ListRoles on *'],
    lost: {
      'iam:PassRole': /gets the permissions of that role/,
      'iam:CreateAccessKey': /permissions that the role does not have/,
      'sts:AssumeRole': /gets the permissions of that role/,
      's3:PutBucketPolicy': /changes permissions/,
      'iam:UpdateRoleDescription': /boundary/,
    },
  },
  {
    title: 'sts:GetCallerIdentity needs no permission',
    statements: [allow(['sts:GetCallerIdentity', 's3:ListAllMyBuckets'], '*')],
    roles: ['read: s3:ListAllMyBuckets on *'],
    idle: { 'sts:GetCallerIdentity': /no permission/ },
  },
  {
    title: 'actions that nobody knows',
    statements: [allow(['s3:PutObjekt', 'nosuch:Thing', 's3:PutObject'], OBJECTS)],
    roles: [`write: s3:PutObject on ${S3}/*`],
    lost: { 's3:PutObjekt': /no such action/, 'nosuch:Thing': /no such action/ },
  },
  {
    title: 'everything of AWS is no task',
    statements: [allow('*', '*'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    roles: [],
    lost: { 'statement 1': /every AWS service/, 'statement 2': /every AWS service/ },
  },
  {
    title: 'NotResource is not had',
    statements: [{ Effect: 'Allow', Action: 's3:PutObject', NotResource: 'arn:aws:s3:::secret/*' }],
    roles: [],
    lost: { 'statement 1: s3:PutObject': /NotResource/ },
  },
  {
    title: 'a policy variable of IAM is not had',
    statements: [allow('s3:PutObject', ['arn:aws:s3:::home/${aws:username}/*', OBJECTS])],
    roles: [`write: s3:PutObject on ${S3}/*`],
    lost: { 'arn:${env.partition}:s3:::home/${aws:username}/*': /policy variable/ },
  },
  {
    title: 'a text that would be a variable of the definitions reaches nothing',
    statements: [allow('s3:PutObject', ['arn:aws:s3:::${env.name}/*', 'arn:aws:s3:::${project.name}/x'])],
    roles: [],
    lost: {
      's3:PutObject on arn:${env.partition}:s3:::${env.name}/*': /does not permit it|not proven/,
      's3:PutObject on arn:${env.partition}:s3:::${project.name}/x': /does not permit it|not proven/,
    },
  },
  {
    title: 'what the source denies outright is in no role',
    statements: [allow(['s3:PutObject', 's3:GetObject'], OBJECTS), deny('s3:GetObject', '*')],
    roles: [`write: s3:PutObject on ${S3}/*`],
    idle: { 's3:GetObject': /source itself denies/ },
  },
  {
    title: 'a policy that only denies',
    statements: [deny('s3:*', '*')],
    roles: [],
    lost: { 'everything of deploy': /contains only denials/ },
  },
  {
    title: 'a deny of some resources is kept, for the actions that the role has',
    statements: [allow(['s3:PutObject', 's3:ListBucket'], [BUCKET, OBJECTS]), deny('s3:*', 'arn:aws:s3:::site/keep/*')],
    roles: [`write: s3:PutObject on ${S3}/*; s3:ListBucket on ${S3}; never s3:PutObject on ${S3}/keep/*`],
  },
  {
    title: 'a deny under a condition is kept',
    statements: [
      allow('s3:PutObject', OBJECTS),
      { Effect: 'Deny', NotAction: 'iam:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    roles: [`write: s3:PutObject on ${S3}/*; never s3:PutObject on * if Bool aws:SecureTransport`],
  },
  {
    title: 'a deny whose wildcards might run on across colons is not proven to be repeated, so nothing is had',
    statements: [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:jobs-*'), deny('sqs:*', 'arn:aws:sqs:*:*:jobs-secret')],
    roles: [],
    lost: { 'sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs-*': /not proven/ },
  },
  {
    title: 'a deny in this account and region is repeated by what it touches',
    statements: [
      allow('sqs:SendMessage', 'arn:aws:sqs:us-east-1:111122223333:jobs-*'),
      deny('sqs:*', 'arn:aws:sqs:us-east-1:111122223333:jobs-secret'),
    ],
    roles: [
      'write: sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs-*; never sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs-secret',
    ],
  },
  {
    title: 'a deny of everything but some resources is not repeated, so what it denies is not had',
    statements: [
      allow(['s3:PutObject', 's3:ListBucket'], [BUCKET, OBJECTS]),
      { Effect: 'Deny', Action: 's3:PutObject', NotResource: 'arn:aws:s3:::site/in/*' },
    ],
    roles: [`read: s3:ListBucket on ${S3}`],
    lost: { 's3:PutObject': /NotResource/ },
  },
  {
    title: 'a deny elsewhere takes nothing away',
    statements: [allow('s3:PutObject', OBJECTS), deny('s3:*', 'arn:aws:s3:::other/*')],
    roles: [`write: s3:PutObject on ${S3}/*`],
  },
  {
    title: 'an action on a resource that it never accepts',
    statements: [allow(['s3:PutObject', 's3:CreateBucket'], OBJECTS)],
    roles: [`write: s3:PutObject on ${S3}/*`],
    idle: { 's3:CreateBucket': /does not apply to any of the resources/ },
  },
  {
    title: 'an action whose requests never carry the key of the condition',
    statements: [allow(['s3:PutObject', 's3:GetObject'], OBJECTS, { StringEquals: { 's3:x-amz-acl': 'private' } })],
    roles: [`write: s3:PutObject on ${S3}/* if StringEquals s3:x-amz-acl`],
    idle: { 's3:GetObject': /never carry/ },
  },
  {
    title: 'what is no ARN',
    statements: [allow('s3:PutObject', ['arn:aws:s3:*', 'arn:aws:*:::site/*', OBJECTS])],
    roles: [`write: s3:PutObject on ${S3}/*`],
    lost: { 'arn:aws:s3:*': /not an ARN/, 'arn:aws:*:::site/*': /service is a wildcard/ },
  },
  {
    title: 'resources that repeat a part propose a parameter',
    statements: [
      allow('sqs:SendMessage', [
        'arn:aws:sqs:us-east-1:111122223333:jobs-a',
        'arn:aws:sqs:us-east-1:111122223333:jobs-b',
      ]),
    ],
    roles: [
      'write: sqs:SendMessage on arn:${env.partition}:sqs:${env.region}:${env.account}:jobs-a arn:${env.partition}:sqs:${env.region}:${env.account}:jobs-b',
    ],
    yaml: [/# A parameter with `values: \[jobs-a, jobs-b\]`/],
  },
];
