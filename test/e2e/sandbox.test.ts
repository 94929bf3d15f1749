/** The sandbox before a real moto server, with what a real Terraform applied, asked by boto3 and the AWS CLI. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateAliasCommand, CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import { Backings } from '../../lib/sandbox/backings';
import { Learner } from '../../lib/sandbox/learn';
import { DYNAMODB } from '../../lib/sandbox/services/dynamodb';
import { aRequest } from '../sandbox/services/support/requests';
import { anEnvironment, aReleaseRole, definitions } from '../support/environment';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';
import { terraformIn } from './support/terraform';

const MINUTES = 60_000;
const Bucket = 'hermes-dev-deploy';
const environment = anEnvironment({ roles: [aReleaseRole()] });

describeWithRealTools('the sandbox before moto', () => {
  let moto: Moto;
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    moto = await startMoto(environment.account);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesizeUnchecked(definitions(environment), { outdir: join(folder, 'cdktf.out') });
    const terraform = terraformIn(stack?.directory ?? folder, moto);
    await terraform.init();
    await terraform.apply();
    await new S3Client({ ...moto.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    const { account, region } = environment;
    sandbox = await startSandbox({ source: { applied: { account, region } }, backing: moto.url });
  }, 4 * MINUTES);

  afterAll(async () => {
    await sandbox?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a lease of `s3-deploy` is asked for with. */
  const lease = (id: string) => {
    const device = sandbox.enrolMfaDevice();
    return {
      RoleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
      RoleSessionName: id,
      SourceIdentity: 'hermes-dev-agent',
      DurationSeconds: 900,
      SerialNumber: device.serialNumber,
      TokenCode: device.code(),
      Tags: [
        { Key: 'lease-id', Value: id },
        { Key: 'reason', Value: 'Deploy build 1.4.2' },
        { Key: 'param.release', Value: '1.4.2' },
      ],
    };
  };

  it(
    'gives boto3 the yes and the no of AWS, call by call',
    async () => {
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = sandbox.keys;
      const plan = {
        url: sandbox.url,
        region: sandbox.region,
        bucket: Bucket,
        agent: { AccessKeyId, SecretAccessKey },
        lease: lease('lh-boto-1'),
      };
      expect(await python('sandbox_client.py', plan)).toEqual([
        'ok',
        'AccessDenied 403',
        'ok',
        'AccessDenied 403',
        'ok',
        'AccessDenied 403',
        'ok',
        'ok',
        'AccessDenied 403',
        'ok',
        'AccessDenied 403',
        'AccessDeniedException 400',
        'UnauthorizedOperation 403',
        'AccessDeniedException 400',
        'AccessDenied 403',
        'SignatureDoesNotMatch 403',
        'InvalidAccessKeyId 403',
      ]);
    },
    2 * MINUTES,
  );

  it('what was let through is behind, as it was sent', async () => {
    const s3 = new S3Client({ ...moto.client, forcePathStyle: true });
    const small = await s3.send(new GetObjectCommand({ Bucket, Key: '1.4.2/a b+ü.js' }));
    expect(await small.Body?.transformToString()).toBe('hello');
    const big = await s3.send(new GetObjectCommand({ Bucket, Key: '1.4.2/big' }));
    expect(big.ContentLength).toBe(20_000_000);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: '1.4.1/app.js' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  it(
    'answers as moto itself does, where both should say yes',
    async () => {
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = sandbox.administrator;
      const plan = {
        moto: moto.url,
        sandbox: sandbox.url,
        region: sandbox.region,
        keys: { AccessKeyId, SecretAccessKey },
      };
      expect(await python('sandbox_compare.py', plan)).toEqual({ calls: 77, refused: 5, different: [] });
    },
    4 * MINUTES,
  );

  it(
    'answers boto3 so that it takes an allowed call for one, without a server behind',
    async () => {
      const alone = await startSandbox({ source: { definitions: definitions(environment) } });
      try {
        const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = alone.administrator;
        const plan = { sandbox: alone.url, region: alone.region, keys: { AccessKeyId, SecretAccessKey } };
        expect(await python('sandbox_receipts.py', plan)).toEqual({ calls: 77, failed: {} });
      } finally {
        await alone.stop();
      }
    },
    2 * MINUTES,
  );

  it('learns of moto which key an alias stands for, a table goes by, and how the ARN of a secret ends', async () => {
    const { region, account } = environment;
    const client = { ...moto.client, region };
    const kms = new KMSClient(client);
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/learned', TargetKeyId: key?.KeyId }));
    const secret = await new SecretsManagerClient(client).send(
      new CreateSecretCommand({ Name: 'learned/one', SecretString: 'x' }),
    );
    await new DynamoDBClient(client).send(
      new CreateTableCommand({
        TableName: 'learned',
        AttributeDefinitions: ['customer', 'day'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'customer', KeyType: 'HASH' },
          { AttributeName: 'day', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-day',
            KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );

    sandbox.clock.advance(60);
    const own = { endpoint: sandbox.url, region, credentials: { ...sandbox.administrator } };
    await new KMSClient(own).send(new EncryptCommand({ KeyId: 'alias/learned', Plaintext: Buffer.from('x') }));
    expect(sandbox.log.last?.decisions).toMatchObject([{ resource: key?.Arn }]);
    await new SecretsManagerClient(own).send(new GetSecretValueCommand({ SecretId: 'learned/one' }));
    expect(sandbox.log.last?.decisions).toMatchObject([{ resource: secret.ARN }]);

    const backings = new Backings({ backing: moto.url });
    const table = `arn:aws:dynamodb:${region}:${account}:table/learned`;
    const { parameters } = await new Learner(backings).map({ ...aRequest(DYNAMODB), region, account }, ({ known }) => ({
      operation: 'Query',
      needs: [{ action: 'dynamodb:Query', resource: table, context: {} }],
      parameters: {
        table: known?.partitionKeys?.get(table),
        index: known?.partitionKeys?.get(`${table}/index/by-day`),
        none: known?.partitionKeys?.get(`${table}-none`),
      },
    }));
    backings.close();
    expect(parameters).toEqual({ table: 'customer', index: 'day', none: undefined });
  });

  it(
    'lets the AWS CLI take a lease and use it',
    async () => {
      sandbox.clock.advance(60);
      const { Tags, ...rest } = lease('lh-cli-1');
      writeFileSync(join(folder, 'app.js'), 'hello from the command line');
      const input = JSON.stringify({ ...rest, Tags });
      const assumed = await aws(['sts', 'assume-role', '--cli-input-json', input], sandbox.env);
      const { Credentials } = JSON.parse(assumed.stdout);
      const leased = {
        ...sandbox.env,
        AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
        AWS_SESSION_TOKEN: Credentials.SessionToken,
      };
      const identity = await aws(['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'], leased);
      expect(identity.stdout.trim()).toBe('arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/lh-cli-1');
      await aws(['s3', 'cp', 'app.js', `s3://${Bucket}/1.4.2/cli.js`], leased);
      await aws(['s3', 'cp', `s3://${Bucket}/1.4.2/cli.js`, 'back.js'], leased);
      const outside = await aws(['s3', 'cp', 'app.js', `s3://${Bucket}/1.4.20/cli.js`], leased);
      expect([outside.code, outside.stderr]).toEqual([
        expect.any(Number),
        expect.stringContaining('because no identity-based policy allows the s3:PutObject action'),
      ]);
      sandbox.clock.advance(900);
      const late = await aws(['s3', 'ls', `s3://${Bucket}/1.4.2/`], leased);
      expect(late.stderr).toContain('ExpiredToken');
    },
    2 * MINUTES,
  );

  const aws = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    run('aws', args, {
      cwd: folder,
      env: {
        ...env,
        AWS_MAX_ATTEMPTS: '1',
        AWS_PAGER: '',
        AWS_EC2_METADATA_DISABLED: 'true',
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
      },
      expect: [0, 1, 2, 252, 253, 254, 255],
    });
});

/** What a program prints, given a plan. */
function python(program: string, plan: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [join(__dirname, 'support', program)], {
      env: { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', AWS_EC2_METADATA_DISABLED: 'true' },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(err))));
    child.stdin.end(JSON.stringify(plan));
  });
}
