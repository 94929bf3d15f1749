/** What DynamoDB authorises for writing. */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DYNAMODB } from '../../../lib/sandbox/services/dynamodb';
import { AUTH, CONDITIONS, known, OF_ONE, ONE, sent, TABLE } from './support/dynamodb';
import { type Case, runCases } from './support/rows';

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

describe('DynamoDB writes', () => runCases(DYNAMODB, WRITES));
