/** Leases on the sandbox before a real moto server, with what a real Terraform applied: from TypeScript and any language. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { defined } from '@leasehold/contract/defined';
import { Approval, createLeaseClient, type Lease, type LeaseRequest } from '@leasehold/runtime';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import { Secret, TOTP } from 'otpauth';
import { devicePlace, enrollDevice } from '../../lib/cli/mfa';
import { anAgent, anEnvironment, aReleaseRole, aRole, definitions } from '../support/environment';
import { type Approver, startApprover } from './support/approver';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';
import { type Serving, startServing } from './support/serving';
import { SWEEP } from './support/sweep';
import { terraformIn } from './support/terraform';

const MINUTES = 60_000;
const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'lib', 'cli', 'bin', 'leasehold.js');
const Bucket = 'hermes-dev-deploy';
const REASON = 'Upload the build of release 1.4.2 for ticket OPS-481';
const REQUEST = { reason: REASON, parameters: { release: '1.4.2' } };
const ASKED = ['--reason', REASON, '--param', 'release=1.4.2'];
/**
 * Seconds for which the slow approver lets everybody wait. In the nightly run two real minutes: no SDK, no connection and no
 * process in between may time out, and none of them reads the sandbox's clock.
 */
const WAIT = SWEEP ? 120 : 0;
const ANY = [0, 1, 2, 252, 253, 254, 255];

const environment = anEnvironment({
  agents: [anAgent(), anAgent({ name: 'second' })],
  roles: [
    aReleaseRole(),
    aRole({
      name: 'cloudwatch-read',
      purpose: 'Look at metrics.',
      access: 'read',
      allow: [{ actions: ['cloudwatch:ListMetrics'], resources: ['*'], conditions: {} }],
    }),
  ],
});

