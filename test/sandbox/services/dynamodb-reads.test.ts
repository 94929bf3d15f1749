/** What DynamoDB authorises for reading. */
import {
  BatchGetItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { DYNAMODB } from '../../../lib/sandbox/services/dynamodb';
import { AUTH, CONDITIONS, INDEX, INDEXES, known, OF_ONE, ONE, sent, TABLE, TWO } from './support/dynamodb';
import { type Case, runCases } from './support/rows';

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

describe('DynamoDB reads', () => runCases(DYNAMODB, READS));
