/** The bank's rows, read and written with a lease. */
import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { tableName } from './stage';
import type { Told } from './teller';

export type Row = Readonly<Record<string, string>>;

/** All rows of one partition. */
export async function query(
  client: DynamoDBClient,
  table: string,
  key: string,
  value: string,
): Promise<readonly Row[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName(table),
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': key },
      ExpressionAttributeValues: { ':value': { S: value } },
    }),
  );
  return Items.map(plain);
}

/** All rows of a table. */
export async function scan(client: DynamoDBClient, table: string): Promise<readonly Row[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(table) }));
  return Items.map(plain);
}

/** Books something among the transactions of a customer. */
export async function book(client: DynamoDBClient, customer: string, text: string): Promise<void> {
  const Item = { customer: { S: customer }, booking: { S: '2026-10-30 0001' }, euros: { N: '950' }, text: { S: text } };
  await client.send(new PutItemCommand({ TableName: tableName('transactions'), Item }));
}

/** Transactions as they stand on a statement. */
export function statement(rows: readonly Row[]): Told {
  return {
    outcome: `${rows.length} rows`,
    lines: rows.map(({ booking = '', euros, text }) => {
      return `${booking.slice(0, 10)}  ${Number(euros).toFixed(2).padStart(9)} EUR  ${text}`;
    }),
  };
}

function plain(item: Readonly<Record<string, AttributeValue>>): Row {
  return Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N ?? '']));
}
