/** Single changes of what an identity may do, each of which a reviewer has to be told of. */
import { allow } from '../diff/build';
import type { Mutation } from './mutation';
import { document } from './plan';

const BUCKET = 'arn:aws:s3:::hermes-dev-deploy';
const POLICIES = 'arn:aws:iam::aws:policy';

export const dangerousPermissions: readonly Mutation[] = [
  {
    name: 'widen an ARN by one segment: the release',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Resource = `${BUCKET}/*`;
      }),
    expect: ['tag-scope-lost', 'high'],
  },
  {
    name: 'drop the slash after the release',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Resource = `${BUCKET}/\${aws:PrincipalTag/param.release}*`;
      }),
    expect: ['access-widened', 'medium'],
  },
  {
    name: 'widen an ARN by one segment: the bucket',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Resource = 'arn:aws:s3:::*/${aws:PrincipalTag/param.release}/*';
      }),
    expect: ['write-on-wildcard', 'high'],
  },
  {
    name: 'write to every resource',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Resource = '*';
      }),
    expect: ['write-on-wildcard', 'high'],
  },
  {
    name: 'list the whole bucket: drop the condition on the prefix',
    mutate: (plan) => plan.allow('s3-deploy', 1, (statement) => delete statement.Condition),
    expect: ['tag-scope-lost', 'high'],
  },
  {
    name: 'turn StringLike into StringLikeIfExists on the prefix',
    mutate: (plan) =>
      plan.allow('s3-deploy', 1, (statement) => {
        statement.Condition = { StringLikeIfExists: { 's3:prefix': '${aws:PrincipalTag/param.release}/*' } };
      }),
    expect: ['access-widened', 'low'],
  },
  {
    name: 'add a delete',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
      }),
    expect: ['access-widened', 'high'],
  },
  {
    name: 'add a write',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = ['s3:GetObject', 's3:PutObject', 's3:RestoreObject'];
      }),
    expect: ['access-widened', 'medium'],
  },
  {
    name: 'add an ACL, which changes who may do what',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = ['s3:GetObject', 's3:PutObject', 's3:PutObjectAcl'];
      }),
    expect: ['access-widened', 'high'],
  },
  {
    name: 'allow all of S3 in place of two actions',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = 's3:*';
      }),
    expect: ['access-widened', 'high'],
  },
  {
    name: 'NotAction for Action',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.NotAction = statement.Action ?? [];
        delete statement.Action;
      }),
    expect: ['allow-by-exclusion', 'high'],
  },
  {
    name: 'NotResource for Resource',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.NotResource = `${BUCKET}/private/*`;
        delete statement.Resource;
      }),
    expect: ['allow-by-exclusion', 'high'],
  },
  {
    name: 'add iam:PassRole, which only the boundary holds back',
    mutate: (plan) => plan.grant('s3-deploy', allow('iam:PassRole', '*')),
    expect: ['privilege-escalation', 'high'],
  },
  {
    name: 'add iam:PassRole beside lambda:CreateFunction',
    mutate: (plan) => plan.grant('ec2-read', allow(['iam:PassRole', 'lambda:CreateFunction'], '*')),
    expect: ['privilege-escalation', 'high'],
  },
  {
    name: 'add iam:CreateAccessKey',
    mutate: (plan) => plan.grant('s3-deploy', allow('iam:CreateAccessKey', '*')),
    expect: ['privilege-escalation', 'high'],
  },
  {
    name: 'add a way to run code with the role of a function',
    mutate: (plan) => plan.grant('s3-deploy', allow('lambda:UpdateFunctionCode', '*')),
    expect: ['privilege-escalation', 'high'],
  },
  {
    name: 'add a shell on every machine',
    mutate: (plan) => plan.grant('ec2-read', allow('ssm:StartSession', '*')),
    expect: ['privilege-escalation', 'high'],
  },
  {
    name: 'allow everything on everything',
    mutate: (plan) => plan.grant('s3-deploy', allow('*', '*')),
    expect: ['full-access', 'critical'],
  },
  {
    name: 'read every secret',
    mutate: (plan) =>
      plan.allow('rds-query', 1, (statement) => {
        statement.Resource = '*';
      }),
    expect: ['sensitive-read', 'high'],
  },
  {
    name: 'read one more secret',
    mutate: (plan) =>
      plan.allow('rds-query', 1, (statement) => {
        statement.Resource = [
          String(statement.Resource),
          'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:hermes/dev/admin-x1Y2z3',
        ];
      }),
    expect: ['sensitive-read', 'medium'],
  },
  {
    name: 'read the secret of another environment by a wildcard',
    mutate: (plan) =>
      plan.allow('rds-query', 1, (statement) => {
        statement.Resource = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:hermes/*';
      }),
    expect: ['sensitive-read', 'medium'],
  },
  {
    name: 'run SQL on every cluster',
    mutate: (plan) =>
      plan.allow('rds-query', 0, (statement) => {
        statement.Resource = 'arn:aws:rds:ap-northeast-2:123456789012:cluster:*';
      }),
    expect: ['write-on-wildcard', 'high'],
  },
  {
    name: 'read user data: ec2:Describe*',
    mutate: (plan) =>
      plan.allow('ec2-read', 0, (statement) => {
        statement.Action = 'ec2:Describe*';
      }),
    expect: ['sensitive-read', 'high'],
  },
  {
    name: 'read the passwords of machines',
    mutate: (plan) =>
      plan.allow('ec2-read', 0, (statement) => {
        statement.Action = [...[statement.Action ?? []].flat(), 'ec2:GetPasswordData'];
      }),
    expect: ['sensitive-read', 'high'],
  },
  {
    name: 'look at every region',
    mutate: (plan) => plan.allow('ec2-read', 0, (statement) => delete statement.Condition),
    expect: ['access-widened', 'low'],
  },
  {
    name: 'read every log group',
    mutate: (plan) =>
      plan.allow('cloudwatch-read', 0, (statement) => {
        statement.Resource = 'arn:aws:logs:ap-northeast-2:123456789012:log-group:*';
      }),
    expect: ['sensitive-read', 'high'],
  },
  {
    name: 'make a policy known only after apply',
    mutate: (plan) => plan.unknown.set(plan.address('aws_iam_role_policy', 'role-s3-deploy_'), ['policy']),
    expect: ['unknown-policy', 'high'],
  },
  {
    name: 'add a second inline policy',
    mutate: (plan) =>
      plan.add('aws_iam_role_policy', 'more', {
        id: 'hermes-dev-s3-deploy:more',
        name: 'more',
        role: 'hermes-dev-s3-deploy',
        policy: document(allow('s3:DeleteObject', `${BUCKET}/*`)),
      }),
    expect: ['access-widened', 'high'],
  },
  {
    name: 'attach AdministratorAccess to a role',
    mutate: (plan) =>
      plan.add('aws_iam_role_policy_attachment', 'admin', {
        id: 'x',
        role: 'hermes-dev-s3-deploy',
        policy_arn: `${POLICIES}/AdministratorAccess`,
      }),
    expect: ['full-access', 'critical'],
  },
  {
    name: 'attach AdministratorAccess to the agent, whose boundary denies it',
    mutate: (plan) =>
      plan.add('aws_iam_user_policy_attachment', 'admin', {
        id: 'x',
        user: 'hermes-dev-agent',
        policy_arn: `${POLICIES}/AdministratorAccess`,
      }),
    expect: ['full-access', 'critical'],
  },
  {
    name: 'attach AmazonDynamoDBFullAccess',
    mutate: (plan) =>
      plan.add('aws_iam_role_policy_attachment', 'dynamo', {
        id: 'x',
        role: 'hermes-dev-s3-deploy',
        policy_arn: `${POLICIES}/AmazonDynamoDBFullAccess`,
      }),
    expect: ['full-access', 'high'],
  },
  {
    name: 'attach a policy that the plan does not show',
    mutate: (plan) =>
      plan.add('aws_iam_role_policy_attachment', 'other', {
        id: 'x',
        role: 'hermes-dev-s3-deploy',
        policy_arn: 'arn:aws:iam::123456789012:policy/made-by-hand',
      }),
    expect: ['unknown-policy', 'high'],
  },
  {
    name: 'drop the boundary of a role',
    mutate: (plan) => {
      plan.get('aws_iam_role', 'role-s3-deploy_').permissions_boundary = '';
    },
    expect: ['boundary-removed', 'critical'],
  },
  {
    name: 'drop the boundary of the agent',
    mutate: (plan) => {
      plan.get('aws_iam_user').permissions_boundary = null;
    },
    expect: ['boundary-removed', 'critical'],
  },
  {
    name: 'drop the denies of the agent’s boundary',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'agent_boundary', 'policy', (boundary) => ({
        ...boundary,
        Statement: boundary.Statement.filter(({ Effect }) => Effect === 'Allow'),
      })),
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'let the agent’s boundary pass one more action',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'agent_boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          if (statement.NotAction !== undefined) {
            statement.NotAction = [...[statement.NotAction].flat(), 's3:GetObject'];
          }
        }
      }),
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'let the agent ask for a role that exists outside of the plan',
    mutate: (plan) => {
      const admin = 'arn:aws:iam::123456789012:role/admin';
      plan.document('aws_iam_policy', 'agent_boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          if (statement.NotResource !== undefined) statement.NotResource = [...[statement.NotResource].flat(), admin];
        }
      });
    },
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'drop the deny of the roles’ boundary',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => {
        Statement.pop();
      }),
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'take IAM out of the deny of the roles’ boundary',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          if (statement.Effect === 'Deny') {
            statement.Action = [statement.Action ?? []].flat().filter((action) => action !== 'iam:*');
          }
        }
      }),
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'swap the boundary for AdministratorAccess',
    mutate: (plan) => {
      plan.get('aws_iam_role', 'role-s3-deploy_').permissions_boundary = `${POLICIES}/AdministratorAccess`;
    },
    expect: ['boundary-weakened', 'high'],
  },
  {
    name: 'drop the exclusive resource of inline policies',
    mutate: (plan) => plan.remove('aws_iam_role_policies_exclusive', 'role-s3-deploy_'),
    expect: ['exclusivity-removed', 'medium'],
  },
  {
    name: 'drop the exclusive resource of attached policies',
    mutate: (plan) => plan.remove('aws_iam_user_policy_attachments_exclusive'),
    expect: ['exclusivity-removed', 'medium'],
  },
  {
    name: 'put a user into a group that may do more',
    mutate: (plan) => {
      plan.given('aws_iam_user', 'other', {
        arn: 'arn:aws:iam::123456789012:user/other',
        name: 'other',
        path: '/',
        permissions_boundary: null,
      });
      plan.given('aws_iam_group', 'ops', { arn: 'arn:aws:iam::123456789012:group/ops', name: 'ops', path: '/' });
      plan.given('aws_iam_group_policy', 'ops', {
        group: 'ops',
        name: 'ops',
        policy: document(allow('s3:DeleteBucket', BUCKET)),
      });
      plan.add('aws_iam_user_group_membership', 'other', { user: 'other', groups: ['ops'] });
    },
    expect: ['access-widened', 'high'],
  },
  {
    name: 'let a role assume another that may do more',
    mutate: (plan) => {
      const role = (name: string, principal: string) => ({
        arn: `arn:aws:iam::123456789012:role/${name}`,
        name,
        path: '/',
        max_session_duration: 3600,
        assume_role_policy: document({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }),
      });
      const user = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
      plan.given('aws_iam_user', 'ci', { arn: 'arn:aws:iam::123456789012:user/ci', name: 'ci', path: '/' });
      plan.given('aws_iam_role', 'first', role('first', 'arn:aws:iam::123456789012:user/ci'));
      plan.given('aws_iam_role', 'last', role('last', user));
      plan.get('aws_iam_role', '.last').assume_role_policy = document({
        Effect: 'Allow',
        Principal: { AWS: [user, 'arn:aws:iam::123456789012:role/first'] },
        Action: 'sts:AssumeRole',
      });
    },
    expect: ['assume-chain', 'high'],
  },
];
