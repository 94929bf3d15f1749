/** The list of what CloudTrail records, against the operations of AWS's own SDK. */
import { loadCatalogue } from '@leasehold/policy';
import { OPERATION_ACTIONS, RECORDED_SERVICES } from '../../../lib/usage/data/services';
import { recordingOf } from '../../../lib/usage/map/services';
import { words } from '../../../lib/usage/map/words';

const CLIENTS: Readonly<Record<string, string>> = {
  cloudwatch: 'cloudwatch',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  kms: 'kms',
  lambda: 'lambda',
  logs: 'cloudwatch-logs',
  rds: 'rds',
  'rds-data': 'rds-data',
  s3: 's3',
  secretsmanager: 'secrets-manager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
};

const catalogue = loadCatalogue(RECORDED_SERVICES.map(({ prefix }) => prefix));

describe.each(RECORDED_SERVICES)('$prefix', (service) => {
  const { prefix, claimed, data, events = {}, perhaps = {}, page } = service;
  const operations = new Set(
    Object.keys(require(`@aws-sdk/client-${CLIENTS[prefix]}`) as object).flatMap((name) =>
      name.endsWith('Command') && name !== '$Command' ? [name.slice(0, -'Command'.length)] : [],
    ),
  );
  // An event that needs an action of another name, and the operations that may need one.
  const targets = new Set([
    ...Object.values(events).flatMap(words),
    ...Object.values(perhaps).flatMap(words),
    ...[...OPERATION_ACTIONS].flatMap(([operation, action]) =>
      operation.startsWith(`${prefix}:`) ? [action.slice(prefix.length + 1)] : [],
    ),
  ]);

  it('names a page of AWS', () => expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/));

  it('claims an action only if an operation that CloudTrail can name needs it', async () => {
    const without = (await catalogue)
      .expand(`${prefix}:*`)
      .filter((action) => recordingOf(action).kind !== 'unknown')
      .filter(({ name }) => !operations.has(name) && !targets.has(name))
      .map(({ name }) => name);
    expect(without).toEqual([]);
  });

  it('names only actions that exist', async () => {
    const known = await catalogue;
    const named = [
      ...words(`${claimed.names} ${claimed.not ?? ''} ${data?.names ?? ''}`).filter((name) => name !== '*'),
      ...Object.values(events).flatMap(words),
    ];
    expect(named.filter((name) => known.action(`${prefix}:${name}`) === undefined)).toEqual([]);
  });

  it('names no action twice', () => {
    const lists = [claimed.names, claimed.not ?? '', data?.names ?? ''].map(words);
    for (const list of lists) expect(new Set(list).size).toBe(list.length);
    const [names, , inData] = lists;
    expect(inData?.filter((name) => names?.includes(name))).toEqual([]);
  });
});

it('does not claim an action without an operation of its own, nor of a service that is not listed', async () => {
  const known = await loadCatalogue(['iam', 's3', 'ec2', 'kms', 'ecs']);
  for (const id of [
    'iam:PassRole',
    's3:GetObjectVersion',
    'ec2:SendSpotInstanceInterruptions',
    'kms:Decrypt',
    'ecs:RunTask',
  ]) {
    const action = known.action(id);
    expect([id, action && recordingOf(action).kind]).toEqual([id, 'unknown']);
  }
});
