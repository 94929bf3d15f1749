/** The package as it is published: installed into an empty project, in CommonJS, in ES modules, and with types. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { manifest } from '@leasehold/documents';
import * as runtime from '@leasehold/runtime';
import { type Sandbox, startSandbox } from '@leasehold/sandbox';
import { installRuntime, packRuntime } from '../runtime/support/package';
import { run } from './support/run';

const ROOT = join(__dirname, '../..');

let folder: string;
let project: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-package-'));
  project = await installRuntime(folder, await packRuntime(folder));
  sandbox = await startSandbox({ source: { paths: join(ROOT, 'roles') } });
  const { definitions } = loadDefinitions(join(ROOT, 'roles'));
  const [dev] = definitions?.environments ?? [];
  if (!dev) throw new Error('the reference project has no environment');
  writeFileSync(join(project, 'leasehold.json'), JSON.stringify(manifest(dev)));
});
afterAll(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program of the project as an agent would, with an approver who answers at once. */
async function node(file: string, text: string): Promise<string> {
  writeFileSync(join(project, file), text);
  const device = sandbox.enrolMfaDevice('lead');
  sandbox.clock.advance(30);
  const approve = [process.execPath, '-e', `process.stdout.write('lead ${device.code()}')`];
  const { stdout } = await run(process.execPath, [file], {
    cwd: project,
    env: {
      ...sandbox.env,
      AWS_SESSION_TOKEN: '',
      NODE_OPTIONS: '',
      LEASEHOLD_MANIFEST: 'leasehold.json',
      LEASEHOLD_APPROVE: `command:${JSON.stringify(approve)}`,
    },
  });
  return stdout;
}

const LEASE = `await lease('s3-deploy', { reason: 'Upload release 1.4.2 to the bucket', parameters: { release: '1.4.2' } })`;