describeWithRealTools('leases on the applied stack', () => {
  let moto: Moto;
  let sandbox: Sandbox;
  let approver: Approver;
  let folder: string;
  let manifest: string;

  beforeAll(async () => {
    moto = await startMoto(environment.account);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesizeUnchecked(definitions(environment), { outdir: join(folder, 'cdktf.out') });
    const terraform = terraformIn(stack?.directory ?? folder, moto);
    await terraform.init();
    await terraform.apply();
    manifest = join(folder, 'leasehold.json');
    writeFileSync(manifest, JSON.stringify((await terraform.output()).leasehold?.value));
    await new S3Client({ ...moto.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    const { account, region } = environment;
    sandbox = await startSandbox({
      source: { applied: { account, region } },
      backing: moto.url,
      user: 'hermes-dev-agent',
    });
    approver = await startApprover(sandbox, folder);
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
  }, 5 * MINUTES);

  afterAll(async () => {
    endHolders();
    await approver?.stop();
    await sandbox?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A client in this process, and how often it asked. */
  function aClient(code: () => string = approver.code) {
    const approval = jest.fn(async () => new Approval('oncall', code()));
    const { accessKeyId, secretAccessKey } = sandbox.keys;
    const options = { manifest, agent: 'agent', approval, endpoint: sandbox.url };
    return { approval, client: createLeaseClient({ ...options, credentials: { accessKeyId, secretAccessKey } }) };
  }

  function s3(lease: Pick<Lease, 'credentials'>): S3Client {
    const { url: endpoint, region } = sandbox;
    return new S3Client({ endpoint, region, credentials: lease.credentials, forcePathStyle: true, maxAttempts: 1 });
  }

  const put = (lease: Pick<Lease, 'credentials'>, Key: string) =>
    s3(lease)
      .send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }))
      .then(
        () => 'uploaded',
        (error: Error) => error.name,
      );

  const stored = async (Key: string) => {
    const found = await new S3Client({ ...moto.client, forcePathStyle: true })
      .send(new GetObjectCommand({ Bucket, Key }))
      .catch(() => undefined);
    return found?.Body?.transformToString();
  };

  /** What the agent has on its machine. */
  function agentsEnvironment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      ...sandbox.env,
      LEASEHOLD_MANIFEST: manifest,
      LEASEHOLD_AGENT: 'agent',
      LEASEHOLD_APPROVE: approver.channel,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    };
  }

  const execute = (command: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
    run(command, args, { cwd: folder, env: blanked(env), expect: ANY });
  const leasehold = (args: readonly string[], env = agentsEnvironment()) =>
    execute(process.execPath, [BIN, ...args], env);

  describe('in TypeScript', () => {
    it('a lease uploads inside its release, and nowhere else', async () => {
      const lease = await aClient().client.lease('s3-deploy', REQUEST);
      expect(await put(lease, '1.4.2/ts.js')).toBe('uploaded');
      expect(await stored('1.4.2/ts.js')).toBe('hello');
      expect(await put(lease, '1.4.20/ts.js')).toBe('AccessDenied');
      expect(await put(lease, '1.4.1/ts.js')).toBe('AccessDenied');
      expect(await stored('1.4.1/ts.js')).toBeUndefined();
    });

    it.each<[string, Partial<LeaseRequest>]>([
      ['no reason', { reason: '' }],
      ['a reason that says nothing', { reason: 'please' }],
      ['a wildcard in a parameter', { parameters: { release: '*' } }],
      ['no parameter', { parameters: {} }],
      ['too long a duration', { duration: 3600 }],
    ])('%s is refused before a human is asked', async (_, wrong) => {
      const { client, approval } = aClient();
      await expect(client.lease('s3-deploy', { ...REQUEST, ...wrong })).rejects.toMatchObject({
        code: 'invalid-request',
      });
      expect(approval).not.toHaveBeenCalled();
    });

    it('a replayed code is denied: one code, one lease', async () => {
      const code = approver.code();
      const { client } = aClient(() => code);
      await client.lease('s3-deploy', REQUEST);
      const again = { ...REQUEST, reason: `${REASON} again` };
      // The client itself sends no code twice; another one does, and AWS denies.
      await expect(client.lease('s3-deploy', again)).rejects.toMatchObject({ code: 'channel-failed' });
      await expect(aClient(() => code).client.lease('s3-deploy', again)).rejects.toMatchObject({
        code: 'denied',
        retryable: false,
      });
    });

    it('a code that no device shows is denied', async () => {
      const { client } = aClient(() => '000000');
      await expect(client.lease('s3-deploy', REQUEST)).rejects.toMatchObject({ code: 'denied' });
    });

    it('an attenuated lease loses the rest, and cannot have it back', async () => {
      const lease = await aClient().client.lease('s3-deploy', REQUEST);
      const less = await lease.attenuate({
        actions: ['s3:PutObject'],
        resources: [`arn:aws:s3:::${Bucket}/1.4.2/docs/*`],
        duration: 60,
      });
      expect(await put(less, '1.4.2/docs/index.html')).toBe('uploaded');
      expect(await put(less, '1.4.2/app.js')).toBe('AccessDenied');
      const read = s3(less).send(new GetObjectCommand({ Bucket, Key: '1.4.2/docs/index.html' }));
      await expect(read).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(less.attenuate({ actions: ['s3:GetObject'] })).rejects.toMatchObject({ code: 'invalid-request' });
      expect(await put(lease, '1.4.2/app.js')).toBe('uploaded');
    });

    it('after fifteen minutes of AWS’s time it is over', async () => {
      const lease = await aClient().client.lease('s3-deploy', REQUEST);
      sandbox.clock.advance(840);
      expect(await put(lease, '1.4.2/late.js')).toBe('uploaded');
      sandbox.clock.advance(60);
      expect(await put(lease, '1.4.2/later.js')).toBe('ExpiredToken');
    });
  });

  describe('AWS itself, whatever a client leaves out', () => {
    let calls = 0;
    const input = (overrides: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommandInput => {
      const id = `lh-e2e-${++calls}`;
      return {
        RoleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
        RoleSessionName: id,
        SourceIdentity: 'hermes-dev-agent',
        SerialNumber: 'arn:aws:iam::123456789012:mfa/hermes-dev-agent-oncall',
        TokenCode: approver.code(),
        DurationSeconds: 900,
        Tags: [
          { Key: 'lease-id', Value: id },
          { Key: 'reason', Value: REASON },
          { Key: 'param.release', Value: '1.4.2' },
        ],
        ...overrides,
      };
    };
    const answer = (asked: AssumeRoleCommandInput) => {
      const { accessKeyId, secretAccessKey } = sandbox.keys;
      const config = { endpoint: sandbox.url, region: sandbox.region, credentials: { accessKeyId, secretAccessKey } };
      return new STSClient({ ...config, maxAttempts: 1 }).send(new AssumeRoleCommand(asked)).then(
        () => 'a lease',
        (error: Error) => error.name,
      );
    };
    const without = (tag: string) => (input().Tags ?? []).filter(({ Key }) => Key !== tag);
    const withRelease = (Value: string) => [...without('param.release'), { Key: 'param.release', Value }];

    it('gives a lease for what is in order', async () => {
      expect(await answer(input())).toBe('a lease');
    });

    it.each<[string, () => Partial<AssumeRoleCommandInput>, string]>([
      ['no MFA', () => ({ SerialNumber: undefined, TokenCode: undefined }), 'AccessDenied'],
      ['no reason', () => tagsOf(without('reason')), 'AccessDenied'],
      ['no lease id', () => tagsOf(without('lease-id')), 'AccessDenied'],
      ['a wildcard in a parameter', () => tagsOf(withRelease('*')), 'ValidationError'],
      ['too long a duration', () => ({ DurationSeconds: 43_200 }), 'ValidationError'],
    ])('denies %s', async (_, wrong, name) => {
      expect(await answer({ ...input(), ...wrong() })).toBe(name);
    });

    it('denies a code that was used', async () => {
      const used = input();
      expect(await answer(used)).toBe('a lease');
      expect(await answer({ ...input(), TokenCode: used.TokenCode })).toBe('AccessDenied');
    });

    it('denies the device of somebody else’s user, with a good code', async () => {
      const [, second = anAgent()] = environment.agents;
      const place = devicePlace('oncall', second, environment);
      const { accessKeyId, secretAccessKey } = sandbox.administrator;
      const config = { endpoint: sandbox.url, region: sandbox.region, credentials: { accessKeyId, secretAccessKey } };
      let key = '';
      const code = (step: number) =>
        new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: sandbox.clock.now() + step * 30_000 });
      await enrollDevice({ iam: new IAMClient(config), sts: new STSClient(config) }, place, {
        signal: new AbortController().signal,
        show: (seed) => {
          key = seed.key;
        },
        code: async (which) => code(which === 'second' ? 1 : 0),
      });
      sandbox.clock.advance(60);
      expect(await answer({ ...input(), SerialNumber: place.serialNumber, TokenCode: code(0) })).toBe('AccessDenied');
    });

    const tagsOf = (tags: AssumeRoleCommandInput['Tags']) => {
      const id = tags?.find(({ Key }) => Key === 'lease-id')?.Value;
      return { Tags: tags, ...defined({ RoleSessionName: id }) };
    };
  });

  describe('the AWS CLI', () => {
    it(
      'through `leasehold exec`, in the environment and through the endpoint',
      async () => {
        writeFileSync(join(folder, 'app.js'), 'hello from exec');
        for (const [index, through] of [[], ['--endpoint']].entries()) {
          const copy = (key: string) =>
            leasehold([
              'exec',
              's3-deploy',
              ...ASKED,
              ...through,
              '--',
              'aws',
              's3',
              'cp',
              'app.js',
              `s3://${Bucket}/${key}`,
            ]);
          expect(await copy(`1.4.2/exec-${index}.js`)).toMatchObject({ code: 0 });
          expect(await stored(`1.4.2/exec-${index}.js`)).toBe('hello from exec');
          const outside = await copy(`1.4.1/exec-${index}.js`);
          expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining('AccessDenied')]);
        }
      },
      3 * MINUTES,
    );

    it(
      'through `leasehold credential-process`: one human, one lease, however many commands',
      async () => {
        const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, ...env } = agentsEnvironment();
        writeFileSync(join(folder, 'keys'), `[base]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
        const asks = `${process.execPath} ${BIN} credential-process s3-deploy --reason "${REASON}" --param release=1.4.2`;
        writeFileSync(join(folder, 'config'), `[profile deploy]\ncredential_process = ${asks} --profile base\n`);
        const places = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'keys'), AWS_CONFIG_FILE: join(folder, 'config') };
        const before = approver.asked();
        const aws = (...args: string[]) => execute('aws', args, { ...env, ...places, AWS_PROFILE: 'deploy' });
        writeFileSync(join(folder, 'app.js'), 'hello from a profile');
        for (const name of ['a', 'b', 'c']) {
          expect(await aws('s3', 'cp', 'app.js', `s3://${Bucket}/1.4.2/profile-${name}.js`)).toMatchObject({ code: 0 });
        }
        expect(await stored('1.4.2/profile-c.js')).toBe('hello from a profile');
        const outside = await aws('s3', 'cp', 'app.js', `s3://${Bucket}/1.4.1/profile.js`);
        expect(outside.stderr).toContain('AccessDenied');
        // boto3 starts it anew for every call of a 15-minute lease.
        const boto = join(__dirname, 'support', 'runtime_client.py');
        const { stdout } = await execute('python3', [boto, Bucket, '1.4.2', '10'], {
          ...env,
          ...places,
          AWS_PROFILE: 'deploy',
        });
        expect(JSON.parse(stdout)).toEqual({ uploaded: 10, errors: [] });
        expect(approver.asked() - before).toBe(1);
        expect(readdirSync(join(folder, 'run', 'leasehold'))).toEqual(['holder.sock', 'used-codes']);
      },
      3 * MINUTES,
    );
  });

  describe('boto3 through `leasehold serve`', () => {
    let serving: Serving;
    const upload = async (calls: number) => {
      const program = join(__dirname, 'support', 'runtime_client.py');
      const { stdout } = await execute('python3', [program, Bucket, '1.4.2', String(calls)], agents());
      return JSON.parse(stdout);
    };
    /** What the agent has that asks nobody by itself. */
    const agents = () =>
      Object.fromEntries(Object.entries(serving.env).filter(([name]) => !name.startsWith('LEASEHOLD_')));

    beforeAll(async () => {
      serving = await startServing(BIN, ['s3-deploy'], agentsEnvironment());
    }, MINUTES);

    afterAll(async () => {
      expect(await serving?.stop()).toBe(0);
    });

    it('tells boto3 at once that there is no lease, in words that it shows', async () => {
      const { uploaded, errors } = await upload(1);
      expect(uploaded).toBe(0);
      expect(errors[0]).toMatch(
        /CredentialRetrievalError.*There is no lease of s3-deploy.*leasehold request s3-deploy/,
      );
    });

    it(
      'waits for a slow approver, and then serves 200 calls of one lease',
      async () => {
        const before = approver.asked();
        const release = approver.hold();
        const asked = leasehold(['request', 's3-deploy', ...ASKED], agents());
        while (approver.asked() === before) await new Promise((resolve) => setTimeout(resolve, 50));
        expect((await upload(1)).errors[0]).toMatch(
          /A human has been asked to approve a lease of s3-deploy, but has not answered yet/,
        );
        await new Promise((resolve) => setTimeout(resolve, WAIT * 1000));
        release();
        expect(await asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lh-\S+ opens s3-deploy until /) });
        expect(await upload(200)).toEqual({ uploaded: 200, errors: [] });
        expect(approver.asked() - before).toBe(1);
        expect(await stored('1.4.2/boto-199')).toBe('x');
      },
      6 * MINUTES,
    );

    it('the Python example works with it as it is', async () => {
      const example = join(ROOT, 'examples', 'python-agent', 'agent.py');
      expect(readFileSync(example, 'utf8')).not.toMatch(/leasehold/i);
      const { stdout } = await execute('python3', [example, Bucket, '1.4.2', '1.4.1/app.js'], agents());
      expect(stdout).toBe('1.4.2/app.js: uploaded\n1.4.2/index.html: uploaded\n1.4.1/app.js: AccessDenied\n');
    });

    it('leaves no token behind when it ends', async () => {
      const other = await startServing(BIN, ['s3-deploy', '--client', 'one'], agentsEnvironment());
      const file = other.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '';
      expect(readFileSync(file, 'utf8')).toMatch(/^[\w-]{43}$/);
      expect(await other.stop()).toBe(0);
      expect(existsSync(file)).toBe(false);
    });
  });

  describe('the examples', () => {
    it(
      'the LangGraph agent does its task, and is stopped outside of it',
      async () => {
        const agent = (script: string) =>
          execute(
            process.execPath,
            [join(ROOT, 'examples', 'langgraph-agent', 'agent.mjs'), script],
            agentsEnvironment(),
          );
        const task = await agent('task');
        expect(task.stdout).toMatch(/tool: \d+ metrics in hermes\/app\n/);
        expect(task.stdout).toMatch(/tool: uploaded 1\.4\.2\/app\.js\nai: Release 1\.4\.2 is uploaded\.\n$/);
        expect(await stored('1.4.2/app.js')).toBe('console.log("1.4.2")');
        const astray = await agent('astray');
        const told = astray.stdout.split('\n').filter((line) => line.startsWith('tool: '));
        expect(told).toEqual([
          'tool: AWS refused the call: AccessDenied',
          expect.stringContaining('did not match expected schema'),
          expect.stringContaining('did not match expected schema'),
        ]);
        expect(await stored('1.4.1/app.js')).toBeUndefined();
      },
      3 * MINUTES,
    );

    it.each([
      ['typescript-agent', /inside the release: uploaded\noutside of it: AccessDenied\n$/],
      [
        'python-agent',
        /1\.4\.2\/app\.js: uploaded\n1\.4\.2\/index\.html: uploaded\nother-release\/app\.js: AccessDenied\n$/,
      ],
    ])(
      '%s runs on the sandbox in one command',
      async (name, told) => {
        const env = { PATH: process.env.PATH ?? '', HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') };
        const ran = await execute(process.execPath, [join(ROOT, 'examples', name, 'run.mjs')], env);
        expect(ran.stdout).toMatch(told);
        expect(ran.code).toBe(0);
      },
      2 * MINUTES,
    );
  });

  /** `run` adds to the environment of this process: what is not the agent's is taken away. */
  function blanked(env: Readonly<Record<string, string>>): Record<string, string> {
    const own = Object.keys(process.env).filter((name) => /^(AWS|LEASEHOLD)_/.test(name) && !(name in env));
    return { ...Object.fromEntries(own.map((name) => [name, ''])), ...env };
  }

  /** Ends the holder that this test started, whose lease would live on for minutes. */
  function endHolders(): void {
    if (!existsSync('/proc')) return;
    for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (line.startsWith('leasehold-holder') && line.includes(folder)) process.kill(Number(pid), 'SIGTERM');
      } catch {
        // A process that has ended by itself.
      }
    }
  }
});
