/** The stack of a broker, as Terraform reads it. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { ROUTES } from '@leasehold/contract/routes';
import {
  alertTopicPolicy,
  brokerBoundary,
  brokerConfig,
  brokerPermissions,
  manifest,
  NO_DENIALS,
  outcomesBoundary,
  outcomesPermissions,
  outcomesTrust,
  PERSON_KINDS,
  personBoundary,
  personPermissions,
  personTrust,
  revocationPolicy,
  revocationPolicyArn,
  roleBoundary,
  roleName,
  rolesWithRevocationPolicy,
} from '@leasehold/documents';
import type { Alerts, Environment } from '../../../lib/definitions/model';
import { aBroker, aBrokerEnvironment } from '../../support/broker-environment';
import { brokerStack } from '../../support/broker-stack';
import { type Attributes, resourcesOf, type StackJson, synthStack, unescaped } from '../../support/synth';

const alerts: Alerts = { emails: ['security@example.com'], trail: 'create' };
const environment = aBrokerEnvironment({ alerts });
const { stack, archive, text } = brokerStack(environment);
const OPENAI = {
  provider: 'openai',
  model: 'gpt-5',
  endpoint: 'https://api.openai.com/v1',
  key: true,
  timeoutSeconds: 10,
} as const;

describe('the function', () => {
  const lambda = the(stack, 'aws_lambda_function');

  it('runs on arm64 and Node 22, traced, for less time than the API waits', () => {
    expect(lambda).toMatchObject({
      function_name: 'hermes-dev-broker',
      role: 'arn:aws:iam::123456789012:role/leasehold-broker/hermes-dev-broker',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      timeout: 29,
      memory_size: 512,
      tracing_config: { mode: 'Active' },
    });
  });

  it('is the archive beside the stack, whose hash the plan shows', () => {
    expect(lambda.filename).toBe('broker.zip');
    expect(lambda.source_code_hash).toBe(createHash('sha256').update(archive).digest('base64'));
  });

  it('logs for a year, and so does its API', () => {
    expect(
      resourcesOf(stack, 'aws_cloudwatch_log_group').map(({ name, retention_in_days }) => [name, retention_in_days]),
    ).toEqual([
      ['/aws/vendedlogs/hermes-dev-broker', 365],
      ['/aws/lambda/hermes-dev-broker', 365],
    ]);
  });

  it('is changed by another definition, and by nothing that it does not read', () => {
    const hashOf = (other: Environment) => the(brokerStack(other).stack, 'aws_lambda_function').source_code_hash;
    expect(hashOf({ ...environment, approvers: ['lead'] })).not.toBe(lambda.source_code_hash);
    const backend = { type: 's3', bucket: 'b', key: 'k', region: 'eu-west-1' } as const;
    expect(hashOf({ ...environment, backend, alerts: { ...alerts, emails: [] } })).toBe(lambda.source_code_hash);
  });

  it('may be called by its API and by its schedule, and by nothing else', () => {
    const [api] = Object.keys(stack.resource.aws_apigatewayv2_api ?? {});
    expect(
      resourcesOf(stack, 'aws_lambda_permission').map(({ action, function_name, principal, source_arn }) => [
        action,
        function_name,
        principal,
        source_arn,
      ]),
    ).toEqual([
      [
        'lambda:InvokeFunction',
        'hermes-dev-broker',
        'apigateway.amazonaws.com',
        `\${aws_apigatewayv2_api.${api}.execution_arn}/leasehold-hermes-dev/*`,
      ],
      [
        'lambda:InvokeFunction',
        'hermes-dev-broker',
        'events.amazonaws.com',
        'arn:aws:events:ap-northeast-2:123456789012:rule/hermes-dev-sweep',
      ],
    ]);
  });
});

describe('the API', () => {
  it('has each route of the route table, and no other; IAM says yes or no to each', () => {
    const routes = resourcesOf(stack, 'aws_apigatewayv2_route');
    expect(routes.map(({ route_key }) => route_key).sort()).toEqual(
      Object.values(ROUTES)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
    expect(new Set(routes.map(({ authorization_type }) => authorization_type))).toEqual(new Set(['AWS_IAM']));
  });

  it('is throttled, most where a call can be held open, and logs who called and nothing that a caller writes', () => {
    const stage = the(stack, 'aws_apigatewayv2_stage');
    expect(stage).toMatchObject({
      name: 'leasehold-hermes-dev',
      auto_deploy: true,
      default_route_settings: { throttling_rate_limit: 500, throttling_burst_limit: 1000 },
      route_settings: [{ route_key: 'GET /leases/{lease}', throttling_rate_limit: 25, throttling_burst_limit: 100 }],
    });
    const { format } = stage.access_log_settings as Attributes;
    expect(format).toContain('$context.identity.userArn');
    expect(format).not.toMatch(/query|body|requestOverride|context\.path/i);
  });
});

describe('the tables', () => {
  const [events, projections] = resourcesOf(stack, 'aws_dynamodb_table');

  it('cost nothing at rest and lose nothing', () => {
    for (const table of [events, projections]) {
      expect(table).toMatchObject({
        billing_mode: 'PAY_PER_REQUEST',
        server_side_encryption: { enabled: true },
        point_in_time_recovery: { enabled: true },
        deletion_protection_enabled: true,
      });
    }
  });

  it('hold events by lease and sequence, tell what is new, and never let one expire', () => {
    expect(events).toMatchObject({
      name: 'hermes-dev-lease-events',
      hash_key: 'lease',
      range_key: 'sequence',
      stream_enabled: true,
      stream_view_type: 'NEW_IMAGE',
      global_secondary_index: ['open', 'requester', 'role'].map((name) => ({
        name,
        hash_key: name,
        range_key: 'at',
        projection_type: 'KEYS_ONLY',
      })),
    });
    expect(events?.ttl).toBeUndefined();
  });

  it('hold projections, which expire', () => {
    expect(projections).toMatchObject({
      name: 'hermes-dev-broker-projections',
      hash_key: 'pk',
      range_key: 'sk',
      ttl: { attribute_name: 'ttl', enabled: true },
    });
  });
});

describe('the reviewer’s key', () => {
  it('has a place, and no value, where the reviewer takes one', () => {
    const keyed = brokerStack(aBrokerEnvironment({ broker: aBroker({ reviewer: OPENAI }) }));
    expect(the(keyed.stack, 'aws_secretsmanager_secret').name).toBe('leasehold/hermes-dev/reviewer');
    expect(Object.keys(keyed.stack.resource)).not.toContain('aws_secretsmanager_secret_version');
  });

  it.each([
    ['is a model of Bedrock', aBroker()],
    ['takes no key', aBroker({ reviewer: { ...OPENAI, key: false } })],
  ])('has no place where the reviewer %s', (_, broker) => {
    expect(resourcesOf(brokerStack(aBrokerEnvironment({ broker })).stack, 'aws_secretsmanager_secret')).toEqual([]);
  });
});

describe('what happens by itself', () => {
  it('is a sweep every minute', () => {
    const rules = resourcesOf(stack, 'aws_cloudwatch_event_rule').filter(({ name }) => name === 'hermes-dev-sweep');
    expect(rules).toMatchObject([{ schedule_expression: 'rate(1 minute)' }]);
    const targets = resourcesOf(stack, 'aws_cloudwatch_event_target').filter(({ rule }) => rule === 'hermes-dev-sweep');
    expect(targets).toMatchObject([
      {
        arn: 'arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-dev-broker',
        input: '{"source":"leasehold.sweep"}',
      },
    ]);
  });

  it('is that outcomes are told, from the stream to the bus', () => {
    const [table] = Object.keys(stack.resource.aws_dynamodb_table ?? {});
    expect(the(stack, 'aws_pipes_pipe')).toMatchObject({
      role_arn: 'arn:aws:iam::123456789012:role/leasehold-outcomes/hermes-dev-outcomes',
      source: `\${aws_dynamodb_table.${table}.stream_arn}`,
      target: 'arn:aws:events:ap-northeast-2:123456789012:event-bus/hermes-dev-broker',
    });
    expect(the(stack, 'aws_cloudwatch_event_bus').name).toBe('hermes-dev-broker');
  });

  it('is that people hear of a record that was changed, and of every alarm', () => {
    const topic = 'arn:aws:sns:ap-northeast-2:123456789012:hermes-dev-alerts';
    const changed = 'hermes-dev-record-changed';
    expect(resourcesOf(stack, 'aws_cloudwatch_event_target').filter(({ rule }) => rule === changed)).toMatchObject([
      { arn: topic, event_bus_name: 'hermes-dev-broker' },
    ]);
    const alarms = resourcesOf(stack, 'aws_cloudwatch_metric_alarm');
    expect(alarms.map(({ metric_name }) => metric_name).sort()).toEqual([
      'Errors',
      'ExecutionFailed',
      'Failed',
      'IssueLatency',
      'LeaseDenied',
      'Throttled',
      'Throttles',
    ]);
    for (const { alarm_actions } of alarms) expect(alarm_actions).toEqual([topic]);
    const policies = resourcesOf(stack, 'aws_sns_topic_policy').map(({ policy }) => unescaped(policy));
    expect(policies).toContain(JSON.stringify(alertTopicPolicy(environment, alerts, environment.region)));
  });

  it('tells nobody where there are no alerts', () => {
    const quiet = brokerStack(aBrokerEnvironment()).stack;
    for (const { alarm_actions } of resourcesOf(quiet, 'aws_cloudwatch_metric_alarm')) {
      expect(alarm_actions).toBeUndefined();
    }
    expect(resourcesOf(quiet, 'aws_cloudwatch_event_rule').map(({ name }) => name)).toEqual(['hermes-dev-sweep']);
  });
});

describe('the documents in the stack', () => {
  it('are those that lib/documents derives, to the letter', () => {
    const managed = new Set(resourcesOf(stack, 'aws_iam_policy').map(({ policy }) => unescaped(policy)));
    const trusts = new Set(resourcesOf(stack, 'aws_iam_role').map(({ assume_role_policy: t }) => unescaped(t)));
    const inline = new Set(resourcesOf(stack, 'aws_iam_role_policy').map(({ policy }) => unescaped(policy)));
    const expected = [
      ...brokerPermissions(environment),
      brokerBoundary(environment),
      outcomesBoundary(environment),
      revocationPolicy(NO_DENIALS, environment),
      ...rolesWithRevocationPolicy(environment).map((role) => roleBoundary(role, environment)),
      ...PERSON_KINDS.flatMap((kind) => [personBoundary(kind, environment), ...personPermissions(kind, environment)]),
    ];
    for (const document of expected) expect(managed).toContain(JSON.stringify(document));
    for (const kind of PERSON_KINDS) expect(trusts).toContain(JSON.stringify(personTrust(kind, environment)));
    expect(trusts).toContain(JSON.stringify(outcomesTrust(environment)));
    expect(inline).toContain(JSON.stringify(outcomesPermissions(environment)));
  });

  it('are managed by Terraform, except the one that the broker writes, whose attachments it manages', () => {
    const ignoring = Object.values(stack.resource).flatMap((named) =>
      Object.values(named).flatMap(({ name, lifecycle }) => (lifecycle === undefined ? [] : [[name, lifecycle]])),
    );
    expect(ignoring).toEqual([['hermes-dev-revoked', { ignore_changes: ['policy'] }]]);
    const brokered = environment.roles.filter(({ gates }) => gates.includes('broker'));
    const exclusive = new Map(
      resourcesOf(stack, 'aws_iam_role_policy_attachments_exclusive').map((each) => [each.role_name, each.policy_arns]),
    );
    expect(brokered.length).toBeGreaterThan(0);
    for (const role of environment.roles) {
      const arns = brokered.includes(role) ? [revocationPolicyArn(environment)] : [];
      expect(exclusive.get(roleName(role, environment))).toEqual(arns);
    }
  });

  it('are attached to bounded roles, on paths that no agent’s boundary reaches', () => {
    const roles = resourcesOf(stack, 'aws_iam_role');
    const beside = roles.filter(({ path }) => !String(path).startsWith('/leasehold/') && path !== '/agents/');
    expect(beside.map(({ path, name }) => `${path}${name}`).sort()).toEqual([
      '/leasehold-broker/hermes-dev-broker',
      '/leasehold-outcomes/hermes-dev-outcomes',
      '/leasehold-people/hermes-dev-administrator',
      '/leasehold-people/hermes-dev-approver',
      '/leasehold-people/hermes-dev-requester',
    ]);
    for (const { permissions_boundary } of roles) expect(permissions_boundary).toMatch(/-boundary$/);
  });

  it('leave a workload with its policy, and one that may ask for nothing without', () => {
    const attached = resourcesOf(stack, 'aws_iam_role_policy_attachment').map(({ role }) => role);
    expect(attached).toContain('hermes-dev-worker');
    expect(attached).not.toContain('hermes-dev-idle');
  });

  it('have no role for a kind of people that nobody is of', () => {
    const alone = aBrokerEnvironment({ principals: [] });
    const names = resourcesOf(brokerStack(alone).stack, 'aws_iam_role').map(({ name }) => name);
    expect(names).toContain('hermes-dev-approver');
    expect(names).not.toContain('hermes-dev-requester');
    expect(names).not.toContain('hermes-dev-administrator');
  });
});

describe('the stack', () => {
  it('leaves the tags alone that take leases back, in every region', () => {
    expect(stack.provider.aws).toHaveLength(2);
    for (const { ignore_tags } of stack.provider.aws) expect(ignore_tags).toEqual([{ key_prefixes: ['revoked.'] }]);
  });

  it('tells clients the API’s address, which Terraform fills in, and everything else to the letter', () => {
    const [stage] = Object.keys(stack.resource.aws_apigatewayv2_stage ?? {});
    const url = `\${aws_apigatewayv2_stage.${stage}.invoke_url}`;
    const { value } = stack.output.leasehold ?? {};
    expect(JSON.parse(unescaped(JSON.stringify(value)))).toEqual(manifest(environment, url));
    expect(JSON.stringify(value)).toContain(`"url":"${url}"`);
  });

  it('refers to what AWS makes up, and to nothing else', () => {
    const references = [...text.matchAll(/(?<!\$)\$\{([a-z0-9_]+)\.[^.}]+\.([a-z_]+)\}/g)].map(
      ([, type, attribute]) => `${type}.${attribute}`,
    );
    expect([...new Set(references)].sort()).toEqual([
      'aws_apigatewayv2_api.execution_arn',
      'aws_apigatewayv2_api.id',
      'aws_apigatewayv2_integration.id',
      'aws_apigatewayv2_stage.invoke_url',
      'aws_dynamodb_table.stream_arn',
      'aws_kms_key.arn',
      'aws_kms_key.key_id',
    ]);
  });

  it('is the same bytes in another folder, archive and all, and names no folder', () => {
    const again = brokerStack(environment);
    expect(again.text).toBe(text);
    expect(Buffer.from(again.archive).equals(archive)).toBe(true);
    for (const path of [tmpdir(), process.cwd(), process.execPath]) expect(text).not.toContain(path);
  });

  it('is as it was where the project has no broker, though a role waits for one', () => {
    const { broker: _, ...without } = aBrokerEnvironment();
    const waiting = synthStack(without);
    expect(Object.keys(waiting.resource).filter((type) => !type.startsWith('aws_iam_'))).toEqual([]);
    expect(waiting.provider.aws).toEqual([expect.not.objectContaining({ ignore_tags: expect.anything() })]);
    expect(waiting.output.leasehold?.value).not.toHaveProperty('broker');
    expect(resourcesOf(waiting, 'aws_iam_role').map(({ name }) => name)).toContain('hermes-dev-broker');
  });

  it('deploys a broker before there is a role for it', () => {
    const empty = aBrokerEnvironment({ roles: [] });
    expect(resourcesOf(brokerStack(empty).stack, 'aws_lambda_function')).toHaveLength(1);
    expect(brokerConfig(empty)).toContain('"roles":[]');
  });
});

/** The one resource of a type. */
function the(from: StackJson, type: string): Attributes {
  const [only, ...others] = resourcesOf(from, type);
  if (only === undefined || others.length > 0) throw new Error(`the stack has ${others.length + 1} ${type}`);
  return only;
}
