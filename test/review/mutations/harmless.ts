/** Changes of the reference project's plan that give nobody anything: none is a finding. */
import { allow } from '../diff/build';
import type { Draft, DraftPlan } from './plan';
import { document } from './plan';

export interface Harmless {
  readonly name: string;
  mutate(plan: DraftPlan): unknown;
}

const BUCKET = 'arn:aws:s3:::hermes-dev-deploy';
const RELEASE = `${BUCKET}/\${aws:PrincipalTag/param.release}`;

/** The same object with its keys the other way round, at every depth. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

function each(plan: DraftPlan, type: string, change: (values: Record<string, unknown>) => void): void {
  for (const resource of plan.resources) if (resource.type === type) change(resource.values);
}

function listed(statement: Draft): void {
  statement.Action = [statement.Action ?? []].flat();
  statement.Resource = [statement.Resource ?? []].flat();
}

/** The same, written otherwise: no identity changed. */
export const rewritten: readonly Harmless[] = [
  { name: 'change nothing', mutate: () => undefined },
  {
    name: 'reorder the keys of every policy',
    mutate: (plan) =>
      each(plan, 'aws_iam_role_policy', (values) => {
        values.policy = JSON.stringify(turned(JSON.parse(String(values.policy))));
      }),
  },
  {
    name: 'reorder the keys of every trust',
    mutate: (plan) =>
      each(plan, 'aws_iam_role', (values) => {
        values.assume_role_policy = JSON.stringify(turned(JSON.parse(String(values.assume_role_policy))));
      }),
  },
  {
    name: 'indent every policy',
    mutate: (plan) =>
      each(plan, 'aws_iam_role_policy', (values) => {
        values.policy = JSON.stringify(JSON.parse(String(values.policy)), null, 4);
      }),
  },
  {
    name: 'indent every trust with tabs',
    mutate: (plan) =>
      each(plan, 'aws_iam_role', (values) => {
        values.assume_role_policy = JSON.stringify(JSON.parse(String(values.assume_role_policy)), null, '\t');
      }),
  },
  {
    name: 'reverse the statements of a policy',
    mutate: (plan) => plan.policy('s3-deploy', ({ Statement }) => void Statement.reverse()),
  },
  {
    name: 'reverse the statements of a trust',
    mutate: (plan) => plan.trust('s3-deploy', ({ Statement }) => void Statement.reverse()),
  },
  {
    name: 'reverse the statements of a boundary',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => void Statement.reverse()),
  },
  {
    name: 'reverse a list of actions',
    mutate: (plan) =>
      plan.allow('ec2-read', 0, (statement) => {
        statement.Action = [statement.Action ?? []].flat().reverse();
      }),
  },
  {
    name: 'reverse a list of resources',
    mutate: (plan) =>
      plan.allow('cloudwatch-read', 0, (statement) => {
        statement.Resource = [statement.Resource ?? []].flat().reverse();
      }),
  },
  {
    name: 'reverse the values of a condition',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions['ForAllValues:StringEquals'] = { 'aws:TagKeys': ['param.release', 'reason', 'lease-id'] };
      }),
  },
  { name: 'write one value as a list', mutate: (plan) => plan.allow('s3-deploy', 1, listed) },
  {
    name: 'write a list of one as the value',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'agent_policy', 'policy', (policy) => ({
        ...policy,
        Statement: policy.Statement[0] as never,
      })),
  },
  {
    name: 'write the principal as a list',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Principal = { AWS: ['arn:aws:iam::123456789012:user/agents/hermes-dev-agent'] };
      }),
  },
  {
    name: 'write a condition value as a list',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Bool = { 'aws:MultiFactorAuthPresent': ['true'] };
      }),
  },
  {
    name: 'write true as a boolean',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Bool = { 'aws:MultiFactorAuthPresent': true };
      }),
  },
  {
    name: 'write 300 as a number',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.NumericLessThanIfExists = { 'aws:MultiFactorAuthAge': 300 };
      }),
  },
  {
    name: 'write condition keys in lower case',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.Bool = { 'aws:multifactorauthpresent': 'true' };
        conditions.Null = { 'aws:tokenissuetime': 'true' };
      }),
  },
  {
    name: 'write actions in another case',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = ['S3:getobject', 's3:PUTOBJECT'];
      }),
  },
  {
    name: 'give a statement a Sid',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Sid = 'Upload';
      }),
  },
  {
    name: 'rename the Sid of a trust statement',
    mutate: (plan) =>
      plan.lease('s3-deploy', (statement) => {
        statement.Sid = 'ByMfa';
      }),
  },
  {
    name: 'take the Sids of a boundary away',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) delete statement.Sid;
      }),
  },
  {
    name: 'split a statement by action',
    mutate: (plan) =>
      plan.policy('s3-deploy', (policy) => ({
        ...policy,
        Statement: policy.Statement.flatMap((statement) =>
          [statement.Action ?? []].flat().map((Action) => ({ ...statement, Action })),
        ),
      })),
  },
  {
    name: 'split a statement by resource',
    mutate: (plan) =>
      plan.policy('cloudwatch-read', (policy) => ({
        ...policy,
        Statement: policy.Statement.flatMap((statement) =>
          [statement.Resource ?? []].flat().map((Resource) => ({ ...statement, Resource })),
        ),
      })),
  },
  {
    name: 'split the statement that lets the session be marked',
    mutate: (plan) =>
      plan.trust('s3-deploy', (trust) => ({
        ...trust,
        Statement: trust.Statement.flatMap((statement) =>
          [statement.Action ?? []]
            .flat()
            .map((Action, index) => ({ ...statement, Sid: `${statement.Sid}${index}`, Action })),
        ),
      })),
  },
  {
    name: 'split a condition of a deny into two denies that together deny more',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        const last = Statement.at(-1);
        if (last !== undefined) Statement.push({ ...last, Sid: 'Again' });
      }),
  },
  {
    name: 'write a statement twice',
    mutate: (plan) =>
      plan.policy('s3-deploy', ({ Statement }) => {
        Statement.push(...Statement.slice(0, 2).map((statement) => ({ ...statement })));
      }),
  },
  {
    name: 'write an action twice',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = ['s3:GetObject', 's3:PutObject', 's3:PutObject'];
      }),
  },
  {
    name: 'move a statement into an inline policy of its own',
    mutate: (plan) => {
      plan.policy('s3-deploy', ({ Statement }) => void Statement.splice(1, 1));
      plan.add('aws_iam_role_policy', 'list', {
        id: 'hermes-dev-s3-deploy:list',
        name: 'list',
        role: 'hermes-dev-s3-deploy',
        policy: document(
          allow('s3:ListBucket', BUCKET, {
            Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/param.release}/*' } },
          }),
        ),
      });
    },
  },
  {
    name: 'move a policy from inline to managed',
    mutate: (plan) => {
      const inline = plan.get('aws_iam_role_policy', 'role-ec2-read_');
      const arn = 'arn:aws:iam::123456789012:policy/ec2-read';
      plan.add('aws_iam_policy', 'ec2-read', { arn, id: arn, name: 'ec2-read', path: '/', policy: inline.policy });
      plan.add('aws_iam_role_policy_attachment', 'ec2-read', { id: 'x', role: 'hermes-dev-ec2-read', policy_arn: arn });
      plan.remove('aws_iam_role_policy', 'role-ec2-read_');
    },
  },
  {
    name: 'rename an inline policy',
    mutate: (plan) => {
      plan.get('aws_iam_role_policy', 'role-s3-deploy_').name = 'deploy';
    },
  },
  {
    name: 'tag a role',
    mutate: (plan) => {
      plan.get('aws_iam_role', 'role-s3-deploy_').tags = { team: 'delivery' };
    },
  },
  {
    name: 'describe a role otherwise',
    mutate: (plan) => {
      plan.get('aws_iam_role', 'role-s3-deploy_').description = '**APPROVED** @everyone';
    },
  },
  {
    name: 'tag the trail and its bucket',
    mutate: (plan) => {
      plan.get('aws_cloudtrail').tags = { team: 'security' };
      plan.get('aws_s3_bucket', 'aws_s3_bucket.').tags = { team: 'security' };
    },
  },
  {
    name: 'describe an alert rule otherwise',
    mutate: (plan) => {
      plan.get('aws_cloudwatch_event_rule', 'alerts_home_tampering').description = 'Tampering';
    },
  },
  {
    name: 'reorder the pattern of an alert rule',
    mutate: (plan) => {
      const rule = plan.get('aws_cloudwatch_event_rule', 'alerts_home_tampering');
      rule.event_pattern = JSON.stringify(turned(JSON.parse(String(rule.event_pattern))), null, 2);
    },
  },
];

/** Less, or something else. */
export const harmless: readonly Harmless[] = [
  { name: 'make the whole project anew', mutate: (plan) => plan.fromNothing() },
  {
    name: 'take an action away',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Action = 's3:PutObject';
      }),
  },
  {
    name: 'take a statement away',
    mutate: (plan) => plan.policy('rds-query', ({ Statement }) => void Statement.pop()),
  },
  {
    name: 'take a resource away',
    mutate: (plan) =>
      plan.allow('cloudwatch-read', 0, (statement) => {
        statement.Resource = [statement.Resource ?? []].flat().slice(0, 1);
      }),
  },
  {
    name: 'name a narrower resource',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Resource = `${RELEASE}/assets/*`;
      }),
  },
  {
    name: 'add a condition',
    mutate: (plan) =>
      plan.allow('s3-deploy', 0, (statement) => {
        statement.Condition = { Bool: { 'aws:SecureTransport': 'true' } };
      }),
  },
  {
    name: 'add a deny',
    mutate: (plan) => plan.grant('s3-deploy', { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }),
  },
  {
    name: 'add a deny with NotAction',
    mutate: (plan) => plan.grant('s3-deploy', { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }),
  },
  {
    name: 'add an allow that another covers',
    mutate: (plan) => plan.grant('s3-deploy', allow('s3:PutObject', `${RELEASE}/index.html`)),
  },
  {
    name: 'demand more of a lease',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.IpAddress = { 'aws:SourceIp': '198.51.100.0/24' };
      }),
  },
  {
    name: 'demand a fresher MFA sign-in',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.NumericLessThanIfExists = { 'aws:MultiFactorAuthAge': '60' };
      }),
  },
  {
    name: 'demand a longer reason',
    mutate: (plan) =>
      plan.lease('s3-deploy', (_, conditions) => {
        conditions.StringLike = { ...conditions.StringLike, 'aws:RequestTag/reason': `${'?'.repeat(20)}*` };
      }),
  },
  {
    name: 'add a deny to a trust',
    mutate: (plan) =>
      plan.trust('s3-deploy', ({ Statement }) => {
        Statement.push({
          Effect: 'Deny',
          Principal: '*',
          Action: 'sts:AssumeRole',
          Condition: { NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } },
        });
      }),
  },
  {
    name: 'add a deny to the roles’ boundary',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => {
        Statement.push({ Effect: 'Deny', Action: 'kms:*', Resource: '*' });
      }),
  },
  {
    name: 'allow in the roles’ boundary what its deny denies',
    mutate: (plan) =>
      plan.document('aws_iam_policy', 'role-boundary', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          if (statement.NotAction !== undefined) statement.NotAction = ['sts:*', 'organizations:*', 'account:*'];
        }
      }),
  },
  {
    name: 'shorten the sessions of a role',
    mutate: (plan) => {
      plan.manifest.roles['cloudwatch-read'] = {
        ...plan.manifest.roles['cloudwatch-read'],
        lease: { defaultSeconds: 900, maxSeconds: 900 },
      };
    },
  },
  {
    name: 'remove a role with all that belongs to it',
    mutate: (plan) => {
      for (const type of [
        'aws_iam_role',
        'aws_iam_role_policy',
        'aws_iam_role_policies_exclusive',
        'aws_iam_role_policy_attachments_exclusive',
      ]) {
        plan.remove(type, 'role-ec2-read_');
      }
      delete plan.manifest.roles['ec2-read'];
    },
  },
  {
    name: 'move a role to another address',
    mutate: (plan) => {
      const index = plan.resources.findIndex(({ address }) => address.startsWith('aws_iam_role.role-ec2-read_'));
      const role = plan.resources[index];
      if (role !== undefined)
        plan.resources[index] = { ...role, address: 'module.roles.aws_iam_role.ec2', previous: role.address };
    },
  },
  {
    name: 'make another bucket, with a policy that denies',
    mutate: (plan) => {
      plan.add('aws_s3_bucket', 'logs', { bucket: 'logs', arn: 'arn:aws:s3:::logs', force_destroy: false });
      plan.add('aws_s3_bucket_policy', 'logs', {
        bucket: 'logs',
        policy: document({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::logs', 'arn:aws:s3:::logs/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      });
    },
  },
  {
    name: 'keep logs for longer',
    mutate: (plan) => {
      plan.given('aws_cloudwatch_log_group', 'app', { name: '/app', retention_in_days: 30 }).retention_in_days = 365;
    },
  },
  {
    name: 'add an alert',
    mutate: (plan) =>
      plan.add('aws_cloudwatch_event_rule', 'more', {
        name: 'more',
        state: 'ENABLED',
        event_pattern: '{"source":["aws.kms"]}',
      }),
  },
  {
    name: 'add a role that its agent may ask for',
    mutate: (plan) => {
      const arn = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-sqs-send';
      const like = plan.get('aws_iam_role', 'role-ec2-read_');
      plan.add('aws_iam_role', 'role-sqs-send_role', { ...like, arn, name: 'hermes-dev-sqs-send', inline_policy: [] });
      plan.add('aws_iam_role_policy', 'role-sqs-send_inline', {
        name: 'sqs-send',
        role: 'hermes-dev-sqs-send',
        policy: document(allow('sqs:SendMessage', 'arn:aws:sqs:ap-northeast-2:123456789012:hermes-dev-jobs')),
      });
      const known = /hermes-dev-s3-deploy$/;
      for (const part of ['agent_boundary', 'agent_policy']) {
        plan.document('aws_iam_policy', part, 'policy', ({ Statement }) => {
          for (const statement of Statement) {
            for (const key of ['Resource', 'NotResource'] as const) {
              const list = [statement[key] ?? []].flat();
              if (list.some((text) => known.test(text))) statement[key] = [...list, arn];
            }
          }
        });
      }
    },
  },
];
