/** Verifies the newest lease records, and the revocations of leases. */
import { shellOperand, shellOption } from '@leasehold/contract/text';
import { eventsTableName, isBrokered, REVOKED_PREFIX, roleArn, roleName, SHUT_TAG } from '@leasehold/documents';
import { jsonIn } from '../live/decode';
import { observeEach, present, Unread } from '../unread';
import type { AccountContext, AccountVerification, Observation } from '../verification';

/** Number of partitions in the index of leases that need an approval. */
const SHARDS = 8;
/** Number of leases that are verified in each partition, starting with the newest. */
const NEWEST = 3;

export const leaseRecords: AccountVerification = {
  id: 'lease-records',
  part: 'broker',
  severity: 'critical',
  title: 'The newest records are complete, and each event contains the hash of the previous event',
  why: 'A changed, missing or impossible event shows that somebody wrote to the table. Only the function can also verify who wrote an event; `leasehold audit` asks the function.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { verifyRecord } = context;
    if (verifyRecord === undefined) {
      throw new Unread({
        code: 'unreadable',
        message: 'nothing here can verify records',
        hint: 'Run `leasehold doctor`, which can.',
      });
    }
    return observeEach(
      await newestLeases(context),
      (lease) => `lease ${lease}`,
      async (lease): Promise<readonly Observation[]> => {
        const because = verifyRecord(lease, await eventsOf(context, lease));
        if (because === undefined) return [];
        return [
          {
            kind: 'damage',
            place: `lease ${lease}`,
            message: `The record is broken: ${because}`,
            hint: `Point-in-time recovery has the items as they were. See what is left: leasehold audit ${shellOperand(lease)}`,
          },
        ];
      },
    );
  },
};

export const revocationTags: AccountVerification = {
  id: 'revocation-tags',
  part: 'broker',
  severity: 'medium',
  title: 'Every revocation tag of a role belongs to a lease on record',
  why: 'The broker sets revocation tags and removes them when the lease has ended. A tag without a lease was set by somebody else, and reduces the number of leases that can be revoked by tags (at most twenty per role).',
  applies: ({ broker, roles }) => broker !== undefined && roles.some(isBrokered),
  verify: (context) => {
    const { environment, live } = context;
    return observeEach(
      environment.roles.filter(isBrokered),
      (role) => roleArn(role, environment),
      async (role) => {
        const tags = (await live.identity('role', roleName(role, environment)))?.tags ?? new Map<string, string>();
        const revoked = [...tags].filter(([key]) => key.startsWith(REVOKED_PREFIX) && key !== SHUT_TAG);
        return observeEach(
          revoked,
          ([key]) => `${roleArn(role, environment)}, tag ${key}`,
          async ([key, lease]) => {
            if (lease !== '' && (await isOnRecord(context, lease))) return [];
            return [
              {
                kind: 'damage',
                place: roleArn(role, environment),
                message: `The tag ${key} revokes ${lease === '' ? 'no lease' : `the lease ${lease}, which is not on record`}.`,
                hint: `Find out who set it, then remove it: aws iam untag-role ${shellOption('--role-name', roleName(role, environment))} ${shellOption('--tag-keys', key)}`,
              },
            ];
          },
        );
      },
    );
  },
};

/** Whether the table of events contains a record of the lease. @throws Unread */
export async function isOnRecord({ environment, live }: AccountContext, lease: string): Promise<boolean> {
  // With a limit DynamoDB answers LastEvaluatedKey even if there are no more items.
  const { Items } = await live.aws.first('dynamodb', 'Query', {
    ...ofLease(eventsTableName(environment), lease),
    Limit: 1,
  });
  return present(Items, 'Items', 'dynamodb:Query').length > 0;
}

/**
 * Ids of the newest leases that needed an approval, and of the newest leases for roles that do not need an approval.
 */
async function newestLeases({ environment, live }: AccountContext): Promise<readonly string[]> {
  const unattended = environment.roles.filter((role) => isBrokered(role) && role.broker?.humans === 0);
  const keys = [
    ...shards('open').map((key) => ['open', key] as const),
    ...unattended.flatMap((role) => shards(role.name).map((key) => ['role', key] as const)),
  ];
  const pages = await Promise.all(
    keys.map(([index, key]) =>
      live.aws.first('dynamodb', 'Query', {
        TableName: eventsTableName(environment),
        IndexName: index,
        KeyConditionExpression: '#key = :key',
        ExpressionAttributeNames: { '#key': index },
        ExpressionAttributeValues: { ':key': { S: key } },
        ScanIndexForward: false,
        Limit: NEWEST,
      }),
    ),
  );
  const items = pages.flatMap(({ Items }) => present(Items, 'Items', 'dynamodb:Query'));
  return [...new Set(items.map(({ lease }) => present(lease?.S, 'the id of a lease', 'dynamodb:Query')))];
}

function shards(value: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `${value}#${shard}`);
}

type Item = Readonly<Record<string, { readonly S?: string | undefined; readonly N?: string | undefined }>>;

/**
 * The stored events of a record: of a lease, or of a person's passkeys. An item that the broker would reject becomes `undefined`, so that the verification of
 * the record fails.
 */
export async function eventsOf({ environment, live }: AccountContext, lease: string): Promise<readonly unknown[]> {
  const items = await live.aws.list('Items', 'dynamodb', 'Query', {
    ...ofLease(eventsTableName(environment), lease),
    ConsistentRead: true,
  });
  return items.flatMap((item) => batchIn(item as Item, lease) ?? [undefined]);
}

/**
 * The events in a stored item; `undefined` if the broker would reject the item. The broker rejects an item without a
 * MAC, with ambiguous JSON, or with a lease or sequence number that differs from the item's key.
 */
function batchIn({ lease, sequence, events, mac }: Item, expected: string): readonly unknown[] | undefined {
  const batch = jsonIn(events?.S);
  if (!Array.isArray(batch) || batch.length === 0 || lease?.S !== expected || !mac?.S) return undefined;
  const own = batch.every((event) => isRecord(event) && event.lease === expected);
  return own && String(batch[0].sequence) === sequence?.N ? batch : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

function ofLease(TableName: string, lease: string) {
  return {
    TableName,
    KeyConditionExpression: '#lease = :lease',
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: { ':lease': { S: lease } },
  };
}
