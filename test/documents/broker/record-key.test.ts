/** Whoever is not the function writes no record, and makes no MAC, whatever IAM policies the account has. */
import { brokerRoleArn, eventsTableName, projectionsTableName, tableArn } from '@leasehold/documents';
import { evaluate, type PolicyDocument, prepare } from '@leasehold/policy';
import { brokerBoundary, brokerPermissions } from '../../../lib/documents/broker/permissions';
import {
  eventsTablePolicy,
  projectionsTablePolicy,
  recordKeyAlias,
  recordKeyPolicy,
} from '../../../lib/documents/broker/record-key';
import { aBrokerEnvironment } from '../../support/broker-environment';
import { expectGolden } from '../../support/golden';

const environment = aBrokerEnvironment();
const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
};
const FUNCTION = { identity: brokerPermissions(environment), boundary: brokerBoundary(environment) };
const ADMINISTRATOR = { identity: [EVERYTHING] };
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const EVENTS = tableArn(eventsTableName(environment), environment);
const PROJECTIONS = tableArn(projectionsTableName(environment), environment);

type Who = 'function' | 'administrator';

/** Whether AWS lets them, with everything attached to everybody but the function. */
function outcome(
  who: Who,
  action: string,
  resource: string,
  policy: PolicyDocument,
  aliases: readonly string[] = [],
): string {
  const principal =
    who === 'function'
      ? ({ kind: 'session', roleArn: brokerRoleArn(environment), sessionName: 'broker' } as const)
      : ({ kind: 'user', arn: 'arn:aws:iam::123456789012:user/bob' } as const);
  const context = { 'kms:ResourceAliases': [...aliases], 'kms:CallerAccount': '123456789012' };
  const policies = { ...(who === 'function' ? FUNCTION : ADMINISTRATOR), resource: policy };
  return evaluate({ action, resource, principal, context }, prepare(policies)).outcome;
}

const OURS = [recordKeyAlias(environment)];

it.each<[Who, string, boolean]>([
  ['function', 'kms:GenerateMac', true],
  ['administrator', 'kms:GenerateMac', false],
  ['administrator', 'kms:VerifyMac', false],
  ['administrator', 'kms:CreateGrant', false],
  ['function', 'kms:CreateGrant', false],
  ['function', 'kms:PutKeyPolicy', false],
  ['function', 'kms:VerifyMac', false],
])('of the key: %s %s: %s', (who, action, isAllowed) => {
  const found = outcome(who, action, KEY, recordKeyPolicy(environment), OURS);
  expect(found === 'allowed').toBe(isAllowed);
});

it('the function makes MACs with no key but the one behind the alias', () => {
  const open: PolicyDocument = {
    ...EVERYTHING,
    Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
  };
  for (const aliases of [[], ['alias/other'], ['alias/leasehold/zeus-dev/records']]) {
    expect(outcome('function', 'kms:GenerateMac', KEY, open, aliases)).not.toBe('allowed');
  }
  expect(outcome('function', 'kms:GenerateMac', KEY, open, [...OURS, 'alias/other'])).toBe('allowed');
});

const WRITES = [
  'PutItem',
  'BatchWriteItem',
  'UpdateItem',
  'DeleteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
];

it.each(WRITES)('nobody but the function calls %s on the tables', (name) => {
  const action = `dynamodb:${name}`;
  expect(outcome('administrator', action, EVENTS, eventsTablePolicy(environment))).toBe('explicitly denied');
  expect(outcome('administrator', action, PROJECTIONS, projectionsTablePolicy(environment))).toBe('explicitly denied');
  const adds = name === 'PutItem';
  const keeps = ['PutItem', 'UpdateItem', 'DeleteItem'].includes(name);
  expect(outcome('function', action, EVENTS, eventsTablePolicy(environment)) === 'allowed').toBe(adds);
  expect(outcome('function', action, PROJECTIONS, projectionsTablePolicy(environment)) === 'allowed').toBe(keeps);
});

it('nobody at all lets events expire; anybody may read what IAM lets them', () => {
  expect(outcome('administrator', 'dynamodb:UpdateTimeToLive', EVENTS, eventsTablePolicy(environment))).toBe(
    'explicitly denied',
  );
  expect(outcome('administrator', 'dynamodb:Query', EVENTS, eventsTablePolicy(environment))).toBe('allowed');
});

it('the policies are these', () => {
  expectGolden(`${__dirname}/golden/record-policies.json`, {
    key: recordKeyPolicy(environment),
    events: eventsTablePolicy(environment),
    projections: projectionsTablePolicy(environment),
  });
});