it("runs the README's program, pasted into the empty project", async () => {
  const readme = readFileSync(join(project, 'node_modules/@leasehold/runtime/README.md'), 'utf8');
  const snippet = /^```js\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  expect(snippet).toContain("from '@leasehold/runtime'");
  expect(await node('readme.mjs', snippet)).toMatch(/^uploaded under lease lh-\w{26}, which ends at \d{4}-/);
  expect(sandbox.log.events.at(-1)).toMatchObject({ eventName: 'PutObject', verdict: 'allowed' });
});

it('works in CommonJS', async () => {
  const text = `const { lease, LeaseError } = require('@leasehold/runtime');
    (async () => { const held = ${LEASE}; console.log(held.role, (await held.credentials()).accessKeyId.slice(0, 4), typeof LeaseError); })();`;
  expect(await node('common.cjs', text)).toBe('s3-deploy ASIA function\n');
});

it('works in ES modules, every name by itself', async () => {
  const names = Object.keys(runtime).sort();
  expect(names).toContain('createLeaseClient');
  const text = `import { ${names.join(', ')} } from '@leasehold/runtime';
    const held = ${LEASE};
    console.log(held.role, [${names.join(', ')}].map((each) => typeof each).join());`;
  expect(await node('module.mjs', text)).toBe(`s3-deploy ${names.map(() => 'function').join()}\n`);
});

it.each(['terminal', 'command'])('has the entry point %s, in both', async (name) => {
  const text = `import { ${name} } from '@leasehold/runtime/${name}'; import { createRequire } from 'node:module';
    console.log(${name} === createRequire(import.meta.url)('@leasehold/runtime/${name}').${name}, typeof ${name});`;
  expect(await node('entry.mjs', text)).toBe('true function\n');
});

it('has the entry point broker, in both', async () => {
  const text = `import { BrokerProblem } from '@leasehold/runtime'; import * as broker from '@leasehold/runtime/broker';
    import { createRequire } from 'node:module';
    const again = createRequire(import.meta.url)('@leasehold/runtime/broker');
    const client = broker.createBrokerClient({ url: 'http://127.0.0.1:1/stage', region: 'eu-west-1' });
    const told = await client.roles().catch((error) => error.code);
    console.log(broker.createBrokerClient === again.createBrokerClient, broker.BrokerProblem === BrokerProblem, told);`;
  expect(await node('broker.mjs', text)).toBe('true true unavailable\n');
});

it('loads no SDK, no zod, and nothing but Node and Leasehold, before the first lease', async () => {
  const text = `require('@leasehold/runtime'); require('@leasehold/runtime/terminal'); require('@leasehold/runtime/command');
    require('@leasehold/runtime/broker').createBrokerClient({ url: 'https://broker.example.com/stage', region: 'eu-west-1' });
    console.log(Object.keys(require.cache).filter((path) => !path.includes('/@leasehold/')).map((path) => path.split('/').at(-1)).join());`;
  expect(await node('loaded.cjs', text)).toBe('loaded.cjs\n');
});

it('has types that a strict project takes, libraries checked too', async () => {
  writeFileSync(
    join(project, 'typed.mts'),
    `import { STSClient } from '@aws-sdk/client-sts';
import { type ApprovalChannel, createLeaseClient, type Lease, LeaseError, type Manifest, readManifest } from '@leasehold/runtime';
import { type BrokerClient, BrokerProblem, createBrokerClient } from '@leasehold/runtime/broker';
import { command } from '@leasehold/runtime/command';
import { terminal } from '@leasehold/runtime/terminal';

const manifest: Manifest = readManifest('leasehold.json');
const approval: ApprovalChannel = Math.random() > 2 ? terminal({ approver: 'lead' }) : command({ argv: ['zenity', '--password'] });
const client = createLeaseClient({ manifest, approval, credentials: new STSClient({}).config.credentials });
export async function upload(): Promise<string> {
  const held: Lease = await client.lease('s3-deploy', { reason: 'Upload release 1.4.2', parameters: { release: '1.4.2' } });
  new STSClient({ credentials: held.credentials, region: 'eu-west-1' });
  new STSClient({ credentials: await held.credentials(), region: 'eu-west-1' });
  const seconds: number = held.grant.durationSeconds;
  // @ts-expect-error a lease has no such thing
  held.renew();
  // @ts-expect-error a number is no text
  const key: number = (await held.credentials()).secretAccessKey;
  return client.withLease('s3-deploy', { reason: String(seconds) + key }, async ({ id }) => id);
}
export const codeOf = (error: unknown): string => (error instanceof LeaseError ? error.code : 'other');
export const nearestOf = (error: unknown): string | undefined => (error instanceof BrokerProblem ? error.nearest?.role : undefined);
export async function approve(lease: string): Promise<string> {
  if (manifest.broker === undefined) return 'no broker';
  const broker: BrokerClient = createBrokerClient(manifest.broker);
  const { grant, state } = await broker.status(lease, { wait: 20, after: 0 });
  if (state !== 'pending' || grant === undefined) return state;
  // @ts-expect-error a lease is in no such state
  if (state === 'granted') return state;
  return (await broker.approve(lease, { hash: grant.hash })).id;
}
`,
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags =
    '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2022 --skipLibCheck false'.split(' ');
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
  await run(process.execPath, [tsc, ...flags, ...types, 'typed.mts'], { cwd: project });
});

it('imports nothing but Node, the contract, the STS client, zod, and the optional peers where they are used', () => {
  const dist = join(project, 'node_modules/@leasehold/runtime/dist');
  const found = new Set<string>();
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, specifier = ''] of text.matchAll(/(?:from |require\(|import\(|import )['"]([^'"]+)['"]/g)) {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
      const room = relative(dist, path).startsWith('channels/slack') ? 'slack' : 'core';
      found.add(`${room}: ${specifier}`);
    }
  }
  const contract = [
    '',
    '/defined',
    '/error',
    '/manifest',
    '/permission',
    '/request-rules',
    '/routes',
    '/strict-json',
    '/text',
  ].flatMap((path) => ['core', 'slack'].map((room) => `${room}: @leasehold/contract${path}`));
  const libraries = ['core: @aws-sdk/client-sts', 'core: zod', 'slack: @slack/socket-mode', 'slack: @slack/web-api'];
  const allowed = [...contract, ...libraries];
  expect([...found].filter((each) => !allowed.includes(each))).toEqual([]);
  expect(found).toContain('core: @aws-sdk/client-sts');
});
