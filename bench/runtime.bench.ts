/** What an agent pays for the runtime: to import it, to install it, to lease with it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { loadDefinitions } from '@leasehold/definitions';
import { type DeployedManifest, manifest, roleArn } from '@leasehold/documents';
import { Approval, createLeaseClient, type LeaseClient } from '@leasehold/runtime';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import type { Environment } from '../lib/definitions/model';
import { type Benchmark, byTurns, clockMs, clockRatio, type Measurement, median, quantile, sized } from './benchmark';
import { ROOT } from './program';

const IMPORTS = sized(15, 1);
const LEASES = sized(1000, 5);
const WARM_UP = sized(100, 1);
const MANY = sized(100_000, 100);
const RIVAL = '@aws-sdk/credential-providers';
const REQUEST = { reason: 'Upload release 1.4.2 to the deploy bucket', parameters: { release: '1.4.2' } };

export const benchmark: Benchmark = {
  title: `Runtime: as installed, beside ${RIVAL}`,
  run: async () => [...imports(), ...sizes(), ...(await leases()), await memory()],
};

/** Processes that import nothing else, by turns; processor time, so that what else the machine does counts little. */
function imports(): readonly Measurement[] {
  const times: Record<string, number[]> = { '@leasehold/runtime': [], [RIVAL]: [] };
  for (let turn = 0; turn <= IMPORTS; turn++) {
    for (const [name, found] of Object.entries(times)) {
      const program = `const before = process.cpuUsage(); require('${name}');
        const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' });
      if (!(Number(stdout) > 0)) throw new Error(`${name} cannot be imported: ${stderr}`);
      if (turn > 0) found.push(Number(stdout));
    }
  }
  const [ours = [], theirs = []] = Object.values(times);
  return [
    { name: 'import before the first lease, processor time', value: median(ours), unit: 'ms' },
    { name: `import of ${RIVAL}, processor time`, value: median(theirs), unit: 'ms' },
    { name: 'import, ours beside theirs', value: median(ours) / median(theirs), unit: '×', atMost: 0.25 },
  ];
}

/** Files of a package and of everything that it depends on, peers left out. */
function sizes(): readonly Measurement[] {
  const ours = installed('@leasehold/runtime');
  const theirs = installed(RIVAL);
  return [
    { name: 'installed, our own files', value: ours.own / 1000, unit: 'kB', atMost: 500 },
    { name: 'installed, with the AWS SDK', value: ours.whole / 1e6, unit: 'MB' },
    { name: `installed, ${RIVAL}`, value: theirs.whole / 1e6, unit: 'MB' },
  ];
}

function installed(name: string): { readonly own: number; readonly whole: number } {
  const seen = new Set<string>();
  let [own, whole] = [0, 0];
  const visit = (each: string, from: string) => {
    const folder = folderOf(each, from);
    if (folder === undefined || seen.has(folder)) return;
    seen.add(folder);
    const { dependencies = {}, files }: { dependencies?: object; files?: readonly string[] } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    // Of a workspace only what is published counts.
    const bytes = each.startsWith('@leasehold/')
      ? [...(files ?? []), 'package.json', 'README.md'].reduce((sum, file) => sum + bytesOf(join(folder, file)), 0)
      : bytesOf(folder);
    if (each === name) own = bytes;
    whole += bytes;
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
  };
  visit(name, ROOT);
  return { own, whole };
}

function folderOf(name: string, from: string): string | undefined {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}

function bytesOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.size ?? 0;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/**
 * From `lease()` to credentials in hand, on a sandbox in this process, with an approver who takes no time; beside the one
 * call of STS that each lease costs, sent by the AWS SDK alone.
 */
async function leases(): Promise<readonly Measurement[]> {
  const sandbox = await startSandbox({ source: { paths: join(ROOT, 'roles') } });
  try {
    const device = sandbox.enrolMfaDevice('lead');
    const client = createLeaseClient({
      manifest: development(),
      approval: async () => new Approval('lead', device.code()),
      credentials: sandbox.keys,
      endpoint: sandbox.url,
    });
    const environment = developmentEnvironment();
    const { url: endpoint, region, keys } = sandbox;
    const sts = new STSClient({ endpoint, region, credentials: { ...keys } });
    const assume = (id: string) => new AssumeRoleCommand(assumption(environment, sandbox, device, id));
    let calls = 0;
    const times = await byTurns(
      {
        ours: () => {
          sandbox.clock.advance(30);
          return clockMs(() => use(client));
        },
        sdk: () => {
          sandbox.clock.advance(30);
          calls += 1;
          const command = assume(`lh-bench-${calls}`);
          return clockMs(() => sts.send(command));
        },
      },
      { turns: LEASES, warmUp: WARM_UP },
    );
    return [
      { name: 'lease() to credentials, median', value: median(times.ours), unit: 'ms' },
      { name: 'lease() to credentials, 99th percentile', value: quantile(times.ours, 0.99), unit: 'ms' },
      { name: 'AssumeRole by the AWS SDK alone, median', value: median(times.sdk), unit: 'ms' },
      { name: 'lease(), beside AssumeRole alone', value: clockRatio(times.ours, times.sdk), unit: '×', atMost: 2 },
    ];
  } finally {
    await sandbox.stop();
  }
}

/** What a lease of `s3-deploy` asks of STS. */
function assumption(
  environment: Environment,
  { userArn }: Sandbox,
  device: { readonly serialNumber: string; code(): string },
  id: string,
): AssumeRoleCommandInput {
  const role = environment.roles.find(({ name }) => name === 's3-deploy');
  if (!role) throw new Error('the reference project has no role s3-deploy');
  return {
    RoleArn: roleArn(role, environment),
    RoleSessionName: id,
    SourceIdentity: userArn.slice(userArn.lastIndexOf('/') + 1),
    DurationSeconds: 900,
    SerialNumber: device.serialNumber,
    TokenCode: device.code(),
    Tags: Object.entries({
      'lease-id': id,
      reason: REQUEST.reason,
      'param.release': REQUEST.parameters.release,
    }).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Leases by the hundred thousand, of an STS in another process that always says yes: what is left behind is ours. */
async function memory(): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const { child, endpoint } = await yesMan(folder);
  try {
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' };
    let asked = 0;
    // No code is sent twice.
    const approval = async () => new Approval('lead', String(asked++ % 1_000_000).padStart(6, '0'));
    const client = createLeaseClient({ manifest: development(), approval, credentials, endpoint });
    const before = await heapAfter(client, MANY / 20);
    const after = await heapAfter(client, MANY);
    return { name: `heap grown by ${MANY.toLocaleString('en')} leases`, value: after - before, unit: 'MB', atMost: 1 };
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function heapAfter(client: LeaseClient, count: number): Promise<number> {
  for (let index = 0; index < count; index++) await use(client);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function use(client: LeaseClient): Promise<void> {
  const lease = await client.lease('s3-deploy', REQUEST);
  const { secretAccessKey } = await lease.credentials();
  if (secretAccessKey.length === 0) throw new Error('a lease without credentials');
}

function development(): DeployedManifest {
  return manifest(developmentEnvironment());
}

function developmentEnvironment(): Environment {
  const [environment] = loadDefinitions(join(ROOT, 'roles')).definitions?.environments ?? [];
  if (!environment) throw new Error('the reference project has no environment');
  return environment;
}

/** Its identity is asked before each lease. */
const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/agents/hermes-dev-agent</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const ANSWER = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

async function yesMan(cwd: string): Promise<{ readonly child: ChildProcess; readonly endpoint: string }> {
  const program = `const server = require('node:http').createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk) => { sent += chunk; }).on('end', () => response.setHeader('content-type', 'text/xml')
      .end(sent.includes('Action=GetCallerIdentity') ? ${JSON.stringify(IDENTITY)} : ${JSON.stringify(ANSWER)}));
  }).listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', program], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { child, endpoint: `http://127.0.0.1:${String(port).trim()}` };
}
