/** What `parameter-scope` relies on, the trust policy demands: no value holds the character that ends or begins it. */
import { roleArn, rolePolicy, trust } from '@leasehold/documents';
import { evaluate, prepare } from '@leasehold/policy';
import { anEnvironment, aParameter, aRole } from '../support/environment';

const GROUP = 'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/${param.group}';
const KEY = 'arn:aws:s3:::data/*/${param.group}.log';

function roleOf(resource: string) {
  const parameters = [aParameter({ name: 'group', pattern: '[a-z0-9-]{1,40}' })];
  return aRole({ parameters, allow: [{ actions: ['s3:GetObject'], resources: [resource], conditions: {} }] });
}

function opens(resource: string, value: string): boolean {
  const role = roleOf(resource);
  const environment = anEnvironment({ roles: [role] });
  const agent = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
  const { outcome } = evaluate(
    {
      action: 'sts:AssumeRole',
      resource: roleArn(role, environment),
      principal: { kind: 'user', arn: agent },
      context: {
        'aws:MultiFactorAuthPresent': 'true',
        'aws:MultiFactorAuthAge': '1',
        'aws:username': 'hermes-dev-agent',
        'aws:RequestTag/lease-id': 'lh-1',
        'aws:RequestTag/reason': 'A reason that is long enough.',
        'aws:RequestTag/param.group': value,
        'aws:TagKeys': ['lease-id', 'reason', 'param.group'],
        'sts:RoleSessionName': 'lh-1',
        'sts:SourceIdentity': 'hermes-dev-agent',
      },
    },
    prepare({
      identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' } }],
      trust: trust(role, environment),
    }),
  );
  return outcome === 'allowed';
}

test.each([
  [GROUP, 'workers', true],
  [GROUP, 'x:autoScalingGroupName/workers', false],
  [GROUP, 'a/workers', false],
  [KEY, 'web', true],
  [KEY, 'a/web', false],
  [KEY, 'web.log', false],
  // Before the first wildcard nothing is behind one.
  ['arn:aws:s3:::data/${param.group}', 'a/web', true],
])('%s with %s: %s', (resource, value, opened) => {
  expect(opens(resource, value)).toBe(opened);
});

test('the policy that is deployed reaches the one group, whatever id AWS made', () => {
  const reaches = (resource: string) =>
    evaluate(
      {
        action: 's3:GetObject',
        resource,
        principal: { kind: 'session', roleArn: 'arn:aws:iam::123456789012:role/r', sessionName: 'lh-1' },
        context: { 'aws:PrincipalTag/param.group': 'web' },
      },
      prepare({ identity: [rolePolicy(roleOf(KEY))] }),
    ).outcome;
  expect(reaches('arn:aws:s3:::data/2026/11/web.log')).toBe('allowed');
  expect(reaches('arn:aws:s3:::data/2026/11/other-web.log')).not.toBe('allowed');
});
