/**
 * What a user does who has no clone: the packed packages in an empty folder, `init`, and every step of the README that it
 * writes, with the real Terraform, the real cdktf-cli, and moto for AWS.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessKeyCommand, IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { installPacked, npmInstall, packAll } from './support/packed';
import { type Ran, run } from './support/run';
import { terraformEnvironment, terraformIn } from './support/terraform';

const MINUTES = 10 * 60_000;
const ACCOUNT = '111122223333';
/** Packages that nobody installs who writes no CDKTF app. */
const CONSTRUCTS = ['@leasehold/constructs', 'cdktf', 'constructs', '@cdktf/provider-aws'];

describeWithRealTools('a new project from the packed packages', () => {
  let folder: string;
  let project: string;
  let moto: Moto;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    moto = await startMoto(ACCOUNT);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-new-'));
    project = join(folder, 'acme');
    const tarballs = await packAll(join(folder, 'pack'));
    const names = [...tarballs.keys()].filter((name) => !CONSTRUCTS.includes(name));
    await installPacked(project, tarballs, names, ['cdktf-cli', '@aws-sdk/client-s3']);
    env = { ...moto.environment, ...terraformEnvironment(), CI: '1', NO_COLOR: '1', NODE_OPTIONS: '' };
  }, MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const npx = (args: readonly string[], expect: readonly number[] = [0]): Promise<Ran> =>
    run('npx', ['--no', '--', ...args], { cwd: project, env, expect });
  const leasehold = (args: readonly string[], expect: readonly number[] = [0], more = {}): Promise<Ran> =>
    run(join(project, 'node_modules', '.bin', 'leasehold'), args, { cwd: project, env: { ...env, ...more }, expect });

  it(
    'is installed without CDKTF, and begins with `init` in the folder that has it',
    async () => {
      const installed = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')).packages;
      expect(
        Object.keys(installed).filter((path) => CONSTRUCTS.some((name) => path.endsWith(`modules/${name}`))),
      ).toEqual([]);
      const { stdout, stderr } = await npx(['leasehold', 'init']);
      expect(stdout).toContain('roles/project.yaml\n');
      expect(stderr).toContain('Added what was missing to package.json.');
      await npmInstall(project);
      expect((await npx(['leasehold', '--help'])).stdout).toMatch(/^Usage: leasehold /);
      expect((await leasehold(['validate'])).stdout).toContain('no errors');
    },
    MINUTES,
  );

  it('writes another project that is installed from the same tarballs', async () => {
    await leasehold(['init', join(folder, 'other')]);
    const { devDependencies } = JSON.parse(readFileSync(join(folder, 'other', 'package.json'), 'utf8'));
    expect(devDependencies.leasehold).toMatch(/^file:\.\.\/pack\/leasehold-\d.*\.tgz$/);
    expect(devDependencies['@leasehold/policy']).toMatch(/^file:\.\.\/pack\/leasehold-policy-\d.*\.tgz$/);
  });

  it('names pages that the command line prints', async () => {
    const role = join(project, 'roles', 's3-upload.yaml');
    const text = readFileSync(role, 'utf8');
    writeFileSync(role, text.replace('s3:PutObject]', '"s3:*"]'));
    const { stdout } = await leasehold(['validate'], [1]);
    writeFileSync(role, text);
    const rules = [...stdout.matchAll(/see: +npx leasehold explain-rule (\S+)/g)].map(([, id]) => id ?? '');
    expect(rules.length).toBeGreaterThan(0);
    for (const id of rules) expect((await leasehold(['explain-rule', id])).stdout).toMatch(/^# /);
  });

  it(
    'is planned, reviewed and deployed',
    async () => {
      expect((await npx(['cdktf', 'diff', 'acme-dev'])).stdout).toContain('Plan:');
      const terraform = terraformIn(join(project, 'cdktf.out/stacks/acme-dev'), moto);
      await terraform.plan();
      // In the folder of the stack, as the README says: npx finds the project above it.
      const review = await run('npx', ['--no', '--', 'leasehold', 'review', 'test.tfplan'], {
        cwd: join(project, 'cdktf.out/stacks/acme-dev'),
        env,
        expect: [0, 1],
      });
      expect(review.stdout).toContain('acme-dev-s3-upload');
      const { stdout } = await npx(['cdktf', 'deploy', '--auto-approve', 'acme-dev']);
      expect(stdout).toContain('Apply complete!');
      // The manifest is one word in it, not its 200 lines.
      expect(stdout).toMatch(/leasehold = <sensitive>/);
      expect(stdout).not.toContain('reasonMinimum');
      expect(await terraform.plan()).toEqual({ changes: [], outputs: [] });
      const { leasehold: output } = await terraform.output();
      const { stdout: written } = await leasehold(['manifest', '--env', 'dev']);
      expect(JSON.parse(written)).toEqual(output?.value);
      writeFileSync(join(project, 'leasehold.json'), written);
    },
    MINUTES,
  );

  it(
    "enrols an approver's device at a terminal, and leases the role that uploads",
    async () => {
      const seen = await atTerminal(project, env, ['mfa', 'enroll', 'oncall', '--env', 'dev']);
      expect(seen).toContain('Enrolled arn:aws:iam::111122223333:mfa/acme-dev-agent-oncall');
      const iam = new IAMClient(moto.client);
      const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'acme-dev-agent' }));
      expect(MFADevices?.map(({ SerialNumber }) => SerialNumber)).toEqual([
        'arn:aws:iam::111122223333:mfa/acme-dev-agent-oncall',
      ]);

      const s3 = new S3Client({ ...moto.client, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: 'acme-dev-artefacts' }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'acme-dev-agent' }));
      writeFileSync(join(project, 'app.js'), 'export {};\n');
      const approve = [process.execPath, '-e', "process.stdout.write('oncall 123456')"];
      const agent = {
        AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
        LEASEHOLD_MANIFEST: 'leasehold.json',
        LEASEHOLD_APPROVE: `command:${JSON.stringify(approve)}`,
      };
      const { stdout, stderr } = await run(process.execPath, ['agent/upload.mjs', '1.4.2', 'app.js'], {
        cwd: project,
        env: { ...env, ...agent },
      });
      expect(stdout).toMatch(/^uploaded 1\.4\.2\/app\.js under lease lh-\w+\n$/);
      expect(stderr).toBe('');
      const object = await s3.send(new GetObjectCommand({ Bucket: 'acme-dev-artefacts', Key: '1.4.2/app.js' }));
      expect(await object.Body?.transformToString()).toBe('export {};\n');
    },
    MINUTES,
  );

  it(
    'tries the broker of its example on this machine, and synthesizes it',
    async () => {
      for (const file of ['broker.yaml', 's3-list.yaml']) {
        const text = readFileSync(join(project, 'examples/broker', file), 'utf8');
        writeFileSync(join(project, 'roles', file), text.replace('humans: 1', 'humans: 0'));
      }
      const ask = `import { lease } from '@leasehold/runtime';
        const held = await lease('s3-list', { reason: 'List what release 1.4.2 has', parameters: { release: '1.4.2' } });
        console.log(held.role, typeof (await held.credentials()).sessionToken);`;
      writeFileSync(join(project, 'ask.mjs'), ask);
      const { stdout } = await leasehold(['dev', '--', process.execPath, 'ask.mjs']);
      expect(stdout).toBe('s3-list string\n');
      await leasehold(['synth', '--out', 'out']);
      expect(readFileSync(join(project, 'out/stacks/acme-dev/broker.zip')).subarray(0, 2).toString()).toBe('PK');
    },
    MINUTES,
  );

  it(
    'synthesizes the console of the package, where people sign in',
    async () => {
      const broker = join(project, 'roles', 'broker.yaml');
      writeFileSync(broker, `${readFileSync(broker, 'utf8')}\n${PEOPLE}`);
      await leasehold(['synth', '--out', 'out']);
      const files = unzipSync(readFileSync(join(project, 'out/stacks/acme-dev/console.zip')));
      expect(Buffer.from(files['site/index.html'] ?? []).toString()).toContain('<base href="/console/"');
      expect(Object.keys(files)).toContain('index.js');
      expect(Object.keys(files).some((name) => /^site\/assets\/index-.*\.js\.br$/.test(name))).toBe(true);
    },
    MINUTES,
  );

  it('recommends a later Node in one line where it is older, and repeats no notice of the SDK', async () => {
    const old = Number(process.versions.node.split('.')[0]) < 22;
    const note = /^note: Node 22 or later is recommended; this is Node [\d.]+, which gets no more updates\.\n/;
    for (const args of [
      ['can', 's3-upload'],
      ['mfa', 'list', '--env', 'dev'],
    ]) {
      const { stderr } = await leasehold(args);
      expect(stderr.replace(note, '')).toBe('');
      expect(note.test(stderr)).toBe(old);
    }
    // Standard error of these belongs to another program.
    const { stderr } = await leasehold(['credential-process', '--help']);
    expect(stderr).toBe('');
  });

  it('serves what the package exports', async () => {
    mkdirSync(join(project, 'typed'), { recursive: true });
    const text = `import { startDev, type Dev } from 'leasehold/dev'; console.log(typeof startDev); export type D = Dev;`;
    writeFileSync(join(project, 'typed', 'dev.mjs'), text.replace(', type Dev', '').replace(/export.*/, ''));
    const { stdout } = await run(process.execPath, ['typed/dev.mjs'], { cwd: project, env });
    expect(stdout).toBe('function\n');
  });
});

const PEOPLE = `people:
  signIn: { cognito: {} }
  groups: { requester: "*" }
---
kind: Principal
type: person
name: oncall
signIn: false
`;

/** Runs Leasehold with a terminal for its streams, and types two codes. @returns what the terminal showed */
async function atTerminal(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const child = spawn('python3', [join(__dirname, 'support/at_terminal.py')], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const keys = [
    ['The code that the app shows now', '123456\r'],
    ['The next code', '654321\r'],
  ];
  const argv = [join(cwd, 'node_modules', '.bin', 'leasehold'), ...args];
  child.stdin.end(JSON.stringify({ argv, keys, streams: 'terminal', seconds: 600 }));
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text).shown;
}
