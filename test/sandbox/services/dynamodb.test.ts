/** Requests to DynamoDB that nobody can read in one way alone. */
import { DYNAMODB } from '../../../lib/sandbox/services/dynamodb';
import { byHand, ONE, TABLE } from './support/dynamodb';
import { type Handmade, jsonCall } from './support/requests';
import { type Case, runCases } from './support/rows';

const values = { ':c': { S: 'c-1' }, ':d': { S: 'c-2' } };
const query = (input: object) => byHand('Query', { TableName: 'orders', ...input });
const get = (overrides: Handmade) => byHand('GetItem', ONE, overrides);

const REFUSED: readonly Case[] = [
  { name: 'an operation that is not known', request: byHand('ExportTableToPointInTime', {}), expect: /no row for/ },
  { name: 'an operation named like a member of every object', request: byHand('ToString', {}), expect: /no row for/ },
  {
    name: 'another API version',
    request: jsonCall(DYNAMODB, 'DynamoDB_20111205.GetItem', ONE),
    expect: /contains no operation/,
  },
  {
    name: 'streams',
    request: jsonCall(DYNAMODB, 'DynamoDBStreams_20120810.GetRecords', {}),
    expect: /contains no operation/,
  },
  {
    name: 'two targets',
    request: jsonCall(DYNAMODB, 'DynamoDB_20120810.GetItem,DynamoDB_20120810.Scan', ONE),
    expect: /contains no operation/,
  },
  { name: 'an action in the query string', request: get({ query: [['Action', 'Scan']] }), expect: /query parameters/ },
  { name: 'a path', request: get({ path: '/Scan' }), expect: /path is not/ },
  { name: 'another method', request: get({ method: 'PUT' }), expect: /PUT/ },
  {
    name: 'a body of another kind',
    request: get({ headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    expect: /not application/,
  },
  {
    name: 'another protocol beside its own',
    request: get({ headers: { 'smithy-protocol': 'rpc-v2-cbor' } }),
    expect: /smithy-protocol/,
  },
  {
    name: 'a body in an encoding that is not known',
    request: get({ headers: { 'content-encoding': 'br' } }),
    expect: /br is not known/,
  },
  {
    name: "another service's host",
    request: get({ host: 's3.ap-northeast-2.amazonaws.com' }),
    expect: /not an endpoint of dynamodb/,
  },
  { name: 'a body that is no JSON', request: byHand('GetItem', '{'), expect: /not JSON/ },
  { name: 'a table twice', request: byHand('GetItem', '{"TableName":"a","TableName":"b"}'), expect: /repeats a key/ },
  {
    name: 'a table in two spellings',
    request: byHand('Scan', { TableName: 'a', tableName: 'b' }),
    expect: /two spellings/,
  },
  { name: 'no table', request: byHand('Scan', {}), expect: /TableName is missing/ },
  { name: 'a table with a wildcard', request: byHand('Scan', { TableName: 'ord*' }), expect: /not a valid name of a/ },
  {
    name: "a table that is another's index",
    request: byHand('Scan', { TableName: 'orders/index/x' }),
    expect: /not a valid name of a/,
  },
  {
    name: 'a table in another region',
    request: byHand('Scan', { TableName: TABLE.replace('ap-northeast-2', 'us-east-1') }),
    expect: /not an ARN/,
  },
  { name: 'a table in a list', request: byHand('Scan', { TableName: ['orders'] }), expect: /not a text/ },
  {
    name: 'an index with a slash',
    request: byHand('Scan', { TableName: 'orders', IndexName: 'a/b' }),
    expect: /name of an index/,
  },
  { name: 'a get without a key', request: byHand('GetItem', { TableName: 'orders' }), expect: /Key is missing/ },
  {
    name: 'a get by an empty key',
    request: byHand('GetItem', { TableName: 'orders', Key: {} }),
    expect: /no attribute/,
  },
  {
    name: 'a key of two types',
    request: byHand('GetItem', { TableName: 'orders', Key: { a: { S: 'x', N: '1' } } }),
    expect: /one type/,
  },
  {
    name: 'a key that is no number',
    request: byHand('GetItem', { TableName: 'orders', Key: { a: { N: 'NaN' }, b: { S: 'x' } } }),
    expect: /number cannot be read/,
  },
  { name: 'a query without a condition', request: query({}), expect: /either/ },
  {
    name: 'a query with both kinds of condition',
    request: query({ KeyConditionExpression: 'a = :c', KeyConditions: {}, ExpressionAttributeValues: values }),
    expect: /either/,
  },
  {
    name: 'a query without an equality',
    request: query({ KeyConditionExpression: 'a > :c', ExpressionAttributeValues: values }),
    expect: /partition that it reads/,
  },
  {
    name: 'a query with OR',
    request: query({ KeyConditionExpression: 'a = :c OR a = :d', ExpressionAttributeValues: values }),
    expect: /only with AND/,
  },
  {
    name: 'a query on one attribute twice',
    request: query({ KeyConditionExpression: 'a = :c AND a = :d', ExpressionAttributeValues: values }),
    expect: /cannot be read/,
  },
  {
    name: 'a query on a value that is not given',
    request: query({ KeyConditionExpression: 'a = :x' }),
    expect: /cannot be read/,
  },
  {
    name: 'a query on a placeholder that is not given',
    request: query({ KeyConditionExpression: '#a = :c', ExpressionAttributeValues: values }),
    expect: /refers to no attribute/,
  },
  {
    name: 'an expression that cannot be read',
    request: byHand('GetItem', { ...ONE, ProjectionExpression: 'a; b' }),
    expect: /cannot be read/,
  },
  { name: 'a batch without tables', request: byHand('BatchGetItem', { RequestItems: {} }), expect: /no table/ },
  {
    name: 'a batch without keys',
    request: byHand('BatchGetItem', { RequestItems: { orders: { Keys: [] } } }),
    expect: /no item/,
  },
  {
    name: 'a write of two kinds',
    request: byHand('BatchWriteItem', {
      RequestItems: { orders: [{ PutRequest: { Item: ONE.Key }, DeleteRequest: ONE }] },
    }),
    expect: /neither a PutRequest nor a DeleteRequest/,
  },
  {
    name: 'a transaction item of two kinds',
    request: byHand('TransactWriteItems', { TransactItems: [{ Delete: ONE, Put: ONE }] }),
    expect: /one known kind/,
  },
  {
    name: 'a transaction without items',
    request: byHand('TransactWriteItems', { TransactItems: [] }),
    expect: /names no resource/,
  },
];

describe('DynamoDB refuses', () => runCases(DYNAMODB, REFUSED));
