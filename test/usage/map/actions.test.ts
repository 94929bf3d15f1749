/** Operations that need the permission for further actions, which have no event of their own. */
import { loadCatalogue } from '@leasehold/policy';
import { neededBy, needs } from '../../../lib/usage/map/actions';
import { recordOf } from '../../../lib/usage/record/record';
import { aRole } from '../../support/environment';
import { aCall } from '../support/records';

const catalogue = loadCatalogue(['dynamodb', 'ec2', 'lambda', 'rds', 'secretsmanager', 'sqs']);

async function neededFor(call: string) {
  const record = recordOf(aCall(aRole(), call));
  if (record === undefined) throw new Error('no record');
  return neededBy(record, await catalogue);
}

const RESTORE = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem'];

it.each<[call: string, perhaps: readonly string[]]>([
  ['dynamodb.RestoreTableFromBackup', RESTORE.map((name) => `dynamodb:${name}`)],
  ['dynamodb.RestoreTableToPointInTime', RESTORE.map((name) => `dynamodb:${name}`)],
  [
    'sqs.StartMessageMoveTask',
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
  ],
  ['secretsmanager.RotateSecret', ['lambda:InvokeFunction']],
  ['ec2.RunInstances', ['ssm:GetParameters']],
  ['rds.CreateDBInstance', ['secretsmanager:CreateSecret', 'secretsmanager:TagResource', 'kms:DescribeKey']],
  ['rds.ModifyDBCluster', ['secretsmanager:CreateSecret', 'secretsmanager:RotateSecret']],
  ['lambda.CreateFunction20150331', ['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs']],
  ['lambda.UpdateFunctionConfiguration20150331v2', ['ec2:DescribeSubnets', 'lambda:GetLayerVersion']],
])('%s may need more than its own action', async (call, perhaps) => {
  const needed = await neededFor(call);
  expect(needed.known).toBe(true);
  expect(needed.perhaps).toEqual(expect.arrayContaining([...perhaps]));
});

it.each<[what: string, call: string, overrides: object, perhaps: readonly string[]]>([
  ['its action', 'dynamodb.DeleteTable', {}, ['iam:ForDeleteTable']],
  [
    'the actions that it may need',
    'sqs.CreateQueue',
    {},
    ['sqs:SetQueueAttributes', 'iam:ForCreateQueue', 'iam:ForSetQueueAttributes'],
  ],
  [
    'the actions about which the sandbox decided',
    'dynamodb.DeleteTable',
    { verdict: 'allowed', decisions: [{ outcome: 'allowed', action: 'dynamodb:GetItem', resource: '*' }] },
    ['dynamodb:DeleteTable', 'iam:ForDeleteTable', 'iam:ForGetItem'],
  ],
])('an event may need the dependent actions of %s', async (_, call, overrides, perhaps) => {
  const known = await catalogue;
  const dependent = Object.create(known, {
    action: {
      value: (id: string) => {
        const action = known.action(id);
        return action && { ...action, dependentActions: [`iam:For${action.name}`] };
      },
    },
  }) as typeof known;
  const record = recordOf(aCall(aRole(), call, { ...overrides }));
  if (record === undefined) throw new Error('no record');
  expect(neededBy(record, dependent)).toMatchObject({ perhaps, known: true });
});

it('remembers the actions of an event by its source and its name, and by nothing that only looks like them', async () => {
  const known = await catalogue;
  const needed = needs(known);
  const record = (eventSource: string, eventName: string, more: object = {}) => {
    const found = recordOf(aCall(aRole(), 'sqs.SendMessage', { eventSource, eventName, ...more }));
    if (found === undefined) throw new Error('no record');
    return found;
  };
  const decided = { verdict: 'denied', decisions: [{ outcome: 'denied', action: 'sqs:Other', resource: '*' }] };
  const records = [
    record('lambda.amazonaws.com', 'Invoke'),
    record('lambda.amazonaws.com I', 'nvoke'),
    record('lambda.amazonaws.comI', 'nvoke'),
    record('lambda.amazonaws.com', ' Invoke'),
    record('lambda.amazonaws.com', 'Invoke', decided),
    record('ec2.amazonaws.com', 'RunInstances'),
  ];
  for (const each of [...records, ...records.toReversed()]) expect(needed(each)).toEqual(neededBy(each, known));
  expect(new Set(records.map((each) => JSON.stringify(needed(each)))).size).toBeGreaterThan(3);
});
