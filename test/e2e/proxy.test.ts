/** `leasehold proxy` with real clients that have no AWS credentials: boto3, the AWS CLI, s3cmd and Terraform. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { manifest } from '@leasehold/documents';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import { callDeny, callRole, readPerCall } from '../../lib/definitions/resolve-per-call';
import { anEnvironment, aReleaseRole, definitions } from '../support/environment';
import { LEASEHOLD } from '../support/sources';
import { type Approver, startApprover } from './support/approver';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Ran, run } from './support/run';
import { terraformEnvironment } from './support/terraform';

const MINUTES = 60_000;
const Bucket = 'hermes-dev-deploy';
const release = aReleaseRole();
const allow = [
  ...release.allow,
  {
    actions: ['s3:AbortMultipartUpload', 's3:GetObjectTagging', 's3:GetObjectAttributes', 's3:DeleteObject'],
    resources: [`arn:aws:s3:::${Bucket}/\${param.release}/*`],
    conditions: {},
  },
];
const perCall = readPerCall({ name: 's3-deploy', perCall: 's3:DeleteObject' }, { allow });
if (perCall === undefined || 'complaint' in perCall) throw new Error('the calls cannot be approved one by one');
const role = aReleaseRole({ allow, deny: [callDeny(perCall)], perCall });
const forCalls = callRole(role);
if (forCalls === undefined) throw new Error('there is no role for single calls');
const environment = anEnvironment({ roles: [role, forCalls] });

describeWithRealTools('leasehold proxy', () => {
  let moto: Moto;
  let sandbox: Sandbox;
  let approver: Approver;
  let folder: string;
  let child: ChildProcess;
  /** The shell lines that the proxy printed. */
  let lines = '';

  beforeAll(async () => {
    moto = await startMoto(environment.account);
    await new S3Client({ ...moto.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    sandbox = await startSandbox({ source: { definitions: definitions(environment) }, backing: moto.url });
    folder = mkdtempSync(join(tmpdir(), 'leasehold-proxy-e2e-'));
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    approver = await startApprover(sandbox, folder);
    writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(environment)));
    writeFileSync(join(folder, 'app.js'), 'hello from a program');
    const asked = ['--reason', 'Upload build 1.4.2 for ticket OPS-481', '--param', 'release=1.4.2'];
    child = spawn(process.execPath, [...LEASEHOLD, 'proxy', 's3-deploy', ...asked, '--log', 'calls.jsonl'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        XDG_RUNTIME_DIR: join(folder, 'run'),
        LEASEHOLD_APPROVE: approver.channel,
        ...sandbox.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stdout?.on('data', (text: Buffer) => {
      lines += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (text: Buffer) => {
        err += text;
        if (err.includes('signs calls with')) resolve();
      });
      child.once('close', (code) => reject(new Error(`leasehold proxy ended with ${code}\n${err}`)));
    });
  }, 4 * MINUTES);

  afterAll(async () => {
    child?.kill('SIGKILL');
    await approver?.stop();
    await sandbox?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program as the agent: in a shell that has carried out the printed lines, without anything else of AWS. */
  const asAgent = (program: string, ...args: readonly string[]): Promise<Ran> =>
    run(
      'env',
      ['-i', ...agentEnvironment(), 'sh', '-c', 'eval "$LINES"; unset LINES; exec "$@"', 'sh', program, ...args],
      {
        cwd: folder,
        expect: [0, 1, 2, 77, 252, 253, 254, 255],
      },
    );
  const agentEnvironment = () =>
    Object.entries({
      PATH: process.env.PATH ?? '',
      HOME: folder,
      LINES: lines,
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      ...terraformEnvironment(),
    }).map(([name, value]) => `${name}=${value}`);

  const calls = () =>
    readFileSync(join(folder, 'calls.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const stored = async (Key: string) => {
    const s3 = new S3Client({ ...moto.client, forcePathStyle: true });
    return (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  };

  it(
    'boto3 works with what the lease permits, in both styles of S3, in parts, with links and with large bodies',
    async () => {
      const { stdout, stderr } = await asAgent('python3', join(__dirname, 'support', 'proxy_client.py'), Bucket);
      expect({ ...JSON.parse(stdout || '{}'), stderr }).toEqual({
        put: 'ok',
        get: 'hello',
        outside: 'AccessDenied 403',
        virtual: 'hello',
        presigned: 'by link',
        multipart: 14_000_000,
        large: 20_000_000,
        dynamodb: 'AccessDeniedException 400',
        sts: 'NotImplemented 501',
        iam: 'NotImplemented 501',
        key: expect.stringMatching(/^LEASEHOLD[A-Z2-7]{10}$/),
        stderr: '',
      });
      expect(approver.asked()).toBe(1);
    },
    2 * MINUTES,
  );

  it(
    'the AWS CLI and s3cmd',
    async () => {
      const identity = await asAgent('aws', 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text');
      expect(identity.stdout).toMatch(/^arn:aws:sts::123456789012:assumed-role\/hermes-dev-s3-deploy\/lh-/);
      const copied = await asAgent('aws', 's3', 'cp', 'app.js', `s3://${Bucket}/1.4.2/cli.js`);
      expect(copied).toMatchObject({ code: 0, stderr: '' });
      expect(await stored('1.4.2/cli.js')).toBe('hello from a program');
      const outside = await asAgent('aws', 's3', 'cp', 'app.js', `s3://${Bucket}/1.4.20/cli.js`);
      expect(outside.stderr).toContain('because no identity-based policy allows the s3:PutObject action');

      const s3cmd =
        's3cmd --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" --no-ssl ' +
        '--host="${AWS_ENDPOINT_URL#http://}" --host-bucket="${AWS_ENDPOINT_URL#http://}" --region="$AWS_REGION" "$@"';
      expect(await asAgent('sh', '-c', s3cmd, 'sh', 'put', 'app.js', `s3://${Bucket}/1.4.2/s3cmd.js`)).toMatchObject({
        code: 0,
      });
      expect(await stored('1.4.2/s3cmd.js')).toBe('hello from a program');
    },
    2 * MINUTES,
  );

  it(
    'a human approves each delete of boto3 and of the AWS CLI',
    async () => {
      const before = approver.asked();
      const script =
        'import boto3, sys; s3 = boto3.client("s3"); [s3.delete_object(Bucket=sys.argv[1], Key=sys.argv[2]) for _ in range(2)]';
      const removed = await asAgent('python3', '-c', script, Bucket, '1.4.2/s3cmd.js');
      expect(removed).toMatchObject({ code: 0, stderr: '' });
      expect(approver.asked()).toBe(before + 2);
      await expect(stored('1.4.2/s3cmd.js')).rejects.toMatchObject({ name: 'NoSuchKey' });
      expect(await asAgent('aws', 's3', 'rm', `s3://${Bucket}/1.4.2/cli.js`)).toMatchObject({ code: 0, stderr: '' });
      const outside = await asAgent('aws', 's3', 'rm', `s3://${Bucket}/1.4.3/cli.js`);
      expect(outside.stderr).toContain('(AccessDenied) when calling the DeleteObject operation: leasehold proxy');
      expect(approver.asked()).toBe(before + 3);
      expect(calls().slice(-1)).toMatchObject([
        { eventName: 'DeleteObject', additionalEventData: { approved: false, forwarded: false } },
      ]);
    },
    2 * MINUTES,
  );

  it(
    'Terraform',
    async () => {
      writeFileSync(
        join(folder, 'main.tf'),
        `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  s3_use_path_style = true
}
data "aws_caller_identity" "own" {}
resource "aws_s3_object" "app" {
  bucket  = "${Bucket}"
  key     = "1.4.2/terraform.js"
  content = "from \${data.aws_caller_identity.own.account_id}"
}
`,
      );
      const flags = ['-input=false', '-no-color'];
      expect(await asAgent('terraform', 'init', ...flags)).toMatchObject({ code: 0, stderr: '' });
      expect(await asAgent('terraform', 'apply', ...flags, '-auto-approve')).toMatchObject({ code: 0, stderr: '' });
      expect(await stored('1.4.2/terraform.js')).toBe('from 123456789012');
    },
    4 * MINUTES,
  );

  it('every call is in the log with action and resource, and no file or output of the agent has a key of AWS', async () => {
    const logged = calls();
    const summary = logged.map(({ eventName, errorCode, resources }) =>
      [eventName, errorCode, resources[0]?.ARN].filter(Boolean).join(' '),
    );
    expect(summary).toContain(`PutObject arn:aws:s3:::${Bucket}/1.4.2/cli.js`);
    expect(summary).toContain(`PutObject AccessDenied arn:aws:s3:::${Bucket}/1.4.20/cli.js`);
    expect(summary).toContain('GetItem AccessDeniedException arn:aws:dynamodb:ap-northeast-2:123456789012:table/t');
    const forwarded = logged.filter(({ additionalEventData }) => additionalEventData.forwarded);
    expect(forwarded).toHaveLength(
      sandbox.log.events.filter(({ userIdentity }) => userIdentity.type === 'AssumedRole').length,
    );
    const { accessKeyId, secretAccessKey } = sandbox.keys;
    const shown = lines + readFileSync(join(folder, 'calls.jsonl'), 'utf8');
    for (const secret of [accessKeyId, secretAccessKey]) expect(shown.includes(secret)).toBe(false);
  });

  it('after the end of the lease, calls fail; after the end of the proxy, its secrets are gone', async () => {
    sandbox.clock.advance(900);
    const late = await asAgent('aws', 's3', 'cp', 'app.js', `s3://${Bucket}/1.4.2/late.js`);
    expect(late.stderr).toContain('ExpiredToken');
    child.removeAllListeners('close');
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'run', 'leasehold')).filter((name) => name.startsWith('proxy-'))).toEqual([]);
  });
});
