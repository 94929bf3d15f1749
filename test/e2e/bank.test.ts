/** `examples/bank` as somebody tries it: the story on this machine; its tables and rows on a real Terraform and moto. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Ran, run } from './support/run';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const ROOT = join(__dirname, '..', '..');
const BANK = join(ROOT, 'examples', 'bank');
const ACCOUNT = '444455556666';
const REGION = 'eu-central-1';

describe('npm run demo:broker', () => {
  let told: Ran;
  const story = () => told.stdout.replaceAll(/\s+/g, ' ');

  beforeAll(async () => {
    // Neither a terminal, nor input, nor AWS settings that lead anywhere.
    const env = {
      AWS_PROFILE: 'nobody',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_REGION: '',
      NO_COLOR: '1',
    };
    told = await run('npm', ['run', '--silent', 'demo:broker'], { cwd: ROOT, env, expect: [0, 1] });
  }, 5 * MINUTES);

  it('goes as it is told, to its end', () => {
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/All of it went as told\./);
    expect(told.stdout.match(/^\d+\. /gm)).toHaveLength(10);
  });

  it.each([
    ['a customer’s own transactions are granted', 'role customer-transactions customer=c-1001 actions dynamodb:Query'],
    ['and really read', '✓ 4 rows 2026-10-02 -42.90 EUR Bookshop on the Alster'],
    [
      'somebody else’s are denied by AWS',
      /customer = c-1002 ✗ AWS says no: AccessDeniedException User: \S+customer-transactions\/lh- ?\w+ is not authorized to perform: dynamodb:Query/,
    ],
    ['a forged token proves nothing', 'somebody else signed ✗ The broker says no: subject-invalid'],
    ['nor does an expired one', 'from yesterday ✗ The broker says no: subject-invalid'],
    ['nor a plain field', 'as a field ✗ The broker says no: malformed'],
    ['no role gives an analyst a scan', 'with dynamodb:Scan ✗ The broker says no: outside-envelope'],
    [
      'and AWS denies it with the lease that she has',
      /bank-prod-daily-report\/lh-\w+ is not authorized to perform: dynamodb:Scan/,
    ],
    ['an injected reason is denied', 'with that as the reason ✗ The broker says no: reviewer-denied'],
    ['and has nothing more with a model that obeys it', '"dynamodb:Scan"]} ✗ The broker says no: reviewer-failed'],
    ['a write in production is pending', '✓ pending: 2 of hana, olga, ravi must say yes'],
    ['its requester cannot approve it', 'approve, by Emil, with MFA ✗ The broker says no: own-lease'],
    ['one yes is not enough', '✓ pending: olga said yes'],
    ['two are', '✓ approved: olga and ravi said yes'],
    ['it is collected and used', 'dynamodb:PutItem bank-prod-transactions, customer = c-1001 ✓ booked'],
    ['and once revoked, the next call is denied', 'with an explicit deny in an identity-based policy'],
    ['an agent’s call to approve does not reach the broker', 'approve, by the operator ✗ AWS says no: 403'],
    ['the chain of the lease is verified', '✓ 8 events, each with the hash of the one before'],
    ['and CloudTrail has who approved', 'approvers olga ravi'],
  ])('%s', (_, line) => {
    expect(story()).toEqual(typeof line === 'string' ? expect.stringContaining(line) : expect.stringMatching(line));
  });

  it('shows no secret: no key, no token of AWS, no token of a customer', () => {
    expect(told.stdout + told.stderr).not.toMatch(/\b(AKIA|ASIA)[A-Z0-9]{12}|\beyJ[\w-]+\./);
  });
});

describeWithRealTools('the bank’s tables and rows', () => {
  let moto: Moto;
  let folder: string;
  let terraform: Terraform;
  let dynamodb: DynamoDBClient;
  const names = Object.keys(JSON.parse(readFileSync(join(BANK, 'tables', 'tables.json'), 'utf8'))).map(
    (table) => `bank-prod-${table}`,
  );
  const variables = ['-var', 'environment=prod'];

  beforeAll(async () => {
    moto = await startMoto(ACCOUNT);
    dynamodb = new DynamoDBClient({ ...moto.client, region: REGION });
    folder = mkdtempSync(join(tmpdir(), 'leasehold-bank-'));
    for (const part of ['tables', 'roles']) cpSync(join(BANK, part), join(folder, part), { recursive: true });
    terraform = terraformIn(join(folder, 'tables'), moto);
    await terraform.init();
    await terraform.apply(...variables);
  }, 5 * MINUTES);

  afterAll(async () => {
    dynamodb?.destroy();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const command = (name: 'seed' | 'teardown', ...args: readonly string[]) =>
    run(process.execPath, [join(BANK, `${name}.mjs`), ...args], {
      cwd: ROOT,
      env: { ...moto.environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      expect: [0, 1],
    });
  const tables = async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames?.sort();
  const rowsOf = async (TableName: string) => (await dynamodb.send(new ScanCommand({ TableName }))).Count;
  const arnOf = (table: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`;

  it('are protected, backed up, encrypted, and named as the roles have them', async () => {
    expect(await tables()).toEqual([...names].sort());
    for (const TableName of names) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({
        DeletionProtectionEnabled: true,
        SSEDescription: { Status: 'ENABLED' },
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      });
      const backups = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
      expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
        PointInTimeRecoveryStatus: 'ENABLED',
      });
    }
  });

  it(
    'are applied twice without drift',
    async () => {
      expect(await terraform.plan(...variables)).toEqual({ changes: [], outputs: [] });
      await terraform.apply(...variables);
    },
    5 * MINUTES,
  );

  it('are filled by `seed`, and by a second run no further', async () => {
    for (const _ of ['once', 'again']) {
      expect(await command('seed', 'prod')).toMatchObject({ code: 0, stderr: '' });
      expect(await rowsOf('bank-prod-transactions')).toBe(7);
    }
    expect(await rowsOf('bank-prod-user-directory')).toBe(6);
  });

  it('`seed` and `teardown` keep to the account of the environment', async () => {
    for (const name of ['seed', 'teardown'] as const) {
      const { code, stderr } = await command(name, 'dev');
      expect(code).toBe(1);
      expect(stderr).toBe(`refused: these credentials are of account ${ACCOUNT}, and dev is 111122223333\n`);
    }
  });

  it.each([[['staging']], [[]], [['prod', '--force']]])('`teardown %s` is refused', async (args) => {
    const { code, stdout, stderr } = await command('teardown', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^refused: .*\n$/);
  });

  it('`teardown` only says what it would delete', async () => {
    const { code, stdout } = await command('teardown', 'prod');
    expect(code).toBe(0);
    expect(stdout).toContain('bank-prod-balances: would be deleted, with the rows of the seed\n');
    expect(stdout).toMatch(/Nothing was deleted\. Add --yes to delete\.\n$/);
    expect(await tables()).toEqual([...names].sort());
    expect(await rowsOf('bank-prod-balances')).toBe(4);
  });

  it('`seed` and `teardown` leave a table alone that only has the name of one of the bank’s', async () => {
    const ResourceArn = arnOf('bank-prod-balances');
    await dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['leasehold-example'] }));
    for (const [name, ...args] of [
      ['seed', 'prod'],
      ['teardown', 'prod', '--yes', '--all-rows'],
    ] as const) {
      const { code, stderr } = await command(name, ...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^refused: bank-prod-balances does not bear the tag leasehold-example=bank/);
    }
    expect(await tables()).toEqual([...names].sort());
    const Tags = [{ Key: 'leasehold-example', Value: 'bank' }];
    await dynamodb.send(new TagResourceCommand({ ResourceArn, Tags }));
  });

  it('`teardown --yes` deletes nothing while a row is somebody else’s', async () => {
    const Item = { customer: { S: 'c-9999' }, booking: { S: '2026-11-01 0001' } };
    await dynamodb.send(new PutItemCommand({ TableName: 'bank-prod-transactions', Item }));
    const { code, stdout, stderr } = await command('teardown', 'prod', '--yes');
    expect(code).toBe(1);
    expect(stdout).toContain('bank-prod-transactions: to be deleted, with rows that are not of the seed\n');
    expect(stderr).toMatch(/^refused: rows in bank-prod-transactions are not of the seed; nothing was deleted/);
    expect(await tables()).toEqual([...names].sort());
  });

  it('`teardown --yes --all-rows` deletes all of them, and then finds none', async () => {
    expect(await command('teardown', 'prod', '--yes', '--all-rows')).toMatchObject({ code: 0, stderr: '' });
    expect(await tables()).toEqual([]);
    const { code, stdout } = await command('teardown', 'prod', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('bank-prod-transactions: is not there\n');
    expect(await command('seed', 'prod')).toMatchObject({ code: 1, stderr: expect.stringMatching(/apply tables\//) });
  });

  it(
    'and leaves Terraform nothing to destroy',
    async () => {
      expect((await terraform.plan('-destroy', ...variables)).changes).toEqual([]);
    },
    5 * MINUTES,
  );
});
