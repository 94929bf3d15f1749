/** Real clients against a running sandbox: the tables, the signature and the decision together. */
import { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Sandbox } from '@leasehold/sandbox';
import { anEnvironment, aReleaseRole } from '../../support/environment';
import { aLease, aSandbox, clientOf } from '../support/sandbox';

const TABLE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
const role = aReleaseRole({
  allow: [
    ...aReleaseRole().allow,
    { actions: ['ec2:DescribeInstances'], resources: ['*'], conditions: {} },
    {
      actions: ['dynamodb:PutItem', 'dynamodb:Query'],
      resources: [TABLE],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${param.release}'] },
        Null: { 'dynamodb:LeadingKeys': ['false'] },
      },
    },
  ],
});

let sandbox: Sandbox;
let credentials: Awaited<ReturnType<typeof aLease>>;

beforeAll(async () => {
  sandbox = await aSandbox(anEnvironment({ roles: [role] }), {
    known: { partitionKeys: new Map([[TABLE, 'release']]) },
  });
  credentials = await aLease(sandbox);
});
afterAll(() => sandbox.stop());

/** The log's verdict, or the error that the client throws. */
async function outcome(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
  return sandbox.log.last?.verdict ?? 'unknown';
}

const Bucket = 'hermes-dev-deploy';
const item = (release: string) => ({ release: { S: release }, file: { S: '1.4.2' } });

describe('a lease of one release', () => {
  const config = () => ({ ...clientOf(sandbox), credentials: { ...credentials } });
  const s3 = () => new S3Client({ ...config(), forcePathStyle: true });
  const dynamodb = () => new DynamoDBClient(config());
  const ec2 = () => new EC2Client(config());

  it.each([
    [
      'uploads inside it',
      () => s3().send(new PutObjectCommand({ Bucket, Key: '1.4.2/a.js', Body: 'x', ContentLength: 1 })),
      'allowed',
    ],
    [
      'not outside it',
      () => s3().send(new PutObjectCommand({ Bucket, Key: '1.4.20/a.js', Body: 'x', ContentLength: 1 })),
      'AccessDenied',
    ],
    [
      'not open to the world',
      () => s3().send(new PutObjectCommand({ Bucket, Key: '1.4.2/a.js', ACL: 'public-read' })),
      'AccessDenied',
    ],
    ['lists inside it', () => s3().send(new ListObjectsV2Command({ Bucket, Prefix: '1.4.2/' })), 'allowed'],
    ['does not list outside it', () => s3().send(new ListObjectsV2Command({ Bucket })), 'AccessDenied'],
    [
      'copies within it',
      () => s3().send(new CopyObjectCommand({ Bucket, Key: '1.4.2/b', CopySource: `${Bucket}/1.4.2/a` })),
      'allowed',
    ],
    [
      'does not copy into it',
      () => s3().send(new CopyObjectCommand({ Bucket, Key: '1.4.2/b', CopySource: `${Bucket}/1.4.1/a` })),
      'AccessDenied',
    ],
    ['deletes nothing', () => s3().send(new DeleteObjectCommand({ Bucket, Key: '1.4.2/a' })), 'AccessDenied'],
    [
      'deletes nothing in a batch',
      () => s3().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: '1.4.2/a' }] } })),
      'AccessDenied',
    ],
    ['looks at instances', () => ec2().send(new DescribeInstancesCommand({})), 'allowed'],
    [
      'stops none',
      () => ec2().send(new TerminateInstancesCommand({ InstanceIds: ['i-12345678'] })),
      'UnauthorizedOperation',
    ],
    [
      'writes its own items',
      () => dynamodb().send(new PutItemCommand({ TableName: 'orders', Item: item('1.4.2') })),
      'allowed',
    ],
    [
      "does not write another's",
      () => dynamodb().send(new PutItemCommand({ TableName: 'orders', Item: item('1.4.1') })),
      'AccessDeniedException',
    ],
    [
      'queries its own items',
      () =>
        dynamodb().send(
          new QueryCommand({
            TableName: 'orders',
            KeyConditionExpression: '#r = :r',
            ExpressionAttributeNames: { '#r': 'release' },
            ExpressionAttributeValues: { ':r': { S: '1.4.2' } },
          }),
        ),
      'allowed',
    ],
    ['does not scan', () => dynamodb().send(new ScanCommand({ TableName: 'orders' })), 'AccessDeniedException'],
  ])('%s', async (_, send, expected) => {
    expect(await outcome(send())).toBe(expected);
  });

  it.each([
    ['inside it', '1.4.2/a.js', 200],
    ['outside it', '1.4.1/a.js', 403],
  ])('reads by a presigned URL %s: %s', async (_, Key, status) => {
    const url = await getSignedUrl(s3(), new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    expect((await fetch(url)).status).toBe(status);
  });
});
