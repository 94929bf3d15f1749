/** Definitions of the broker's two tables, for setups without Terraform: developer machines and tests. */
import type { CreateTableCommandInput, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import type { Environment } from '@leasehold/definitions';
import { EVENT_INDEXES, eventsTableName, projectionsTableName } from '@leasehold/documents';

/**
 * The table with the events of all leases. An index contains only keys: it shows which leases exist, but no details.
 */
export function eventsTable(environment: Environment): CreateTableCommandInput {
  return {
    TableName: eventsTableName(environment),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'lease', AttributeType: 'S' },
      { AttributeName: 'sequence', AttributeType: 'N' },
      { AttributeName: 'at', AttributeType: 'N' },
      ...EVENT_INDEXES.map((index) => ({ AttributeName: index, AttributeType: 'S' as const })),
    ],
    KeySchema: [
      { AttributeName: 'lease', KeyType: 'HASH' },
      { AttributeName: 'sequence', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: EVENT_INDEXES.map(
      (index): GlobalSecondaryIndex => ({
        IndexName: index,
        KeySchema: [
          { AttributeName: index, KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      }),
    ),
  };
}

/** The table with mutable data: principals, their budgets, and current revocations. */
export function projectionsTable(environment: Environment): CreateTableCommandInput {
  return {
    TableName: projectionsTableName(environment),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  };
}
