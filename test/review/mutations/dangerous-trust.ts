/** Single changes of who may open a role, each of which a reviewer has to be told of. */
import type { Mutation } from './mutation';
import { document } from './plan';

const OIDC = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
const SERVICE = (service: string) => ({
  Effect: 'Allow' as const,
  Principal: { Service: service },
  Action: 'sts:AssumeRole',
});

export const dangerousTrusts: readonly Mutation[] = [
  {
    name: 'drop the MFA condition',
    mutate: (plan) => plan.lease('s3-deploy', (_, conditions) => delete conditions.Bool),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'turn Bool into BoolIfExists',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.BoolIfExists = conditions.Bool ?? {};
        delete conditions.Bool;
      }),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'ask for MFA to be false',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Bool = { 'aws:MultiFactorAuthPresent': 'false' };
      }),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'take MFA as true or false',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Bool = { 'aws:MultiFactorAuthPresent': ['true', 'false'] };
      }),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'add a second statement without MFA',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        const [lease] = Statement;
        const { Bool: _, ...conditions } = lease?.Condition ?? {};
        if (lease !== undefined) Statement.push({ ...lease, Sid: 'Another', Condition: conditions });
      }),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'drop the Null guard on the token issue time',
    mutate: (plan) => plan.lease('s3-deploy', (_, conditions) => delete conditions.Null),
    expect: ['key-age-weakened', 'high'],
  },
  {
    name: 'turn the Null guard round',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Null = { 'aws:TokenIssueTime': 'false' };
      }),
    expect: ['key-age-weakened', 'high'],
  },
  {
    name: 'let the MFA sign-in be a day old',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.NumericLessThanIfExists = { 'aws:MultiFactorAuthAge': '86400' };
      }),
    expect: ['key-age-weakened', 'high'],
  },
  {
    name: 'drop the limit on the age of the MFA sign-in',
    mutate: (plan) => plan.lease('s3-deploy', (_, conditions) => delete conditions.NumericLessThanIfExists),
    expect: ['key-age-weakened', 'high'],
  },
  {
    name: 'drop the demand for a reason',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => delete conditions.StringLike?.['aws:RequestTag/reason']),
    expect: ['reason-weakened', 'high'],
  },
  {
    name: 'take an empty reason',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.StringLike = { ...conditions.StringLike, 'aws:RequestTag/reason': '*' };
      }),
    expect: ['reason-weakened', 'high'],
  },
  {
    name: 'drop the demand for a lease id',
    mutate: (plan) =>
      plan.lease('cloudwatch-read', (_, conditions) => delete conditions.StringLike?.['aws:RequestTag/lease-id']),
    expect: ['reason-weakened', 'high'],
  },
  {
    name: 'turn StringLike into StringLikeIfExists',
    mutate: (plan) =>
      plan.lease('cloudwatch-read', (_, conditions) => {
        conditions.StringLikeIfExists = conditions.StringLike ?? {};
        delete conditions.StringLike;
      }),
    expect: ['reason-weakened', 'high'],
  },
  {
    name: 'drop the demand for the parameter',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => delete conditions.StringLike?.['aws:RequestTag/param.release']),
    expect: ['tag-demand-weakened', 'high'],
  },
  {
    name: 'let the parameter hold its delimiter',
    mutate: (plan) => plan.lease('s3-deploy', (_, conditions) => delete conditions.StringNotLike),
    expect: ['tag-demand-weakened', 'high'],
  },
  {
    name: 'take any tag keys',
    mutate: (plan) => plan.lease('s3-deploy', (_, conditions) => delete conditions['ForAllValues:StringEquals']),
    expect: ['tag-demand-weakened', 'high'],
  },
  {
    name: 'take one more tag key',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions['ForAllValues:StringEquals'] = { 'aws:TagKeys': ['lease-id', 'reason', 'param.release', 'admin'] };
      }),
    expect: ['tag-demand-weakened', 'high'],
  },
  {
    name: 'turn ForAllValues into ForAnyValue',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions['ForAnyValue:StringEquals'] = conditions['ForAllValues:StringEquals'] ?? {};
        delete conditions['ForAllValues:StringEquals'];
      }),
    expect: ['tag-demand-weakened', 'high'],
  },
  {
    name: 'take any session name',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => delete conditions.StringEquals?.['sts:RoleSessionName']),
    expect: ['session-name-weakened', 'high'],
  },
  {
    name: 'take any source identity',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => delete conditions.StringEquals?.['sts:SourceIdentity']),
    expect: ['session-name-weakened', 'high'],
  },
  {
    name: 'drop all conditions',
    mutate: (plan) => plan.lease('ec2-read', (statement) => delete statement.Condition),
    expect: ['mfa-weakened', 'critical'],
  },
  {
    name: 'let everybody ask: Principal "*"',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = '*';
      }),
    expect: ['trust-public', 'critical'],
  },
  {
    name: 'let everybody ask: Principal { AWS: "*" }',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = { AWS: '*' };
      }),
    expect: ['trust-public', 'critical'],
  },
  {
    name: 'let in everybody but one: NotPrincipal',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        delete statement.Principal;
        statement.NotPrincipal = { AWS: 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent' };
      }),
    expect: ['unknown-policy', 'high'],
  },
  {
    name: 'let in the whole account',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = { AWS: 'arn:aws:iam::123456789012:root' };
      }),
    expect: ['trust-principal-added', 'high'],
  },
  {
    name: 'let in one more user',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = {
          AWS: ['arn:aws:iam::123456789012:user/agents/hermes-dev-agent', 'arn:aws:iam::123456789012:user/mallory'],
        };
      }),
    expect: ['trust-principal-added', 'high'],
  },
  {
    name: 'let in an account from outside',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = { AWS: ['arn:aws:iam::123456789012:user/agents/hermes-dev-agent', '999999999999'] };
      }),
    expect: ['external-account', 'high'],
  },
  {
    name: 'let in an account from outside without any demand',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        Statement.push({
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999999999999:root' },
          Action: 'sts:AssumeRole',
        });
      }),
    expect: ['external-account', 'critical'],
  },
  {
    name: 'let in a service',
    mutate: (plan) => plan.trust('s3-deploy', ({ Statement }) => void Statement.push(SERVICE('lambda.amazonaws.com'))),
    expect: ['trust-principal-added', 'high'],
  },
  {
    name: 'let in Roles Anywhere without naming the trust anchor',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => void Statement.push(SERVICE('rolesanywhere.amazonaws.com'))),
    expect: ['confused-deputy', 'high'],
  },
  {
    name: 'let in tokens of GitHub without a subject',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        Statement.push({
          Effect: 'Allow',
          Principal: { Federated: OIDC },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
        });
      }),
    expect: ['oidc-trust-loose', 'critical'],
  },
  {
    name: 'let in tokens of every repository of an organisation',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        Statement.push({
          Effect: 'Allow',
          Principal: { Federated: OIDC },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
            StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' },
          },
        });
      }),
    expect: ['oidc-trust-loose', 'high'],
  },
  {
    name: 'let in tokens for any audience',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        Statement.push({
          Effect: 'Allow',
          Principal: { Federated: OIDC },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/hermes:ref:refs/heads/main' },
          },
        });
      }),
    expect: ['oidc-trust-loose', 'high'],
  },
  {
    name: 'let sessions last twelve hours',
    mutate: (plan) => {
      plan.get('aws_iam_role', 'role-s3-deploy_').max_session_duration = 43200;
    },
    expect: ['session-longer', 'high'],
  },
  {
    name: 'add a role that opens without a gate, and let the agent ask for it',
    mutate: (plan) => {
      const like = plan.get('aws_iam_role', 'role-ec2-read_');
      const arn = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-extra';
      const user = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
      plan.add('aws_iam_role', 'extra', {
        ...like,
        arn,
        name: 'hermes-dev-extra',
        inline_policy: [],
        assume_role_policy: document({ Effect: 'Allow', Principal: { AWS: user }, Action: 'sts:AssumeRole' }),
      });
      plan.document('aws_iam_policy', 'agent_boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          if (statement.NotResource !== undefined) statement.NotResource = [...[statement.NotResource].flat(), arn];
        }
      });
    },
    expect: ['role-without-gate', 'high'],
  },
  {
    name: 'make the trust known only after apply',
    mutate: (plan) => plan.unknown.set(plan.address('aws_iam_role', 'role-s3-deploy_'), ['assume_role_policy']),
    expect: ['unknown-policy', 'high'],
  },
];
