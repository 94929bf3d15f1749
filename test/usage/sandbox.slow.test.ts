/** Leases that work in the sandbox, and what their events show: as its log, and as files of a trail. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Sandbox } from '@leasehold/sandbox';
import { startSandbox } from '@leasehold/sandbox';
import { folderUnits, gather, propose, type RoleUsage, usageOf } from '@leasehold/usage';
import { aProject, HEAD, TODAY } from './support/project';
import { evidence, withFolder } from './support/records';

const ROLE = `${HEAD}allow:
  - actions: [dynamodb:DescribeTable, dynamodb:GetItem, dynamodb:PutItem, dynamodb:DescribeTimeToLive]
    resources:
      - arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders
      - arn:aws:dynamodb:ap-northeast-2:123456789012:table/carts
  - actions: [lambda:GetFunctionConfiguration, lambda:GetPolicy]
    resources: ["arn:aws:lambda:ap-northeast-2:123456789012:function:shop"]
companions: [lambda]
sensitive:
  - { action: dynamodb:GetItem, because: "The task reads back what it wrote." }
  - { action: lambda:GetFunctionConfiguration, because: "The task compares versions." }
`;
const project = aProject(ROLE);

/** Two leases: one reads a table and is denied another, the other only looks at a function. */
async function work(sandbox: Sandbox): Promise<void> {
  const [first, second] = [await sandbox.lease('work'), await sandbox.lease('work')];
  const base = { region: 'ap-northeast-2', endpoint: sandbox.url, maxAttempts: 1 };
  const db = new DynamoDBClient({ ...base, credentials: { ...first } as never });
  await db.send(new DescribeTableCommand({ TableName: 'orders' }));
  await db.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } }));
  await db.send(new DescribeTableCommand({ TableName: 'customers' })).catch(() => {});
  const lambda = new LambdaClient({ ...base, credentials: { ...second } as never });
  await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'shop' }));
  db.destroy();
  lambda.destroy();
}

/** Runs the work, and reads the log of the sandbox with a function. */
function afterWork<T>(use: (folder: string, log: readonly string[]) => Promise<T>): Promise<T> {
  return withFolder({}, async (folder) => {
    const logFile = join(folder, 'calls.jsonl');
    const sandbox = await startSandbox({ source: { definitions: project.definitions }, logFile });
    await work(sandbox);
    await sandbox.stop();
    return use(folder, readFileSync(logFile, 'utf8').trim().split('\n'));
  });
}

const statuses = (usage: RoleUsage | undefined) =>
  Object.fromEntries((usage?.entries ?? []).map(({ text, status }) => [text.replace(/^arn.*[:/]/, ''), status]));

it('shows everything that was used, from the log of the sandbox', () =>
  afterWork(async (folder) => {
    const [environment] = project.definitions.environments;
    if (environment === undefined) throw new Error('no environment');
    const found = await gather([environment], { units: await folderUnits(join(folder, 'calls.jsonl'), 'sandbox') });
    const [usage] = usageOf(found);
    expect(found.problems).toEqual([]);
    expect(usage?.tally).toMatchObject({ granted: 2, refused: 0, calls: 3, denied: 1 });
    expect([...(usage?.tally.leases.keys() ?? [])]).toEqual(['lh-1', 'lh-2']);
    expect(statuses(usage)).toEqual({
      'dynamodb:DescribeTable': 'used',
      'dynamodb:GetItem': 'used',
      'dynamodb:PutItem': 'unused',
      'dynamodb:DescribeTimeToLive': 'unused',
      orders: 'used',
      carts: 'unknown',
      'lambda:GetFunctionConfiguration': 'used',
      'lambda:GetPolicy': 'unused',
      shop: 'used',
    });
    expect(usage?.denials.map(({ action, resource, calls }) => [action, resource, calls])).toEqual([
      ['dynamodb:DescribeTable', 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/customers', 1],
    ]);
    const proposal = await propose(usageOf(found), project.definitions, { files: project.files, today: TODAY });
    expect(proposal.refused).toEqual([]);
    expect(proposal.proven).toEqual(['dev/work']);
    expect(proposal.files[0]?.after).toContain('- actions: [dynamodb:DescribeTable, dynamodb:GetItem]\n');
    expect(proposal.files[0]?.after).toContain('- actions: [lambda:GetFunctionConfiguration]\n');
  }));

it('shows the same from files of a trail, except what a trail may not record', () =>
  afterWork(async (folder, log) => {
    const [environment] = project.definitions.environments;
    if (environment === undefined) throw new Error('no environment');
    const records = log.map((line) => {
      const { verdict: _, decisions: __, ...record } = JSON.parse(line) as Record<string, unknown>;
      return record;
    });
    const place = join(folder, 'AWSLogs', '123456789012', 'CloudTrail', 'ap-northeast-2', '2026', '11', '30');
    mkdirSync(place, { recursive: true });
    const name = (number: number) =>
      join(place, `123456789012_CloudTrail_ap-northeast-2_20261130T00${number}0Z_AbCdEfGhIjKlMnOp.json.gz`);
    writeFileSync(name(1), gzipSync(JSON.stringify({ Records: evidence() })));
    // Each record twice, as two trails deliver them.
    writeFileSync(name(2), gzipSync(JSON.stringify({ Records: records })));
    writeFileSync(name(3), gzipSync(JSON.stringify({ Records: records })));
    const other = join(folder, 'AWSLogs', '210987654321', 'CloudTrail', 'ap-northeast-2');
    mkdirSync(other, { recursive: true });
    writeFileSync(
      join(other, '210987654321_CloudTrail_ap-northeast-2_20261130T0010Z_AbCdEfGhIjKlMnOp.json.gz'),
      'not read',
    );
    const found = await gather([environment], { units: await folderUnits(join(folder, 'AWSLogs'), 'trail') });
    const [usage] = usageOf(found);
    expect([found.problems, found.unitsOfOthers]).toEqual([[], 1]);
    expect(usage?.tally).toMatchObject({ granted: 2, calls: 3, denied: 1 });
    expect(statuses(usage)).toEqual({
      'dynamodb:DescribeTable': 'used',
      'dynamodb:GetItem': 'used',
      'dynamodb:PutItem': 'unknown',
      'dynamodb:DescribeTimeToLive': 'unused',
      orders: 'used',
      carts: 'unknown',
      'lambda:GetFunctionConfiguration': 'used',
      'lambda:GetPolicy': 'unused',
      shop: 'used',
    });
  }));

it('claims nothing if a file of the trail is cut off, and counts what it contains', () =>
  afterWork(async (folder, log) => {
    const [environment] = project.definitions.environments;
    if (environment === undefined) throw new Error('no environment');
    const whole = gzipSync(log.join('\n'));
    writeFileSync(join(folder, 'calls.jsonl'), whole.subarray(0, whole.length - 8));
    const found = await gather([environment], { units: await folderUnits(folder, 'sandbox') });
    expect(found.problems.map(({ kind }) => kind)).toEqual(['broken-gzip']);
    const [usage] = usageOf(found);
    expect(usage?.tally.calls).toBeGreaterThan(0);
    expect(Object.values(statuses(usage))).not.toContain('unused');
  }));
