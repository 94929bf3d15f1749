/** People are told when what opens the roles is changed, by whomever. */

import { alertRules, alertTopicPolicy } from '@leasehold/documents';
import type { Alerts } from '../../../lib/definitions/model';
import { aBroker, aBrokerEnvironment } from '../../support/broker-environment';
import { type Json, matchesEvent } from '../../support/event-pattern';
import { somePeople } from '../../support/people-environment';

const alerts: Alerts = { emails: ['security@example.com'], trail: 'create' };
const environment = aBrokerEnvironment({ alerts, broker: aBroker({ people: somePeople() }) });
const ACCOUNT = 'ap-northeast-2:123456789012';

/** Names of the rules that an administrator's call sets off in the broker's region. */
function raised(source: string, eventName: string, requestParameters: Json): readonly string[] {
  const event = {
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${source}`,
    detail: {
      eventSource: `${source}.amazonaws.com`,
      eventName,
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/bob' },
      requestParameters,
    },
  };
  return alertRules(environment, alerts, environment.region)
    .filter(({ pattern }) => matchesEvent(pattern, event))
    .map(({ name }) => name);
}

it.each<[string, string, string, Json]>([
  ['the code', 'lambda', 'UpdateFunctionCode20150331v2', { functionName: 'hermes-dev-broker' }],
  [
    'the code, by ARN',
    'lambda',
    'UpdateFunctionCode20150331v2',
    { functionName: `arn:aws:lambda:${ACCOUNT}:function:hermes-dev-broker:live` },
  ],
  ['the code of the console', 'lambda', 'UpdateFunctionCode20150331v2', { functionName: 'hermes-dev-console' }],
  [
    'the variables of the console, by ARN',
    'lambda',
    'UpdateFunctionConfiguration20150331v2',
    { functionName: `arn:aws:lambda:${ACCOUNT}:function:hermes-dev-console` },
  ],
  ['who may call the function', 'lambda', 'AddPermission20150331v2', { functionName: 'hermes-dev-broker' }],
  ['the protection of the events', 'dynamodb', 'UpdateTable', { tableName: 'hermes-dev-lease-events' }],
  [
    'the policy of the projections, by ARN',
    'dynamodb',
    'DeleteTable',
    { tableName: `arn:aws:dynamodb:${ACCOUNT}:table/hermes-dev-broker-projections` },
  ],
  [
    'the policy that keeps others from writing events',
    'dynamodb',
    'DeleteResourcePolicy',
    { resourceArn: `arn:aws:dynamodb:${ACCOUNT}:table/hermes-dev-lease-events` },
  ],
  [
    'the policy of the projections',
    'dynamodb',
    'PutResourcePolicy',
    { resourceArn: `arn:aws:dynamodb:${ACCOUNT}:table/hermes-dev-broker-projections` },
  ],
  ['where the alias of the key leads', 'kms', 'UpdateAlias', { aliasName: 'alias/leasehold/hermes-dev/records' }],
  ['the reviewer’s key', 'secretsmanager', 'PutSecretValue', { secretId: 'leasehold/hermes-dev/reviewer' }],
  [
    'the reviewer’s key, by ARN',
    'secretsmanager',
    'DeleteSecret',
    { secretId: `arn:aws:secretsmanager:${ACCOUNT}:secret:leasehold/hermes-dev/reviewer-AbCdEf` },
  ],
  ['the stage', 'apigateway', 'UpdateStage', { apiId: 'a1b2c3d4e5', stageName: 'leasehold-hermes-dev' }],
  ['another API of that name', 'apigateway', 'CreateApi', { name: 'hermes-dev-broker' }],
  ['the pipe', 'pipes', 'StopPipe', { name: 'hermes-dev-outcomes' }],
  ['a rule of the bus', 'events', 'PutRule', { name: 'listen', eventBusName: 'hermes-dev-broker' }],
])('a change of %s raises an alert', (_, source, eventName, parameters) => {
  expect(raised(source, eventName, parameters)).toEqual(['broker-change']);
});

it('a change of the sweep or of the bus is one of what tells people, too', () => {
  expect(raised('events', 'DisableRule', { name: 'hermes-dev-sweep' })).toEqual(['tampering']);
  expect(raised('events', 'DeleteEventBus', { name: 'hermes-dev-broker' })).toEqual(['tampering', 'broker-change']);
});

it.each<[string, string, string, Json]>([
  ['another function', 'lambda', 'UpdateFunctionCode20150331v2', { functionName: 'payments' }],
  ['a function whose name begins alike', 'lambda', 'DeleteFunction20150331', { functionName: 'hermes-dev-broker-2' }],
  ['another table', 'dynamodb', 'UpdateTable', { tableName: 'orders' }],
  ['another secret', 'secretsmanager', 'PutSecretValue', { secretId: 'leasehold/hermes-prod/reviewer' }],
  ['another stage', 'apigateway', 'UpdateStage', { apiId: 'a1b2c3d4e5', stageName: 'prod' }],
])('a change of %s does not', (_, source, eventName, parameters) => {
  expect(raised(source, eventName, parameters)).toEqual([]);
});

it('stands where the broker is, and only where there is one', () => {
  const names = (where: typeof environment, region: string) =>
    alertRules(where, alerts, region).map(({ name }) => name);
  const { broker: _, ...without } = environment;
  expect(names(environment, 'ap-northeast-2')).toContain('broker-change');
  expect(names(environment, 'us-east-1')).not.toContain('broker-change');
  expect(names(without, 'ap-northeast-2')).not.toContain('broker-change');
});

it('fits into what EventBridge takes, and may tell the topic', () => {
  for (const { pattern } of alertRules(environment, alerts, environment.region)) {
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
  }
  const policy = JSON.stringify(alertTopicPolicy(environment, alerts, environment.region));
  expect(policy).toContain(`arn:aws:events:${ACCOUNT}:rule/hermes-dev-broker-change`);
});

it.each<[string, string, boolean]>([
  [
    'invoking the function',
    '{"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:*:*:function:hermes-dev-broker"}',
    true,
  ],
  [
    'writing events',
    '{"Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:*:*:table/hermes-dev-lease-events"}',
    true,
  ],
  [
    'changing the console',
    '{"Action":"lambda:UpdateFunctionCode","Resource":"arn:aws:lambda:*:*:function:hermes-dev-console"}',
    true,
  ],
  ['taking on the function’s role', '{"Action":"sts:AssumeRole","Resource":"*/hermes-dev-broker"}', true],
  ['a bucket', '{"Action":"s3:GetObject","Resource":"*"}', false],
])('a policy of anybody that names %s raises an alert', (_, policyDocument, isTold) => {
  const region = 'us-east-1';
  const event = {
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    detail: {
      eventSource: 'iam.amazonaws.com',
      eventName: 'PutUserPolicy',
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/bob' },
      requestParameters: { userName: 'mallory', policyName: 'p', policyDocument },
    },
  };
  const told = alertRules(environment, alerts, region).filter(({ pattern }) => matchesEvent(pattern, event));
  expect(told.map(({ name }) => name)).toEqual(isTold ? ['change'] : []);
});
