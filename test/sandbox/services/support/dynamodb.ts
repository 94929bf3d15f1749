/** Requests to DynamoDB. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SignedRequest } from '../../../../lib/sandbox/service-mapping';
import { DYNAMODB } from '../../../../lib/sandbox/services/dynamodb';
import { capture, type Handmade, jsonCall, sender } from './requests';

const captured = capture();
export const sent = sender(DYNAMODB, captured, new DynamoDBClient(captured.config));
export const byHand = (operation: string, input: object | string, overrides: Handmade = {}) =>
  jsonCall(DYNAMODB, `DynamoDB_20120810.${operation}`, input, overrides);

export const TABLE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
export const INDEX = `${TABLE}/index/by-day`;
export const ONE = { TableName: 'orders', Key: { customer: { S: 'c-1' } } };
export const TWO = { TableName: 'orders', Key: { customer: { S: 'c-1' }, day: { N: '5.0' } } };
export const OF_ONE = { 'dynamodb:LeadingKeys': ['c-1'], 'dynamodb:Attributes': ['customer'] };
export const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html';
export const CONDITIONS = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html';
export const INDEXES =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html';

/** The same request where the table's partition key is known. */
export const known =
  (request: () => Promise<SignedRequest>, ...keys: readonly (readonly [string, string])[]) =>
  async () => ({
    ...(await request()),
    known: { partitionKeys: new Map(keys) },
  });
