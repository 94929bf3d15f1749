/** What a model sees of an answer: no credential, no more than the limit, and the way to the next page. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { trimmed } from '../../../lib/mcp/aws/trim';
import { type WriteOptions, writeOutput } from '../../../lib/mcp/aws/write-output';
import { FileFolder } from '../../../lib/mcp/files';
import { REMOVED, SecretList } from '../../../lib/mcp/secrets';
import { documentShape } from '../support/models';

const packages = new SdkPackages([]);
const LIMIT = 100;
let root: string;
let files: FileFolder;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'leasehold-mcp-'));
  files = await FileFolder.open(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const secrets = new SecretList();

function write(at: string, value: Record<string, unknown>, options: Partial<WriteOptions> = {}) {
  const [service = '', operation = ''] = at.split(':');
  const shape = packages.operation({ prefix: service, packages: [service] }, operation).output;
  const all = {
    files: undefined,
    saveAs: undefined,
    fallbackName: () => 'body.bin',
    longestText: LIMIT,
    scrub: (text: string, isCut: boolean) => secrets.scrub(text, isCut),
    ...options,
  };
  return writeOutput(shape, value, all);
}

it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'iam:CreateAccessKey',
    { AccessKey: { UserName: 'u', SecretAccessKey: 's' } },
    { AccessKey: { UserName: 'u', SecretAccessKey: REMOVED } },
  ],
  [
    'sts:AssumeRole',
    { Credentials: { AccessKeyId: 'A', SecretAccessKey: 's', SessionToken: 't' } },
    { Credentials: { AccessKeyId: 'A', SecretAccessKey: REMOVED, SessionToken: REMOVED } },
  ],
  ['secrets-manager:GetSecretValue', { Name: 'n', SecretString: 's' }, { Name: 'n', SecretString: REMOVED }],
  [
    'lambda:GetFunctionConfiguration',
    { Environment: { Variables: { DB_PASSWORD: 'hunter2', STAGE: 'prod' } } },
    { Environment: { Variables: { DB_PASSWORD: REMOVED, STAGE: REMOVED } } },
  ],
  [
    'lambda:GetFunction',
    { Code: { Location: 'https://awslambda.s3.amazonaws.com/x?versionId=1&X-Amz-Security-Token=t&X-Amz-Signature=s' } },
    { Code: { Location: 'https://awslambda.s3.amazonaws.com/x?[removed: signature]' } },
  ],
  [
    'dynamodb:GetItem',
    { Item: { SecretAccessKey: { S: 'the customer’s own data' }, when: { N: '1' } } },
    { Item: { SecretAccessKey: { S: 'the customer’s own data' }, when: { N: '1' } } },
  ],
  [
    's3:HeadObject',
    { LastModified: new Date(0), ContentLength: 1 },
    { LastModified: '1970-01-01T00:00:00.000Z', ContentLength: 1 },
  ],
  [
    'lambda:Invoke',
    { StatusCode: 200, Payload: Buffer.from('{"ok":true}') },
    { StatusCode: 200, Payload: '{"ok":true}' },
  ],
  ['s3:GetObject', { Body: Readable.from([Buffer.from('text')]), $metadata: {}, other: 1 }, { Body: 'text' }],
])('%s', async (at, value, expected) => {
  expect((await write(at, value)).output).toEqual(expected);
});

/** The SDK's own class, as an installed client resolves it. */
const { LazyJsonString } = createRequire(require.resolve('@aws-sdk/client-s3/package.json'))('@smithy/core/serde') as {
  LazyJsonString: { from(text: string): unknown };
};

describe('texts that the SDK boxes, as it does for the media type JSON,', () => {
  const SECRET = 'hunter2-boxed';
  const setting = `{"user":"u","password":"${SECRET}"}`;
  const clean = `{"user":"u","password":"${REMOVED}"}`;

  it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
    ['a member', 'ssm:GetDocument', { Content: LazyJsonString.from(setting) }, { Content: clean }],
    [
      'a secret member',
      'iam:CreateAccessKey',
      { AccessKey: { SecretAccessKey: LazyJsonString.from('s') } },
      { AccessKey: { SecretAccessKey: REMOVED } },
    ],
    [
      'a value of a map',
      's3:HeadObject',
      { Metadata: { a: LazyJsonString.from(setting), token: LazyJsonString.from('t') } },
      { Metadata: { a: clean, token: REMOVED } },
    ],
    [
      'a member with environment variables',
      's3:HeadObject',
      { Metadata: { env: LazyJsonString.from('{"A":"hunter2-boxed"}') } },
      { Metadata: { env: `{"A":"${REMOVED}"}` } },
    ],
    [
      'an element of a list',
      'sqs:ListQueues',
      { QueueUrls: [LazyJsonString.from(`https://u:${SECRET}@a.b/q`)] },
      { QueueUrls: [`https://u:${REMOVED}@a.b/q`] },
    ],
    ['a body', 'lambda:Invoke', { Payload: LazyJsonString.from(setting) }, { Payload: clean }],
  ])('are cleaned like other texts: %s', async (_, at, value, expected) => {
    const { output } = await write(at, value);
    expect(output).toEqual(expected);
  });

  it('are cleaned in documents, where functions have no JSON', async () => {
    const value = { document: { a: LazyJsonString.from(setting), n: Object(1), f: () => SECRET, s: Symbol(SECRET) } };
    const { output } = await writeOutput(documentShape(), value, {
      ...{ files: undefined, saveAs: undefined, fallbackName: () => '', longestText: LIMIT },
      scrub: (text) => text,
    });
    expect(output).toEqual({ document: { a: clean, n: 1 } });
    expect(JSON.stringify(output)).not.toContain('deserializeJSON');
  });
});

