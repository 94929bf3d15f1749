/**
 * The program that somebody would write by hand instead: the resources of `large-project.ts` from plain objects, with
 * loops and CDKTF alone. No YAML, no checks, no packing of policies by their quotas.
 *
 * `node rival-synth.js <roles>` writes `cdktf.out`.
 */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { IamUserPoliciesExclusive } from '@cdktf/provider-aws/lib/iam-user-policies-exclusive';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { IamUserPolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-user-policy-attachments-exclusive';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';

const COUNT = Number(process.argv[2]);
const ACCOUNT = '123456789012';
const REGION = 'ap-northeast-2';
const STACK = 'hermes-dev';
const PATH = `/leasehold/${STACK}/`;
const ASK = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

const agents = Array.from({ length: Math.ceil(COUNT / 500) }, (_, index) => `agent-${pad(index + 1, 2)}`);

const roles = Array.from({ length: COUNT }, (_, index) => {
  const agent = agents[Math.floor(index / 500)] ?? '';
  const n = pad(index + 1, 4);
  switch (index % 4) {
    case 0:
      return {
        agent,
        name: `ec2-read-${n}`,
        description: `Look at EC2 instances and volumes in one region, task ${n}. No change.`,
        statements: [
          {
            Effect: 'Allow',
            Action: [
              'ec2:DescribeInstances',
              'ec2:DescribeInstanceStatus',
              'ec2:DescribeInstanceTypes',
              'ec2:DescribeVolumes',
              'ec2:DescribeVolumeStatus',
            ],
            Resource: '*',
            Condition: { StringEquals: { 'aws:RequestedRegion': REGION } },
          },
        ],
      };
    case 1:
      return {
        agent,
        name: `s3-deploy-${n}`,
        description: `Upload build artefacts under one release of bucket ${n}. No delete.`,
        parameter: 'param.release',
        statements: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: `arn:aws:s3:::${STACK}-s3-deploy-${n}/$\${aws:PrincipalTag/param.release}/*`,
          },
          {
            Effect: 'Allow',
            Action: 's3:ListBucket',
            Resource: `arn:aws:s3:::${STACK}-s3-deploy-${n}`,
            Condition: { StringLike: { 's3:prefix': '$${aws:PrincipalTag/param.release}/*' } },
          },
        ],
      };
    case 2:
      return {
        agent,
        name: `rds-query-${n}`,
        description: `Run read-only SQL on database ${n}, as its database user reader.`,
        statements: [
          {
            Effect: 'Allow',
            Action: 'rds-data:ExecuteStatement',
            Resource: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:rds-query-${n}`,
          },
          {
            Effect: 'Allow',
            Action: 'secretsmanager:GetSecretValue',
            Resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds-query-${n}-a1B2c3`,
          },
        ],
      };
    default:
      return {
        agent,
        name: `cloudwatch-read-${n}`,
        description: `Read the logs of app ${n}. No other log group, no change.`,
        statements: [
          {
            Effect: 'Allow',
            Action: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
            Resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/${STACK}/cloudwatch-read-${n}:*`,
          },
        ],
      };
  }
}).sort((one, other) => (one.name < other.name ? -1 : 1));

const app = new App({ outdir: 'cdktf.out' });
const stack = new TerraformStack(app, STACK);
new LocalBackend(stack, { path: `../../../terraform.${STACK}.tfstate` });
new AwsProvider(stack, 'aws', {
  region: REGION,
  allowedAccountIds: [ACCOUNT],
  defaultTags: [{ tags: { 'leasehold:stack': STACK } }],
});

const roleBoundary = policy(
  'role-boundary',
  `${STACK}-role-boundary`,
  'Boundary of every purpose role: denies IAM, STS and Organizations.',
  [
    {
      Sid: 'AnythingElse',
      Effect: 'Allow',
      NotAction: ['iam:*', 'sts:*', 'organizations:*', 'account:*'],
      Resource: '*',
    },
    { Sid: 'Attenuate', Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' },
    {
      Sid: 'NoEscalation',
      Effect: 'Deny',
      Action: [
        'iam:*',
        'organizations:*',
        'account:*',
        'sts:Assume*',
        'sts:GetFederationToken',
        'sts:GetSessionToken',
        'sts:SetSourceIdentity',
        'sts:TagSession',
      ],
      Resource: '*',
    },
  ],
);

const users = new Map<string, IamUser>();
for (const agent of agents) {
  const name = `${STACK}-${agent}`;
  const arns = roles.filter((role) => role.agent === agent).map((role) => roleArn(role.name));
  const boundary = policy(
    `${agent}-boundary`,
    `${name}-boundary`,
    `Boundary of agent ${agent}: it can ask for its roles, whatever else is attached to it.`,
    [
      { Sid: 'Ask', Effect: 'Allow', Action: ASK, Resource: '*' },
      { Sid: 'NothingButAsk', Effect: 'Deny', NotAction: ASK, Resource: '*' },
      {
        Sid: 'OnlyTheseRoles',
        Effect: 'Deny',
        Action: ASK,
        NotResource: arns.length > 60 ? [`arn:aws:iam::${ACCOUNT}:role${PATH}*`] : arns,
      },
    ],
  );
  const user = new IamUser(stack, `${agent}-user`, {
    name,
    path: '/agents/',
    permissionsBoundary: policyArn(`${name}-boundary`),
    dependsOn: [boundary],
  });
  users.set(agent, user);
  const attachments: IamUserPolicyAttachment[] = [];
  const attached: string[] = [];
  let packed: string[] = [];
  const attach = () => {
    const id = `${agent}-ask-${attached.length + 1}`;
    const document = policy(id, `${STACK}-${id}`, `Lets agent ${agent} ask for its roles.`, [
      { Sid: 'Ask', Effect: 'Allow', Action: ASK, Resource: packed },
    ]);
    attached.push(policyArn(`${STACK}-${id}`));
    attachments.push(
      new IamUserPolicyAttachment(stack, `${id}-attachment`, {
        user: name,
        policyArn: policyArn(`${STACK}-${id}`),
        dependsOn: [user, document],
      }),
    );
    packed = [];
  };
  for (const arn of arns) {
    // Of 6,144 characters, 151 stand around the list and three around each ARN.
    if (packed.reduce((sum, each) => sum + each.length + 3, 151 + arn.length + 3) > 6144) attach();
    packed.push(arn);
  }
  attach();
  new IamUserPolicyAttachmentsExclusive(stack, `${agent}-attached`, {
    userName: name,
    policyArns: attached,
    dependsOn: [user, ...attachments],
  });
  new IamUserPoliciesExclusive(stack, `${agent}-inline`, { userName: name, policyNames: [], dependsOn: [user] });
}

for (const { name, agent, description, parameter, statements } of roles) {
  const roleName = `${STACK}-${name}`;
  const user = users.get(agent);
  const role = new IamRole(stack, name, {
    name: roleName,
    path: PATH,
    description,
    maxSessionDuration: 3600,
    permissionsBoundary: policyArn(`${STACK}-role-boundary`),
    dependsOn: user ? [roleBoundary, user] : [roleBoundary],
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LeaseByMfa',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/agents/${STACK}-${agent}` },
          Action: 'sts:AssumeRole',
          Condition: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            Null: { 'aws:TokenIssueTime': 'true' },
            NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '300' },
            StringEquals: {
              'sts:RoleSessionName': '$${aws:RequestTag/lease-id}',
              'sts:SourceIdentity': '$${aws:username}',
            },
            StringLike: {
              'aws:RequestTag/lease-id': 'lh-?*',
              'aws:RequestTag/reason': '??????????*',
              ...(parameter ? { [`aws:RequestTag/${parameter}`]: '?*' } : {}),
            },
            ...(parameter ? { StringNotLike: { [`aws:RequestTag/${parameter}`]: ['*/*'] } } : {}),
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['lease-id', 'reason', ...(parameter ? [parameter] : [])] },
          },
        },
        {
          Sid: 'MarkSession',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/agents/${STACK}-${agent}` },
          Action: ['sts:SetSourceIdentity', 'sts:TagSession'],
        },
      ],
    }),
  });
  const attenuate = { Sid: 'Attenuate', Effect: 'Allow', Action: 'sts:GetScopedCredentials', Resource: '*' };
  const inline = new IamRolePolicy(stack, `${name}-inline`, {
    name,
    role: roleName,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: [...statements, attenuate] }),
    dependsOn: [role],
  });
  new IamRolePoliciesExclusive(stack, `${name}-inline-exclusive`, {
    roleName,
    policyNames: [name],
    dependsOn: [role, inline],
  });
  new IamRolePolicyAttachmentsExclusive(stack, `${name}-attached-exclusive`, {
    roleName,
    policyArns: [],
    dependsOn: [role],
  });
}

output(
  'agent_arns',
  Object.fromEntries(agents.map((agent) => [agent, `arn:aws:iam::${ACCOUNT}:user/agents/${STACK}-${agent}`])),
);
output('role_arns', Object.fromEntries(roles.map(({ name }) => [name, roleArn(name)])));
app.synth();

function policy(id: string, name: string, description: string, statements: readonly object[]): IamPolicy {
  return new IamPolicy(stack, id, {
    name,
    path: PATH,
    description,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
}

function policyArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:policy${PATH}${name}`;
}

function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role${PATH}${STACK}-${name}`;
}

function output(name: string, value: object): void {
  new TerraformOutput(stack, name, { value, staticId: true });
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
