/** The bank's tables in DynamoDB, with the credentials of one lease. */
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { LeaseCredentials } from '@leasehold/runtime';
import type { LeasedTables, Row } from './bank-tool';

export interface TablePlace {
  readonly region: string;
  /** For example `bank-prod-`. */
  readonly prefix: string;
  /** @default AWS */
  readonly endpoint?: string;
}

/** Maximum number of rows of one query. */
const MOST_ROWS = 50;

export function leasedTables({ region, prefix, endpoint }: TablePlace, credentials: LeaseCredentials): LeasedTables {
  const client = new DynamoDBClient({ region, credentials, ...(endpoint && { endpoint }), maxAttempts: 2 });
  return {
    async query(table, key, begin) {
      const [[attribute, value] = ['', '']] = Object.entries(key);
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: `${prefix}${table}`,
          KeyConditionExpression: begin ? '#key = :key AND begins_with(#sort, :begin)' : '#key = :key',
          ExpressionAttributeNames: { '#key': attribute, ...(begin && { '#sort': begin.attribute }) },
          ExpressionAttributeValues: { ':key': { S: value }, ...(begin && { ':begin': { S: begin.value } }) },
          ScanIndexForward: false,
          Limit: MOST_ROWS,
        }),
      );
      return Items.map(plain);
    },
    async get(table, key) {
      const { Item } = await client.send(new GetItemCommand({ TableName: `${prefix}${table}`, Key: written(key) }));
      return Item === undefined ? [] : [plain(Item)];
    },
    async add(table, row, key) {
      await client.send(
        new PutItemCommand({
          TableName: `${prefix}${table}`,
          Item: written(row),
          ConditionExpression: key.map((_, index) => `attribute_not_exists(#k${index})`).join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(key.map((name, index) => [`#k${index}`, name])),
        }),
      );
    },
  };
}

function plain(item: Readonly<Record<string, AttributeValue>>): Row {
  return Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N ?? '']));
}

function written(row: Row): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }]));
}
