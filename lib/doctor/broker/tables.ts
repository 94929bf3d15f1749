/** Verifies the broker's tables: how they are protected against data loss, and who may write to them. */
import type { Environment } from '@leasehold/definitions';
import {
  eventsTableName,
  eventsTablePolicy,
  projectionsTableName,
  projectionsTablePolicy,
  tableArn,
} from '@leasehold/documents';
import { damageBy, judge } from '../roles/judge';
import { observeEach, present } from '../unread';
import type { AccountVerification, Damage } from '../verification';

const HINT = 'Find out who changed the table, then apply the stack again.';

export const brokerTables: AccountVerification = {
  id: 'broker-tables',
  part: 'broker',
  severity: 'high',
  title: 'The tables are protected, recoverable and encrypted, and the records never expire',
  why: 'The records of leases are the only evidence of who did what. Nothing in Leasehold deletes lease records, and nothing else should be able to delete them.',
  applies: ({ broker }) => broker !== undefined,
  verify: ({ environment, live }) =>
    observeEach(
      tables(environment),
      ({ name }) => tableArn(name, environment),
      async ({ name, events }) => {
        const TableName = name;
        const damage = (message: string): Damage => ({
          kind: 'damage',
          place: tableArn(name, environment),
          message,
          hint: HINT,
        });
        const found = await live.aws.find('dynamodb', 'DescribeTable', { TableName });
        if (found === undefined) return [damage('The table does not exist.')];
        const [{ ContinuousBackupsDescription: backups }, { TimeToLiveDescription: expiry }] = await Promise.all([
          live.aws.call('dynamodb', 'DescribeContinuousBackups', { TableName }),
          live.aws.call('dynamodb', 'DescribeTimeToLive', { TableName }),
        ]);
        const table = present(found.Table, 'Table', 'dynamodb:DescribeTable');
        const { DeletionProtectionEnabled, StreamSpecification, SSEDescription, Replicas = [] } = table;
        const status = present(expiry?.TimeToLiveStatus, 'TimeToLiveStatus', 'dynamodb:DescribeTimeToLive');
        const expires = status !== 'DISABLED' && status !== 'DISABLING';
        const state = present(table.TableStatus, 'TableStatus', 'dynamodb:DescribeTable');
        return [
          ...(state === 'ACTIVE' || state === 'UPDATING' ? [] : [damage(`The table is in the state ${state}.`)]),
          ...Replicas.map(({ RegionName = 'another region' }) =>
            damage(`The table has a replica in ${RegionName}, to which the stack attaches no policy.`),
          ),
          ...(DeletionProtectionEnabled === true ? [] : [damage('The table can be deleted.')]),
          ...(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED'
            ? []
            : [damage('The table cannot be restored to an earlier time.')]),
          ...(SSEDescription?.Status === 'ENABLED' ? [] : [damage('The table is not encrypted with a KMS key.')]),
          ...(events && !(StreamSpecification?.StreamEnabled && StreamSpecification.StreamViewType === 'NEW_IMAGE')
            ? [damage('The table has no stream for new items, so no lease outcomes are sent.')]
            : []),
          ...(events && expires ? [damage('Records expire.')] : []),
          ...(!events && !(expires && expiry?.AttributeName === 'ttl')
            ? [{ ...damage('Budgets and old revocations never expire.'), severity: 'low' as const }]
            : []),
        ];
      },
    ),
};

export const brokerTablePolicies: AccountVerification = {
  id: 'broker-table-policies',
  part: 'broker',
  severity: 'critical',
  title: "The tables' own policies deny writes by everybody but the function",
  why: 'The policies of the tables prevent an administrator, or an identity with `dynamodb:*`, from writing records.',
  applies: ({ broker }) => broker !== undefined,
  verify: ({ environment, live }) =>
    observeEach(
      tables(environment),
      ({ name }) => tableArn(name, environment),
      async ({ name, policy }) => {
        const place = tableArn(name, environment);
        if ((await live.aws.find('dynamodb', 'DescribeTable', { TableName: name })) === undefined) return [];
        const found = await live.aws.find('dynamodb', 'GetResourcePolicy', { ResourceArn: place });
        if (found === undefined)
          return [{ kind: 'damage', place, message: 'The table has no policy of its own.', hint: HINT }];
        return damageBy(judge('resource', [policy], [present(found.Policy, 'Policy', 'dynamodb:GetResourcePolicy')]), {
          place,
          what: 'The policy of the table',
          hint: HINT,
          wider: 'critical',
        });
      },
    ),
};

function tables(environment: Environment) {
  return [
    { name: eventsTableName(environment), events: true, policy: eventsTablePolicy(environment) },
    { name: projectionsTableName(environment), events: false, policy: projectionsTablePolicy(environment) },
  ];
}
