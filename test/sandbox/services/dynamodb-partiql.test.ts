/** What DynamoDB authorises for statements of PartiQL, and which ones nobody reads. */
import {
  BatchExecuteStatementCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
} from '@aws-sdk/client-dynamodb';
import { DYNAMODB } from '../../../lib/sandbox/services/dynamodb';
import { capture, jsonCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const sent = sender(DYNAMODB, captured, new DynamoDBClient(captured.config));
const TABLE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
const IAM = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html';

/** A statement on a table whose partition key is known to be `customer`. */
const run = (Statement: string, Parameters: readonly object[] = []) => ({
  ...jsonCall(DYNAMODB, 'DynamoDB_20120810.ExecuteStatement', { Statement, Parameters }),
  known: { partitionKeys: new Map([[TABLE, 'customer']]) },
});

/** A statement on a table of which nothing is known. */
const runBlind = (Statement: string) => jsonCall(DYNAMODB, 'DynamoDB_20120810.ExecuteStatement', { Statement });

const ALL = { 'dynamodb:Select': 'ALL_ATTRIBUTES', 'dynamodb:Attributes': ['customer'] };
const NAMED = { ...ALL, 'dynamodb:FullTableScan': 'false', 'dynamodb:LeadingKeys': ['c-1'] };
const WHOLE = { ...ALL, 'dynamodb:FullTableScan': 'true' };

const MAPPED: readonly Case[] = [
  {
    name: 'selects a partition',
    source: IAM,
    request: run(`SELECT * FROM "orders" WHERE customer = 'c-1'`),
    expect: [['dynamodb:PartiQLSelect', TABLE, NAMED]],
  },
  {
    name: 'selects a partition by a parameter, and some attributes',
    source: IAM,
    request: run(
      `SELECT total, "lines"[0].price FROM orders WHERE "customer" = ? AND day BETWEEN 1 AND 2 ORDER BY day DESC`,
      [{ S: "o'c" }],
    ),
    expect: [
      [
        'dynamodb:PartiQLSelect',
        TABLE,
        {
          'dynamodb:Attributes': ['customer', 'day', 'lines', 'total'],
          'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
          'dynamodb:FullTableScan': 'false',
          'dynamodb:LeadingKeys': ["o'c"],
        },
      ],
    ],
  },
  {
    name: 'selects the whole table',
    source: IAM,
    request: run('SELECT * FROM "orders"'),
    expect: [
      [
        'dynamodb:PartiQLSelect',
        TABLE,
        { 'dynamodb:Attributes': [], 'dynamodb:Select': 'ALL_ATTRIBUTES', 'dynamodb:FullTableScan': 'true' },
      ],
    ],
  },
  {
    name: 'selects the whole table by a condition on another attribute',
    source: IAM,
    request: run(`SELECT * FROM "orders" WHERE day = 5 AND begins_with("customer", 'c')`),
    expect: [['dynamodb:PartiQLSelect', TABLE, { ...WHOLE, 'dynamodb:Attributes': ['customer', 'day'] }]],
  },
  {
    name: 'selects a partition inside a nested attribute of the same name: the whole table',
    request: run(`SELECT * FROM "orders" WHERE customer.id = 'c-1'`),
    expect: [['dynamodb:PartiQLSelect', TABLE, WHOLE]],
  },
  {
    name: 'selects by an equality that may not be on the partition key: the whole table must be allowed, too',
    request: runBlind(`SELECT * FROM "orders" WHERE customer = 'c-1'`),
    expect: [
      ['dynamodb:PartiQLSelect', TABLE, NAMED],
      ['dynamodb:PartiQLSelect', TABLE, WHOLE],
    ],
  },
  {
    name: 'selects from an index',
    source: IAM,
    request: sent(new ExecuteStatementCommand({ Statement: `SELECT * FROM "orders"."by-day"` })),
    expect: [
      [
        'dynamodb:PartiQLSelect',
        `${TABLE}/index/by-day`,
        { 'dynamodb:Attributes': [], 'dynamodb:Select': 'ALL_PROJECTED_ATTRIBUTES', 'dynamodb:FullTableScan': 'true' },
      ],
    ],
  },
  {
    name: 'inserts',
    source: IAM,
    request: run(`INSERT INTO "orders" VALUE {'customer': 'c-1', 'total': ?, 'tags': ['a', {'b': true}]}`, [
      { N: '5' },
    ]),
    expect: [
      [
        'dynamodb:PartiQLInsert',
        TABLE,
        { 'dynamodb:Attributes': ['customer', 'tags', 'total'], 'dynamodb:LeadingKeys': ['c-1'] },
      ],
    ],
  },
  {
    name: 'updates',
    source: IAM,
    request: run(
      `UPDATE "orders" SET total = total + 1, tags = list_append(tags, ['x']) REMOVE notes WHERE customer = 'c-1' RETURNING ALL OLD *`,
    ),
    expect: [
      [
        'dynamodb:PartiQLUpdate',
        TABLE,
        {
          'dynamodb:Attributes': ['customer', 'notes', 'tags', 'total'],
          'dynamodb:LeadingKeys': ['c-1'],
          'dynamodb:ReturnValues': 'ALL_OLD',
        },
      ],
    ],
  },
  {
    name: 'deletes',
    source: IAM,
    request: run(`delete from "orders" where customer = 'c-1' and day = 1.50`),
    expect: [
      [
        'dynamodb:PartiQLDelete',
        TABLE,
        { 'dynamodb:Attributes': ['customer', 'day'], 'dynamodb:LeadingKeys': ['c-1'] },
      ],
    ],
  },
  {
    name: 'deletes by two keys, either of which may be the partition key',
    request: runBlind(`DELETE FROM orders WHERE customer = 'c-1' AND day = 1.50`),
    expect: ['c-1', '1.5'].map((value) => [
      'dynamodb:PartiQLDelete',
      TABLE,
      { 'dynamodb:Attributes': ['customer', 'day'], 'dynamodb:LeadingKeys': [value] },
    ]),
  },
  {
    name: 'executes a batch: each by its own action',
    source: IAM,
    request: sent(
      new BatchExecuteStatementCommand({
        Statements: [
          { Statement: `DELETE FROM orders WHERE customer = ?`, Parameters: [{ S: 'c-1' }] },
          { Statement: `INSERT INTO orders VALUE {'customer': 'c-2'}` },
        ],
      }),
    ),
    expect: [
      ['dynamodb:PartiQLDelete', TABLE, { 'dynamodb:Attributes': ['customer'], 'dynamodb:LeadingKeys': ['c-1'] }],
      ['dynamodb:PartiQLInsert', TABLE, { 'dynamodb:Attributes': ['customer'], 'dynamodb:LeadingKeys': ['c-2'] }],
    ],
  },
  {
    name: 'executes a transaction',
    source: IAM,
    request: sent(
      new ExecuteTransactionCommand({
        TransactStatements: [{ Statement: `DELETE FROM orders WHERE customer = 'c-1'` }],
      }),
    ),
    expect: [
      [
        'dynamodb:PartiQLDelete',
        TABLE,
        {
          'dynamodb:Attributes': ['customer'],
          'dynamodb:LeadingKeys': ['c-1'],
          'dynamodb:EnclosingOperation': 'ExecuteTransaction',
        },
      ],
    ],
  },
];

const UNTOLD = [
  `INSERT INTO orders VALUE {'customer': ${'['.repeat(3000)}${']'.repeat(3000)}}`,
  `SELECT * FROM orders WHERE customer = '${'x'.repeat(8192)}'`,
  `SELECT * FROM orders WHERE customer = 'c-1' OR customer = 'c-2'`,
  `SELECT * FROM orders WHERE NOT customer = 'c-1'`,
  `SELECT * FROM orders WHERE customer IN ['c-1', 'c-2']`,
  `SELECT * FROM orders WHERE customer = 'c-1' AND customer = 'c-2'`,
  `SELECT * FROM orders WHERE 'c-1' = customer`,
  `SELECT * FROM orders WHERE customer = other`,
  `SELECT * FROM orders -- WHERE customer = 'c-1'`,
  `SELECT * FROM orders /* x */`,
  `SELECT * FROM orders; DELETE FROM orders WHERE customer = 'c-1'`,
  `SELECT * FROM orders, other`,
  `SELECT * FROM (SELECT * FROM orders)`,
  `SELECT * FROM orders WHERE customer = ?`,
  `SELECT * FROM orders AS o WHERE o.customer = 'c-1'`,
  `SELECT`,
  `EXISTS(SELECT * FROM orders WHERE customer = 'c-1')`,
  `INSERT INTO orders VALUE 'x'`,
  `INSERT INTO orders VALUE {'customer': 'c-1', 'customer': 'c-2'}`,
  `UPDATE orders WHERE customer = 'c-1'`,
  `UPDATE orders SET a = (SELECT 1) WHERE customer = 'c-1'`,
  `DROP TABLE orders`,
  `SELECT * FROM orders WHERE customer = 'c-1`,
];

const REFUSED: readonly Case[] = [
  ...UNTOLD.map((text): Case => ({ name: text.slice(0, 80), request: run(text), expect: /cannot be determined/ })),
  { name: 'a parameter too many', request: run('SELECT * FROM orders', [{ S: 'x' }]), expect: /cannot be determined/ },
  {
    name: 'an update of no key',
    request: run(`UPDATE orders SET a = 1 WHERE day > 5`),
    expect: /the item that it changes/,
  },
  {
    name: 'a key that is a list',
    request: run(`DELETE FROM orders WHERE customer = ['c-1']`),
    expect: /cannot be read/,
  },
  {
    name: 'an item without the key',
    request: run(`INSERT INTO orders VALUE {'day': 1}`),
    expect: /can be the partition key/,
  },
  { name: 'a table with a slash', request: run(`SELECT * FROM "orders/index/x"`), expect: /not a valid name/ },
];

describe('PartiQL', () => {
  describe('maps', () => runCases(DYNAMODB, MAPPED));
  describe('refuses', () => runCases(DYNAMODB, REFUSED));
});
