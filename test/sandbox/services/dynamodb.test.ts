/** What DynamoDB authorises for each request. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SignedRequest } from '../../../lib/sandbox/service-mapping';
import { DYNAMODB } from '../../../lib/sandbox/services/dynamodb';
import { capture, type Handmade, jsonCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const sent = sender(DYNAMODB, captured, new DynamoDBClient(captured.config));
const byHand = (operation: string, input: object | string, overrides: Handmade = {}) =>
  jsonCall(DYNAMODB, `DynamoDB_20120810.${operation}`, input, overrides);

const TABLE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
const INDEX = `${TABLE}/index/by-day`;
const ONE = { TableName: 'orders', Key: { customer: { S: 'c-1' } } };
const TWO = { TableName: 'orders', Key: { customer: { S: 'c-1' }, day: { N: '5.0' } } };
const OF_ONE = { 'dynamodb:LeadingKeys': ['c-1'], 'dynamodb:Attributes': ['customer'] };
const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html';
const CONDITIONS = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html';
const INDEXES = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html';

/** The same request where the table's partition key is known. */
const known =
  (request: () => Promise<SignedRequest>, ...keys: readonly (readonly [string, string])[]) =>
  async () => ({
    ...(await request()),
    known: { partitionKeys: new Map(keys) },
  });

const READS: readonly Case[] = [
  {
    name: 'gets an item',
    source: CONDITIONS,
    request: sent(new GetItemCommand(ONE)),
    expect: [['dynamodb:GetItem', TABLE, { ...OF_ONE, 'dynamodb:Select': 'ALL_ATTRIBUTES' }]],
  },
  {
    name: 'gets an item by two keys, either of which may be the partition key',
    source: CONDITIONS,
    request: sent(new GetItemCommand(TWO)),
    expect: ['c-1', '5'].map((value) => [
      'dynamodb:GetItem',
      TABLE,
      {
        'dynamodb:LeadingKeys': [value],
        'dynamodb:Attributes': ['customer', 'day'],
        'dynamodb:Select': 'ALL_ATTRIBUTES',
      },
    ]),
  },
  {
    name: 'gets an item by two keys, of which the partition key is known',
    source: CONDITIONS,
    request: known(sent(new GetItemCommand(TWO)), [TABLE, 'day']),
    expect: [
      [
        'dynamodb:GetItem',
        TABLE,
        {
          'dynamodb:LeadingKeys': ['5'],
          'dynamodb:Attributes': ['customer', 'day'],
          'dynamodb:Select': 'ALL_ATTRIBUTES',
        },
      ],
    ],
  },
  {
    name: 'gets some attributes of an item',
    source: CONDITIONS,
    request: sent(
      new GetItemCommand({
        ...ONE,
        ProjectionExpression: '#t, address.city[0].#x, notes',
        ExpressionAttributeNames: { '#t': 'total', '#x': 'inner' },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    ),
    expect: [
      [
        'dynamodb:GetItem',
        TABLE,
        {
          'dynamodb:LeadingKeys': ['c-1'],
          'dynamodb:Attributes': ['address', 'customer', 'notes', 'total'],
          'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
          'dynamodb:ReturnConsumedCapacity': 'TOTAL',
        },
      ],
    ],
  },
  {
    name: 'queries a partition',
    source: CONDITIONS,
    request: sent(
      new QueryCommand({
        TableName: 'orders',
        KeyConditionExpression: '(#c = :c) AND #d BETWEEN :a AND :b',
        FilterExpression: 'contains(notes, :n) and size(lines) > :a',
        ExpressionAttributeNames: { '#c': 'customer', '#d': 'day' },
        ExpressionAttributeValues: { ':c': { S: 'c-1' }, ':a': { N: '1' }, ':b': { N: '2' }, ':n': { S: 'x' } },
      }),
    ),
    expect: [
      [
        'dynamodb:Query',
        TABLE,
        {
          'dynamodb:LeadingKeys': ['c-1'],
          'dynamodb:Attributes': ['customer', 'day', 'lines', 'notes'],
          'dynamodb:Select': 'ALL_ATTRIBUTES',
        },
      ],
    ],
  },
  {
    name: 'queries an index: the index is the resource',
    source: INDEXES,
    request: known(
      sent(
        new QueryCommand({
          TableName: 'orders',
          IndexName: 'by-day',
          KeyConditionExpression: ':d = #d AND customer = :c',
          ExpressionAttributeNames: { '#d': 'day' },
          ExpressionAttributeValues: { ':c': { S: 'c-1' }, ':d': { N: '12' } },
        }),
      ),
      [INDEX, 'day'],
    ),
    expect: [
      [
        'dynamodb:Query',
        INDEX,
        {
          'dynamodb:LeadingKeys': ['12'],
          'dynamodb:Attributes': ['customer', 'day'],
          'dynamodb:Select': 'ALL_PROJECTED_ATTRIBUTES',
        },
      ],
    ],
  },
  {
    name: 'queries in the older way',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.KeyConditions.html',
    request: sent(
      new QueryCommand({
        TableName: 'orders',
        Select: 'COUNT',
        KeyConditions: { customer: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'c-1' }] } },
      }),
    ),
    expect: [['dynamodb:Query', TABLE, { ...OF_ONE, 'dynamodb:Select': 'COUNT' }]],
  },
  {
    name: 'scans: there are no leading keys',
    source: CONDITIONS,
    request: sent(new ScanCommand({ TableName: 'orders', IndexName: 'by-day' })),
    expect: [['dynamodb:Scan', INDEX, { 'dynamodb:Attributes': [], 'dynamodb:Select': 'ALL_PROJECTED_ATTRIBUTES' }]],
  },
  {
    name: 'gets a batch: one authorisation a table, with every key',
    source: CONDITIONS,
    request: sent(
      new BatchGetItemCommand({
        RequestItems: {
          orders: { Keys: [{ customer: { S: 'c-1' } }, { customer: { S: 'c-2' } }] },
          other: { Keys: [{ id: { S: 'x' } }], ProjectionExpression: 'a' },
        },
      }),
    ),
    expect: [
      [
        'dynamodb:BatchGetItem',
        TABLE,
        {
          'dynamodb:LeadingKeys': ['c-1', 'c-2'],
          'dynamodb:Attributes': ['customer'],
          'dynamodb:Select': 'ALL_ATTRIBUTES',
        },
      ],
      [
        'dynamodb:BatchGetItem',
        TABLE.replace('orders', 'other'),
        { 'dynamodb:LeadingKeys': ['x'], 'dynamodb:Attributes': ['a', 'id'], 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      ],
    ],
  },
  {
    name: 'gets items in a transaction',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html',
    request: sent(new TransactGetItemsCommand({ TransactItems: [{ Get: ONE }] })),
    expect: [
      [
        'dynamodb:GetItem',
        TABLE,
        { ...OF_ONE, 'dynamodb:Select': 'ALL_ATTRIBUTES', 'dynamodb:EnclosingOperation': 'TransactGetItems' },
      ],
    ],
  },
  {
    name: 'lists tables',
    source: AUTH,
    request: sent(new ListTablesCommand({})),
    expect: [['dynamodb:ListTables', '*']],
  },
  {
    name: 'describes a table that is named by its ARN',
    source: AUTH,
    request: sent(new DescribeTableCommand({ TableName: TABLE })),
    expect: [['dynamodb:DescribeTable', TABLE]],
  },
];

