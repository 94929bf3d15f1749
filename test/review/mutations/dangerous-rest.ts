/** Single changes of what watches and protects an environment, each of which a reviewer has to be told of. */
import { allow } from '../diff/build';
import type { Mutation } from './mutation';

const TRAIL = 'arn:aws:s3:::hermes-dev-trail-123456789012';

export const dangerousRest: readonly Mutation[] = [
  {
    name: 'remove an alert rule',
    mutate: (plan) => plan.remove('aws_cloudwatch_event_rule', 'alerts_iam_change'),
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'switch an alert rule off',
    mutate: (plan) => {
      plan.get('aws_cloudwatch_event_rule', 'alerts_home_tampering').state = 'DISABLED';
    },
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'keep an alert rule from seeing read-only events',
    mutate: (plan) => {
      plan.get('aws_cloudwatch_event_rule', 'alerts_home_failed-ask').state = 'ENABLED';
    },
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'narrow the pattern of an alert rule',
    mutate: (plan) => {
      const rule = plan.get('aws_cloudwatch_event_rule', 'alerts_home_failed-ask');
      rule.event_pattern = String(rule.event_pattern).replace('aws.sts', 'aws.nothing');
    },
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'remove the target of an alert rule',
    mutate: (plan) => plan.remove('aws_cloudwatch_event_target', 'alerts_home_probing'),
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'send an alert elsewhere',
    mutate: (plan) => {
      plan.get('aws_cloudwatch_event_target', 'alerts_home_probing').arn =
        'arn:aws:sns:ap-northeast-2:999999999999:elsewhere';
    },
    expect: ['alert-weakened', 'medium'],
  },
  {
    name: 'remove the topic of the alerts',
    mutate: (plan) => plan.remove('aws_sns_topic', 'alerts_home_topic'),
    expect: ['alert-weakened', 'high'],
  },
  {
    name: 'remove the trail',
    mutate: (plan) => plan.remove('aws_cloudtrail'),
    expect: ['trail-weakened', 'critical'],
  },
  {
    name: 'stop the trail',
    mutate: (plan) => {
      plan.get('aws_cloudtrail').enable_logging = false;
    },
    expect: ['trail-weakened', 'critical'],
  },
  {
    name: 'record one region alone',
    mutate: (plan) => {
      plan.get('aws_cloudtrail').is_multi_region_trail = false;
    },
    expect: ['trail-weakened', 'high'],
  },
  {
    name: 'drop the validation of log files',
    mutate: (plan) => {
      plan.get('aws_cloudtrail').enable_log_file_validation = false;
    },
    expect: ['trail-weakened', 'high'],
  },
  {
    name: 'leave the events of IAM out',
    mutate: (plan) => {
      plan.get('aws_cloudtrail').include_global_service_events = false;
    },
    expect: ['trail-weakened', 'high'],
  },
  {
    name: 'suspend versioning of the trail’s bucket',
    mutate: (plan) => {
      plan.get('aws_s3_bucket_versioning').versioning_configuration = [{ mfa_delete: '', status: 'Suspended' }];
    },
    expect: ['deletion-protection-removed', 'high'],
  },
  {
    name: 'let Terraform empty the trail’s bucket',
    mutate: (plan) => {
      plan.get('aws_s3_bucket', 'aws_s3_bucket.').force_destroy = true;
    },
    expect: ['deletion-protection-removed', 'high'],
  },
  {
    name: 'remove the public access block of the trail’s bucket',
    mutate: (plan) => plan.remove('aws_s3_bucket_public_access_block'),
    expect: ['public-access-unblocked', 'high'],
  },
  {
    name: 'let public policies onto the trail’s bucket',
    mutate: (plan) => {
      plan.get('aws_s3_bucket_public_access_block').block_public_policy = false;
    },
    expect: ['public-access-unblocked', 'high'],
  },
  {
    name: 'open the trail’s bucket to everybody',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        Statement.push({ ...allow('s3:GetObject', `${TRAIL}/*`), Principal: '*' });
      }),
    expect: ['resource-public', 'critical'],
  },
  {
    name: 'open the trail’s bucket to another account',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        Statement.push({ ...allow('s3:GetObject', `${TRAIL}/*`), Principal: { AWS: '999999999999' } });
      }),
    expect: ['resource-cross-account', 'high'],
  },
  {
    name: 'name a session in the bucket policy',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        Statement.push({
          ...allow('s3:GetObject', `${TRAIL}/*`),
          Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/lh-7f3k2q9d' },
        });
      }),
    expect: ['session-arn', 'high'],
  },
  {
    name: 'name a role in the bucket policy',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        Statement.push({
          ...allow('s3:GetObject', `${TRAIL}/*`),
          Principal: { AWS: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy' },
        });
      }),
    expect: ['resource-policy-widened', 'medium'],
  },
  {
    name: 'drop the deny of the bucket policy',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        Statement.pop();
      }),
    expect: ['resource-policy-widened', 'high'],
  },
  {
    name: 'let the trail’s service in on anybody’s behalf',
    mutate: (plan) =>
      plan.document('aws_s3_bucket_policy', '', 'policy', ({ Statement }) => {
        delete Statement[1]?.Condition;
      }),
    expect: ['confused-deputy', 'medium'],
  },
  {
    name: 'let everybody publish alerts',
    mutate: (plan) =>
      plan.document('aws_sns_topic_policy', 'alerts_home', 'policy', ({ Statement }) => {
        for (const statement of Statement) {
          statement.Principal = '*';
          delete statement.Condition;
        }
      }),
    expect: ['resource-public', 'critical'],
  },
  {
    name: 'make an access key',
    mutate: (plan) => plan.add('aws_iam_access_key', 'agent', { user: 'hermes-dev-agent', status: 'Active' }),
    expect: ['access-key-in-state', 'high'],
  },
  {
    name: 'make a console password',
    mutate: (plan) => plan.add('aws_iam_user_login_profile', 'agent', { user: 'hermes-dev-agent' }),
    expect: ['access-key-in-state', 'high'],
  },
  {
    name: 'waive a guardrail',
    mutate: (plan) => {
      const role = plan.manifest.roles['s3-deploy'];
      if (role !== undefined) {
        role.waivers = [{ guardrail: 'one-service', because: 'a migration', until: '2027-03-31' }];
      }
    },
    expect: ['waiver-added', 'medium'],
  },
  {
    name: 'keep a waiver that has run out',
    mutate: (plan) => {
      const role = plan.manifest.roles['s3-deploy'];
      if (role !== undefined) {
        role.waivers = [{ guardrail: 'one-service', because: 'a migration', until: '2026-01-31' }];
      }
    },
    expect: ['waiver-expired', 'high'],
  },
  {
    name: 'let leases last half an hour instead of a quarter',
    mutate: (plan) => {
      const role = plan.manifest.roles['s3-deploy'];
      if (role !== undefined) role.lease = { defaultSeconds: 900, maxSeconds: 1800 };
    },
    expect: ['lease-longer', 'medium'],
  },
  {
    name: 'remove every role',
    mutate: (plan) => {
      for (const { address } of [...plan.resources]) {
        if (/^aws_iam_role/.test(address)) {
          plan.resources.splice(
            plan.resources.findIndex((each) => each.address === address),
            1,
          );
        }
      }
    },
    expect: ['nothing-read', 'critical'],
  },
  {
    name: 'change the environment of the broker',
    mutate: (plan) => {
      const broker = {
        arn: 'arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-dev-broker',
        function_name: 'hermes-dev-broker',
        role: 'arn:aws:iam::123456789012:role/leasehold-broker/hermes-dev-broker',
        source_code_hash: 'a',
        environment: [{ variables: { REVIEWER: 'on' } }],
      };
      plan.given('aws_lambda_function', 'broker', broker).environment = [{ variables: { REVIEWER: 'off' } }];
    },
    expect: ['broker-changed', 'high'],
  },
  {
    name: 'change the code of the broker',
    mutate: (plan) => {
      const broker = {
        arn: 'arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-dev-broker',
        function_name: 'hermes-dev-broker',
        role: 'arn:aws:iam::123456789012:role/leasehold-broker/hermes-dev-broker',
        source_code_hash: 'a',
      };
      plan.given('aws_lambda_function', 'broker', broker).source_code_hash = 'b';
    },
    expect: ['broker-changed', 'medium'],
  },
  {
    name: 'let a role change the code of the broker',
    mutate: (plan) => {
      plan.given('aws_lambda_function', 'broker', {
        arn: 'arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-dev-broker',
        function_name: 'hermes-dev-broker',
        role: 'arn:aws:iam::123456789012:role/leasehold-broker/hermes-dev-broker',
      });
      plan.grant('s3-deploy', allow('lambda:Update*', 'arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-*'));
    },
    expect: ['broker-power-gained', 'critical'],
  },
  {
    name: 'let callers in unsigned',
    mutate: (plan) => {
      const route = { route_key: 'POST /leases', authorization_type: 'AWS_IAM' };
      plan.given('aws_apigatewayv2_route', 'ask', route).authorization_type = 'NONE';
    },
    expect: ['route-authorization-weakened', 'critical'],
  },
  {
    name: 'take a token in place of a signature',
    mutate: (plan) => {
      const route = { route_key: 'POST /leases', authorization_type: 'AWS_IAM' };
      plan.given('aws_apigatewayv2_route', 'ask', route).authorization_type = 'JWT';
    },
    expect: ['route-authorization-weakened', 'high'],
  },
];
