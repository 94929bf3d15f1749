/** What no request says is asked of the server behind, and what that does not say stays unknown. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '@leasehold/sandbox';
import { anEnvironment, aReleaseRole } from '../support/environment';
import { aLease, aSandbox, plain } from './support/sandbox';
import { type Keys, send } from './support/wire';

const HERE = 'ap-northeast-2:123456789012';
const TABLE = `arn:aws:dynamodb:${HERE}:table/orders`;
const KEY = `arn:aws:kms:${HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const SECRET = `arn:aws:secretsmanager:${HERE}:secret:shop`;

/** May read the orders of its own release. */
const role = aReleaseRole({
  allow: [
    {
      actions: ['dynamodb:Query'],
      resources: [TABLE, `${TABLE}/index/*`],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${param.release}'] } },
    },
  ],
});

/** The server behind: an answer, or a status, for each operation. */
type Answers = Readonly<Record<string, object | string | number>>;

const hash = (AttributeName: string) => [
  { AttributeName, KeyType: 'HASH' },
  { AttributeName: 'sort', KeyType: 'RANGE' },
];
const ORDERS = {
  Table: {
    KeySchema: hash('release'),
    GlobalSecondaryIndexes: [{ IndexName: 'by-day', KeySchema: hash('day') }],
    LocalSecondaryIndexes: [{ IndexName: 'by-size', KeySchema: hash('release') }],
  },
};
const COMPLETE: Answers = {
  DescribeTable: ORDERS,
  DescribeKey: { KeyMetadata: { Arn: KEY } },
  DescribeSecret: { ARN: `${SECRET}-a1B2c3` },
};

let server: Server;
let answers: Answers;
let asked: string[];
let sandbox: Sandbox;
let lease: Keys;
let administrator: Keys;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    asked.push(operation);
    const answer = answers[operation] ?? {};
    response.writeHead(typeof answer === 'number' ? answer : 200);
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

beforeEach(async () => {
  answers = COMPLETE;
  asked = [];
  const backing = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox = await aSandbox(anEnvironment({ roles: [role] }), { backing });
  lease = await aLease(sandbox);
  administrator = plain(sandbox.administrator);
});
afterEach(() => sandbox.stop());

const call = (service: string, target: string, input: object, keys: Keys) =>
  send(sandbox, {
    service,
    keys,
    headers: {
      'content-type': `application/x-amz-json-${service === 'dynamodb' ? '1.0' : '1.1'}`,
      'x-amz-target': target,
    },
    body: JSON.stringify(input),
  });

const query = async (condition: string, index?: string) => {
  const ExpressionAttributeValues = { ':r': { S: '1.4.2' }, ':s': { S: 'x' } };
  const input = { TableName: 'orders', KeyConditionExpression: condition, ExpressionAttributeValues };
  const target = 'DynamoDB_20120810.Query';
  return (await call('dynamodb', target, index ? { ...input, IndexName: index } : input, lease)).status;
};
const MINE = 'release = :r AND sort = :s';

