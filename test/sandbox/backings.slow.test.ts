/** Servers behind single services: a real DynamoDB on this machine, and receipts for the rest. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { defined } from '@leasehold/contract/defined';
import { type Sandbox, SandboxError, startSandbox } from '@leasehold/sandbox';
import { type LocalDynamoDb, startDynamoDb } from '../../lib/cli/dev/dynamodb';
import { anEnvironment, aReleaseRole, definitions } from '../support/environment';
import { aSandbox, clientOf } from './support/sandbox';

const TABLE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/notes';

/** Reads the notes of one release, by table and by index. */
const ENVIRONMENT = anEnvironment({
  roles: [
    aReleaseRole({
      allow: [
        {
          actions: ['dynamodb:Query'],
          resources: [TABLE, `${TABLE}/index/by-author`],
          conditions: {
            'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${param.release}'] },
            Null: { 'dynamodb:LeadingKeys': ['false'] },
          },
        },
        { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/*'], conditions: {} },
      ],
    }),
  ],
});

let dynamodb: LocalDynamoDb;
let sandbox: Sandbox;

beforeAll(async () => {
  dynamodb = await startDynamoDb(ENVIRONMENT);
  sandbox = await aSandbox(ENVIRONMENT, { backings: { dynamodb: dynamodb.url } });
  const admin = new DynamoDBClient(clientOf(sandbox, sandbox.administrator));
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  await admin.send(
    new CreateTableCommand({
      TableName: 'notes',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [text('release'), text('author')],
      KeySchema: [
        { AttributeName: 'release', KeyType: 'HASH' },
        { AttributeName: 'author', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-author',
          KeySchema: [{ AttributeName: 'author', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const describe = new DescribeTableCommand({ TableName: 'notes' });
  while ((await admin.send(describe)).Table?.TableStatus !== 'ACTIVE');
  for (const release of ['1.4.2', '1.4.3']) {
    const Item = { release: { S: release }, author: { S: 'ada' }, note: { S: `about ${release}` } };
    await admin.send(new PutItemCommand({ TableName: 'notes', Item }));
  }
});
afterAll(async () => {
  await sandbox.stop();
  await dynamodb.stop();
});

/** What a lease of release 1.4.2 reads with these keys. */
const query = async (keys: Readonly<Record<string, string>>, IndexName?: string) => {
  const lease = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
  const names = Object.keys(keys);
  const { Items = [] } = await new DynamoDBClient(clientOf(sandbox, lease)).send(
    new QueryCommand({
      TableName: 'notes',
      ...defined({ IndexName }),
      KeyConditionExpression: names.map((name) => `#${name} = :${name}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, { S: keys[name] ?? '' }])),
    }),
  );
  return Items.map(({ note }) => note?.S);
};

it('an allowed call reads what is really there', async () => {
  expect(await query({ release: '1.4.2' })).toEqual(['about 1.4.2']);
});

it("somebody else's rows are denied before the server hears of it", async () => {
  await expect(query({ release: '1.4.3' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('which attribute is the key of a table, or of an index, is what the server says', async () => {
  expect(await query({ release: '1.4.2', author: 'ada' })).toEqual(['about 1.4.2']);
  await expect(query({ author: 'ada' }, 'by-author')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(sandbox.log.last?.decisions).toMatchObject([{ resource: `${TABLE}/index/by-author` }]);
});

it('a whole table is denied', async () => {
  const lease = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
  const scan = new DynamoDBClient(clientOf(sandbox, lease)).send(new ScanCommand({ TableName: 'notes' }));
  await expect(scan).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('a service without a server gets its receipt', async () => {
  const lease = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
  const s3 = new S3Client({ ...clientOf(sandbox, lease), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key: 'a', Body: 'x' }));
  expect(sandbox.log.last).toMatchObject({ eventName: 'PutObject', verdict: 'allowed' });
});

it('a server that is gone is an answer, not an end', async () => {
  const gone = await startDynamoDb(ENVIRONMENT);
  const other = await aSandbox(ENVIRONMENT, { backings: { dynamodb: gone.url } });
  await gone.stop();
  const client = new DynamoDBClient(clientOf(other, other.administrator));
  await expect(client.send(new DescribeTableCommand({ TableName: 'notes' }))).rejects.toMatchObject({
    name: 'ServiceUnavailable',
  });
  await other.stop();
});

it('starts with no address that is none', async () => {
  const source = { definitions: definitions(ENVIRONMENT) };
  await expect(startSandbox({ source, backings: { dynamodb: 'dynamodb.local' } })).rejects.toThrow(SandboxError);
});