describe('a document', () => {
  const KEY = 'hunter2-hunter2-hunter2';
  const document = (value: unknown) =>
    writeOutput(
      documentShape(),
      { document: value },
      {
        ...{ files: undefined, saveAs: undefined, fallbackName: () => '', longestText: LIMIT },
        scrub: (text) => text,
      },
    );

  it.each<[string, unknown]>([
    ['in another text', { password: KEY, note: `mysql -p${KEY} -h db` }],
    ['in an encoded text', { a: { token: KEY }, b: [Buffer.from(`u:${KEY}`).toString('base64')] }],
    ['in a key', { apiKey: KEY, [KEY]: 1 }],
    ['after a pair', { pairs: [{ name: 'db-password', value: KEY }], log: KEY }],
    ['after JSON in a text', { json: JSON.stringify({ a: [{ secret: KEY }] }), log: KEY }],
    ['in JSON in a text', { json: JSON.stringify({ note: `-p${KEY}` }), secret: KEY }],
  ])('contains no further copy of a secret %s', async (_, value) => {
    const { output } = await document(value);
    const text = JSON.stringify(output);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(Buffer.from(`u:${KEY}`).toString('base64'));
  });

  it('contains no copy of any secret, however many there are', async () => {
    const keys = Array.from({ length: 500 }, (_, index) => `${KEY}-${index}`);
    const { output } = await document(keys.map((password) => ({ password, note: `mysql -p${password} -h db` })));
    expect(JSON.stringify(output)).not.toContain(KEY);
  });

  it.each<[string, unknown]>([
    ['that equal a variable', { environment: { STAGE: 'production-eu-west-1' }, note: 'production-eu-west-1' }],
    ['that equal a short secret', { password: 'postgres', engine: 'postgres' }],
    [
      'that equal a name',
      { secret: 'arn:aws:secretsmanager:a:1:secret:b', note: 'arn:aws:secretsmanager:a:1:secret:b' },
    ],
  ])('keeps texts %s', async (_, value) => {
    const { output } = await document(value);
    const { note, engine } = value as Record<string, unknown>;
    expect((output as { document: object }).document).toMatchObject(note === undefined ? { engine } : { note });
  });

  it('that is very deep is cut', async () => {
    let deep: unknown = KEY;
    for (let level = 0; level < 50_000; level++) deep = level % 2 === 0 ? [deep] : { a: deep };
    const { output } = await document(deep);
    expect(JSON.stringify(output)).toContain(REMOVED);
    expect(JSON.stringify(output)).not.toContain(KEY);
  });

  it('of a shape that contains itself is cut', async () => {
    let item: Record<string, unknown> = { S: KEY };
    for (let level = 0; level < 5000; level++) item = { L: [item] };
    const text = JSON.stringify((await write('dynamodb:GetItem', { Item: { a: item } })).output);
    expect(text).toContain(REMOVED);
    expect(text).not.toContain(KEY);
  });
});

const binary = () => Readable.from([Buffer.from([0, 1, 2]), Buffer.alloc(300, 255)]);