describe('the partition key of a table', () => {
  it.each([
    ['of its own partition', MINE, undefined, 200],
    ["of another's", 'release = :s AND sort = :r', undefined, 400],
    ['of no partition', 'sort = :r', undefined, 501],
    ["by an index's own key", 'day = :r AND sort = :s', 'by-day', 200],
    ["by another index's key", MINE, 'by-day', 501],
    ['by an index of the same key', MINE, 'by-size', 200],
  ])('tells what a query reads: %s', async (_, condition, index, status) => {
    expect(await query(condition, index)).toBe(status);
  });

  it.each<[string, Answers[string]]>([
    ['there is no such table', 400],
    ['the server fails', 500],
    ['the answer is not JSON', '<html>'],
    ['the answer is no object', '[]'],
    ['the answer is another', { Tables: [] }],
    ['the key has no name', { Table: { KeySchema: [{ KeyType: 'HASH' }] } }],
    ['there are two keys', { Table: { KeySchema: [...hash('release'), ...hash('sort')] } }],
  ])('stays unknown, and every key is asked for, when %s', async (_, answer) => {
    answers = { ...COMPLETE, DescribeTable: answer };
    expect(await query(MINE)).toBe(400);
    expect(await query('release = :r')).toBe(200);
  });

  it('is read once for calls that follow each other, and again when a table was made anew', async () => {
    await query(MINE);
    await query(MINE);
    expect(asked.filter((operation) => operation === 'DescribeTable')).toHaveLength(1);
    answers = { ...COMPLETE, DescribeTable: { Table: { KeySchema: hash('sort') } } };
    const table = { TableName: 'orders', KeySchema: [], AttributeDefinitions: [] };
    expect((await call('dynamodb', 'DynamoDB_20120810.CreateTable', table, administrator)).status).toBe(200);
    expect(await query('release = :r AND sort = :s')).toBe(400);
    expect(await query('release = :s AND sort = :r')).toBe(200);
  });
});

const resources = () => sandbox.log.last?.decisions.map(({ resource }) => resource);

describe('the key behind an alias', () => {
  const encrypt = (KeyId: string) =>
    call('kms', 'TrentService.Encrypt', { KeyId, Plaintext: 'eA==' }, administrator).then(({ status }) => status);

  it('is what is authorised', async () => {
    expect(await encrypt('alias/shop')).toBe(200);
    expect(resources()).toEqual([KEY]);
    const both = { SourceKeyId: 'alias/a', DestinationKeyId: 'alias/b', CiphertextBlob: 'eA==' };
    expect((await call('kms', 'TrentService.ReEncrypt', both, administrator)).status).toBe(200);
    expect(resources()).toEqual([KEY, KEY]);
  });

  it.each<[string, Answers[string]]>([
    ['there is none', 400],
    ['the answer is no key', { KeyMetadata: { Arn: 'arn:aws:s3:::shop' } }],
    ['the key is in another region', { KeyMetadata: { Arn: KEY.replace('northeast-2', 'northeast-1') } }],
  ])('is refused when %s', async (_, answer) => {
    answers = { ...COMPLETE, DescribeKey: answer };
    expect(await encrypt('alias/shop')).toBe(501);
    expect(asked).toEqual(['DescribeKey']);
  });

  it('of another account is not even asked for', async () => {
    expect(await encrypt('arn:aws:kms:ap-northeast-2:210987654321:alias/shop')).toBe(501);
    expect(asked).toEqual([]);
  });
});

describe('the whole ARN of a secret', () => {
  const read = (SecretId: string) =>
    call('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId }, administrator);

  it.each([
    ['by its name', 'shop', COMPLETE.DescribeSecret ?? 400, `${SECRET}-a1B2c3`],
    ['by part of its ARN', SECRET, COMPLETE.DescribeSecret ?? 400, `${SECRET}-a1B2c3`],
    [
      "by its whole ARN, which is no other secret's name",
      `${SECRET}-a1B2c3`,
      { ARN: `${SECRET}-a1B2c3-X1Y2Z3` },
      `${SECRET}-a1B2c3`,
    ],
    ['when there is none', 'shop', 400, `${SECRET}-??????`],
    ["when the answer is another secret's", 'shop', { ARN: `${SECRET}-of-others-a1B2c3` }, `${SECRET}-??????`],
  ])('is what is authorised: %s', async (_, id, answer, resource) => {
    answers = { ...COMPLETE, DescribeSecret: answer };
    await read(id);
    expect(resources()).toEqual([resource]);
  });
});

it('a server that is gone is an error, not a yes', async () => {
  const other = await aSandbox(undefined, { backing: 'http://127.0.0.1:9' });
  const { status } = await send(other, {
    service: 'kms',
    keys: plain(other.administrator),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Encrypt' },
    body: '{"KeyId":"alias/shop"}',
  });
  await other.stop();
  expect(status).toBe(503);
});