const WRITES: readonly Case[] = [
  {
    name: 'puts an item whose partition key is known',
    source: CONDITIONS,
    request: known(
      sent(new PutItemCommand({ TableName: 'orders', Item: { customer: { S: 'c-1' }, total: { N: '1e2' } } })),
      [TABLE, 'customer'],
    ),
    expect: [
      ['dynamodb:PutItem', TABLE, { 'dynamodb:LeadingKeys': ['c-1'], 'dynamodb:Attributes': ['customer', 'total'] }],
    ],
  },
  {
    name: 'puts an item of which any attribute may be the partition key',
    source: CONDITIONS,
    request: sent(
      new PutItemCommand({
        TableName: 'orders',
        Item: { customer: { S: 'c-1' }, total: { N: '1e2' }, tags: { SS: ['a'] } },
      }),
    ),
    expect: ['c-1', '100'].map((value) => [
      'dynamodb:PutItem',
      TABLE,
      { 'dynamodb:LeadingKeys': [value], 'dynamodb:Attributes': ['customer', 'tags', 'total'] },
    ]),
  },
  {
    name: 'updates an item',
    source: CONDITIONS,
    request: sent(
      new UpdateItemCommand({
        ...ONE,
        UpdateExpression: 'SET #s = if_not_exists(#s, :z) + :o, lines[0].price = :o REMOVE notes ADD seen :o',
        ConditionExpression: 'attribute_exists(customer) AND NOT locked = :z',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':z': { N: '0' }, ':o': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      }),
    ),
    expect: [
      [
        'dynamodb:UpdateItem',
        TABLE,
        {
          'dynamodb:LeadingKeys': ['c-1'],
          'dynamodb:Attributes': ['customer', 'lines', 'locked', 'notes', 'seen', 'state'],
          'dynamodb:ReturnValues': 'ALL_NEW',
        },
      ],
    ],
  },
  {
    name: 'deletes an item',
    source: CONDITIONS,
    request: sent(new DeleteItemCommand(ONE)),
    expect: [['dynamodb:DeleteItem', TABLE, OF_ONE]],
  },
  {
    name: 'writes a batch: only an attribute of every write can be the partition key',
    source: CONDITIONS,
    request: sent(
      new BatchWriteItemCommand({
        RequestItems: {
          orders: [
            { PutRequest: { Item: { customer: { S: 'c-1' }, total: { N: '1' } } } },
            { DeleteRequest: { Key: { customer: { S: 'c-2' } } } },
          ],
        },
      }),
    ),
    expect: [
      [
        'dynamodb:BatchWriteItem',
        TABLE,
        { 'dynamodb:LeadingKeys': ['c-1', 'c-2'], 'dynamodb:Attributes': ['customer', 'total'] },
      ],
    ],
  },
  {
    name: 'writes in a transaction: each by its own action',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html',
    request: sent(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'orders', Item: { customer: { S: 'c-1' } } } },
          { Update: { ...ONE, UpdateExpression: 'REMOVE notes' } },
          { Delete: ONE },
          { ConditionCheck: { ...ONE, ConditionExpression: 'attribute_exists(customer)' } },
        ],
      }),
    ),
    expect: [
      ['dynamodb:PutItem', TABLE, { ...OF_ONE, 'dynamodb:EnclosingOperation': 'TransactWriteItems' }],
      [
        'dynamodb:UpdateItem',
        TABLE,
        {
          ...OF_ONE,
          'dynamodb:Attributes': ['customer', 'notes'],
          'dynamodb:EnclosingOperation': 'TransactWriteItems',
        },
      ],
      ['dynamodb:DeleteItem', TABLE, { ...OF_ONE, 'dynamodb:EnclosingOperation': 'TransactWriteItems' }],
      ['dynamodb:ConditionCheckItem', TABLE, OF_ONE],
    ],
  },
  {
    name: 'creates a table with tags',
    source: AUTH,
    request: sent(
      new CreateTableCommand({
        TableName: 'orders',
        KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'customer', AttributeType: 'S' }],
        Tags: [{ Key: 'team', Value: 'a' }],
      }),
    ),
    expect: [['dynamodb:CreateTable', TABLE, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'tags a table',
    source: AUTH,
    request: sent(new TagResourceCommand({ ResourceArn: TABLE, Tags: [{ Key: 'team', Value: '' }] })),
    expect: [['dynamodb:TagResource', TABLE, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': '' }]],
  },
];

const values = { ':c': { S: 'c-1' }, ':d': { S: 'c-2' } };
const query = (input: object) => byHand('Query', { TableName: 'orders', ...input });
const get = (overrides: Handmade) => byHand('GetItem', ONE, overrides);

const REFUSED: readonly Case[] = [
  { name: 'an operation that is not known', request: byHand('ExportTableToPointInTime', {}), expect: /no row for/ },
  { name: 'an operation named like a member of every object', request: byHand('ToString', {}), expect: /no row for/ },
  {
    name: 'another API version',
    request: jsonCall(DYNAMODB, 'DynamoDB_20111205.GetItem', ONE),
    expect: /names no operation/,
  },
  {
    name: 'streams',
    request: jsonCall(DYNAMODB, 'DynamoDBStreams_20120810.GetRecords', {}),
    expect: /names no operation/,
  },
  {
    name: 'two targets',
    request: jsonCall(DYNAMODB, 'DynamoDB_20120810.GetItem,DynamoDB_20120810.Scan', ONE),
    expect: /names no operation/,
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
    expect: /no endpoint of dynamodb/,
  },
  { name: 'a body that is no JSON', request: byHand('GetItem', '{'), expect: /no JSON/ },
  { name: 'a table twice', request: byHand('GetItem', '{"TableName":"a","TableName":"b"}'), expect: /twice/ },
  {
    name: 'a table in two spellings',
    request: byHand('Scan', { TableName: 'a', tableName: 'b' }),
    expect: /two spellings/,
  },
  { name: 'no table', request: byHand('Scan', {}), expect: /TableName is missing/ },
  { name: 'a table with a wildcard', request: byHand('Scan', { TableName: 'ord*' }), expect: /no name of a/ },
  {
    name: "a table that is another's index",
    request: byHand('Scan', { TableName: 'orders/index/x' }),
    expect: /no name of a/,
  },
  {
    name: 'a table in another region',
    request: byHand('Scan', { TableName: TABLE.replace('ap-northeast-2', 'us-east-1') }),
    expect: /no ARN/,
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
    expect: /which partition/,
  },
  {
    name: 'a query with OR',
    request: query({ KeyConditionExpression: 'a = :c OR a = :d', ExpressionAttributeValues: values }),
    expect: /AND alone/,
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
    expect: /stands for no attribute/,
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
    expect: /two kinds/,
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

describe('DynamoDB', () => {
  describe('reads', () => runCases(DYNAMODB, READS));
  describe('writes', () => runCases(DYNAMODB, WRITES));
  describe('refuses', () => runCases(DYNAMODB, REFUSED));
});