describe('a body', () => {
  it('that is binary is left out without a folder, and the stream is not read on', async () => {
    const stream = binary();
    const { output, notes } = await write('s3:GetObject', { Body: stream });
    expect(output).toEqual({ Body: { $omitted: 'more than 303 bytes' } });
    expect(notes).toEqual([expect.stringContaining('--files FOLDER')]);
    expect(stream.destroyed).toBe(true);
  });

  it('that is binary goes to a file of the folder', async () => {
    const { output, files: saved } = await write('s3:GetObject', { Body: binary() }, { files });
    expect(output).toEqual({ Body: { $file: 'body.bin' } });
    expect(saved).toEqual([{ at: 'output.Body', file: 'body.bin', bytes: 303 }]);
    expect(readFileSync(join(root, 'body.bin'))).toHaveLength(303);
  });

  it('goes to the file that was named, as it is', async () => {
    const text = 'aws_secret_access_key = abcdefghijklmnopqrstuvwxyz0123456789ABCD';
    const { output } = await write(
      's3:GetObject',
      { Body: Readable.from([Buffer.from(text)]) },
      { files, saveAs: await files.reserve('a.txt') },
    );
    expect(output).toEqual({ Body: { $file: 'a.txt' } });
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe(text);
  });

  it('that is a long text is cut without a folder', async () => {
    const { output, notes } = await write('s3:GetObject', { Body: Readable.from([Buffer.from('é'.repeat(200))]) });
    expect((output as { Body: string }).Body).toMatch(/^é+$/);
    expect(notes).toEqual([expect.stringContaining('Range')]);
  });

  it('that is cut is cleaned in its lines', async () => {
    const body = `${'{"token":{"a":"hunter2-cut"}}\n'.repeat(10)}`;
    const { output } = await write('s3:GetObject', { Body: Readable.from([Buffer.from(body)]) });
    expect(JSON.stringify(output)).not.toContain('hunter2-cut"}');
  });

  it('that is cut does not end with the beginning of a secret', async () => {
    const key = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYLEASEDKEY1';
    const forget = secrets.add([key]);
    const body = `${'x'.repeat(80)}${key} and more`;
    const chunks = [Buffer.from(body.slice(0, 101)), Buffer.from(body.slice(101))];
    const { output } = await write('s3:GetObject', { Body: Readable.from(chunks) });
    expect(output).toEqual({ Body: `${'x'.repeat(80)}${REMOVED}` });
    forget();
  });

  it('becomes one of at most 16 files, and of at most 16 notes', async () => {
    let number = 0;
    const records = [Array.from({ length: 40 }, () => ({ blobValue: Buffer.from([0, 1, 2]) }))];
    const fallbackName = () => `body-${number++}.bin`;
    const { files: saved, notes } = await write('rds-data:ExecuteStatement', { records }, { files, fallbackName });
    expect(saved).toHaveLength(16);
    expect(readdirSync(root)).toHaveLength(16);
    expect(notes).toHaveLength(16);
  });

  it('is not written over a file that exists', async () => {
    writeFileSync(join(root, 'body.bin'), 'before');
    const { output, notes } = await write('s3:GetObject', { Body: binary() }, { files });
    expect(output).toEqual({ Body: { $omitted: 'more than 303 bytes' } });
    expect(notes).toEqual([expect.stringContaining('no further file')]);
    expect(readFileSync(join(root, 'body.bin'), 'utf8')).toBe('before');
  });
});

describe('a long answer', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as unknown);

  it('is within the limit, and keeps what leads to the next page', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), fc.oneof(json, fc.array(json, { maxLength: 300 }))),
        fc.string({ maxLength: 80 }),
        fc.integer({ min: 400, max: 4000 }),
        (others, token, limit) => {
          const paging = { NextToken: token, IsTruncated: true };
          const rest = Object.fromEntries(
            Object.entries(others).filter(([name]) => !/token|marker|cursor|key|more|trunc/i.test(name)),
          );
          const { output, trimmed: cuts } = trimmed({ ...rest, ...paging }, limit);
          expect(JSON.stringify(output).length).toBeLessThanOrEqual(limit);
          expect(output).toMatchObject(paging);
          const isWhole = JSON.stringify({ ...rest, ...paging }).length <= limit;
          expect(cuts.length === 0).toBe(isWhole);
        },
      ),
      { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) },
    );
  });

  it('keeps a token of pagination whole, however much else is cut', () => {
    const NextToken = 't'.repeat(3000);
    const texts = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`Text${index}`, 'x'.repeat(3000)]));
    expect(trimmed({ ...texts, NextToken }, 8000).output.NextToken).toBe(NextToken);
  });

  it('keeps its first elements, and tells how many there were', () => {
    const Contents = Array.from({ length: 1000 }, (_, index) => ({ Key: `1.4.2/${index}` }));
    const { output, trimmed: cuts } = trimmed({ Contents, NextContinuationToken: 'next' }, 2000);
    expect(output).toMatchObject({ NextContinuationToken: 'next' });
    expect((output.Contents as object[]).slice(0, 2)).toEqual(Contents.slice(0, 2));
    expect(cuts).toEqual([{ at: 'output.Contents', kept: (output.Contents as object[]).length, of: 1000 }]);
  });
});
