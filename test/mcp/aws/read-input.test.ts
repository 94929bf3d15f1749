/** The JSON of a model as the input of an operation, by the SDK's own model of the operation. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput } from '../../../lib/mcp/aws/read-input';
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { FileFolder, LARGEST_FILE } from '../../../lib/mcp/files';

const packages = new SdkPackages([]);
let root: string;
let files: FileFolder;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'leasehold-mcp-'));
  files = await FileFolder.open(root);
  writeFileSync(join(root, 'app.js'), 'from a file');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function read(at: string, input: unknown): Promise<Record<string, unknown>> {
  const [service = '', operation = ''] = at.split(':');
  const shape = packages.operation({ prefix: service, packages: [service] }, operation).input;
  return readInput(shape, input as Record<string, unknown>, files);
}

const bytes = (text: string) => Buffer.from(text);

it.each<[string, unknown, unknown]>([
  ['s3:PutObject', { Bucket: 'b', Key: 'k', Body: 'text' }, { Bucket: 'b', Key: 'k', Body: bytes('text') }],
  ['s3:PutObject', { Body: { $base64: 'aGk=' } }, { Body: bytes('hi') }],
  ['s3:PutObject', { Body: { $file: 'app.js' } }, { Body: bytes('from a file') }],
  ['s3:PutObject', { Expires: null, Key: 'k' }, { Key: 'k' }],
  [
    's3:PutObject',
    { Metadata: { constructor: 'a', toString: 'b' } },
    { Metadata: { constructor: 'a', toString: 'b' } },
  ],
  [
    's3:PutObject',
    { ObjectLockRetainUntilDate: '2026-11-30T08:00:00Z' },
    { ObjectLockRetainUntilDate: new Date('2026-11-30T08:00:00Z') },
  ],
  ['s3:ListObjectsV2', { MaxKeys: 5, FetchOwner: true }, { MaxKeys: 5, FetchOwner: true }],
  [
    'dynamodb:PutItem',
    { Item: { id: { S: 'x' }, n: { N: '1' }, l: { L: [{ BOOL: true }] }, b: { B: 'bin' } } },
    { Item: { id: { S: 'x' }, n: { N: '1' }, l: { L: [{ BOOL: true }] }, b: { B: bytes('bin') } } },
  ],
  ['lambda:Invoke', { FunctionName: 'f', Payload: '{"a":1}' }, { FunctionName: 'f', Payload: bytes('{"a":1}') }],
  [
    'bedrock-runtime:Converse',
    { modelId: 'm', additionalModelRequestFields: { top_k: 5, list: [null, 'x'] } },
    { modelId: 'm', additionalModelRequestFields: { top_k: 5, list: [null, 'x'] } },
  ],
  ['sts:GetCallerIdentity', {}, {}],
])('%s %j', async (at, input, expected) => {
  expect(await read(at, input)).toEqual(expected);
});

const parsed = (json: string): unknown => JSON.parse(json);
const deep = (levels: number): unknown => (levels === 0 ? { S: 'x' } : { L: [deep(levels - 1)] });

it.each<[string, unknown, string]>([
  ['s3:PutObject', { bucket: 'b' }, 'input has no member "bucket"; the nearest is Bucket'],
  ['s3:PutObject', { endpoint: 'https://evil.example' }, 'input has no member "endpoint"'],
  ['s3:PutObject', { credentials: {} }, 'input has no member "credentials"'],
  ['s3:PutObject', parsed('{"__proto__":{"Bucket":"b"}}'), 'input has no member "__proto__"'],
  ['s3:PutObject', { constructor: {} }, 'input has no member "constructor"'],
  ['s3:PutObject', { toString: 'x' }, 'input has no member "toString"'],
  ['s3:PutObject', { Metadata: parsed('{"__proto__":"x"}') }, 'input.Metadata should be no key "__proto__"'],
  ['s3:PutObject', { Bucket: ['b'] }, 'input.Bucket should be a text'],
  ['s3:PutObject', { Bucket: { toString: 'b' } }, 'input.Bucket should be a text'],
  ['s3:PutObject', { Body: { $file: 'app.js', $base64: '' } }, 'input.Body should be a text, or {"$file"'],
  ['s3:PutObject', { Body: { $file: 1 } }, 'input.Body should be a text, or {"$file"'],
  ['s3:PutObject', { Body: { $base64: 'not base64!' } }, 'input.Body should be a text, or {"$file"'],
  ['s3:PutObject', { Body: { path: '/etc/passwd' } }, 'input.Body should be a text, or {"$file"'],
  ['s3:PutObject', { Body: { $file: '../secret' } }, 'the file name is not permitted'],
  ['s3:PutObject', { ObjectLockRetainUntilDate: 1_800_000_000 }, 'should be a time such as'],
  ['s3:PutObject', { ObjectLockRetainUntilDate: 'tomorrow' }, 'should be a time such as'],
  ['s3:ListObjectsV2', { MaxKeys: '5' }, 'input.MaxKeys should be a number'],
  ['s3:ListObjectsV2', { FetchOwner: 'yes' }, 'input.FetchOwner should be true or false'],
  ['s3:DeleteObjects', { Delete: { Objects: { Key: 'k' } } }, 'input.Delete.Objects should be a list'],
  ['s3:DeleteObjects', { Delete: [] }, 'input.Delete should be an object'],
  [
    's3:DeleteObjects',
    { Delete: { Objects: [{ key: 'k' }] } },
    'input.Delete.Objects[0] has no member "key"; the nearest is Key',
  ],
  ['dynamodb:PutItem', { Item: { a: deep(60) } }, 'at most 40 levels'],
  ['bedrock-runtime:Converse', { additionalModelRequestFields: parsed('{"__proto__":1}') }, 'no key "__proto__"'],
  ['sts:GetCallerIdentity', { RoleArn: 'x' }, 'input has no member "RoleArn"'],
  ['bedrock-runtime:InvokeModelWithBidirectionalStream', { modelId: 'm' }, 'streams events'],
])('%s %j is refused: %s', async (at, input, message) => {
  await expect(read(at, input)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining(message) });
  expect(({} as { Bucket?: string }).Bucket).toBeUndefined();
});

it('the files of all members have one budget', async () => {
  writeFileSync(join(root, 'large'), '');
  truncateSync(join(root, 'large'), LARGEST_FILE);
  const attribute = (name: string) => ({ DataType: 'Binary', BinaryValue: { $file: name } });
  const input = { MessageAttributes: { a: attribute('app.js'), b: attribute('large') } };
  await expect(read('sqs:SendMessage', input)).rejects.toMatchObject({ code: 'too-large' });
});
