/**
 * `leasehold mcp` as a client starts it: a process with standard input and output, an approver beside it, a sandbox as
 * AWS.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import type { Sandbox } from '@leasehold/sandbox';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { leasehold, newFolder, removeFolders } from '../cli/support';
import { type Approver, startApprover } from '../e2e/support/approver';
import { aSandbox, DEV } from '../sandbox/support/sandbox';
import { LEASEHOLD } from '../support/sources';
import { FakeAws } from './support/fake-aws';

let sandbox: Sandbox;
let approver: Approver;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  sandbox = await aSandbox();
  folder = newFolder();
  approver = await startApprover(sandbox, folder);
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(DEV)));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  mkdirSync(join(folder, 'out'), { mode: 0o700 });
  writeFileSync(join(folder, 'out', 'app.js'), 'console.log(1)');
  env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    ...sandbox.env,
    LEASEHOLD_APPROVE: approver.channel,
    XDG_RUNTIME_DIR: join(folder, 'run'),
  };
});
afterEach(async () => {
  await approver.stop();
  await sandbox.stop();
});
afterAll(removeFolders);

it('uploads a file under a lease that a human approved, and shows no credential', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...LEASEHOLD, 'mcp', '--files', 'out'],
    cwd: folder,
    env,
    stderr: 'pipe',
  });
  let logged = '';
  transport.stderr?.on('data', (chunk) => {
    logged += chunk;
  });
  const client = new Client({ name: 'model', version: '1' });
  await client.connect(transport);
  let received = '';
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    received += JSON.stringify(message);
    onmessage?.(message);
  };
  const call = async (name: string, args: Record<string, unknown>) => {
    const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
    return isError ? JSON.parse((content as { text: string }[])[0]?.text ?? '{}') : structuredContent;
  };
  const { lease } = await call('request_lease', {
    role: 's3-deploy',
    parameters: { release: '1.4.2' },
    reason: 'Upload build 1.4.2 for ticket OPS-481',
  });
  expect(await call('lease_status', { lease })).toMatchObject({ state: 'issued' });
  const put = (Key: string) => ({
    lease,
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: 'hermes-dev-deploy', Key, Body: { $file: 'app.js' } },
  });
  expect(await call('call_aws', put('1.4.2/app.js'))).toMatchObject({ operation: 'PutObject' });
  expect(await call('call_aws', put('1.4.3/app.js'))).toMatchObject({ code: 'access-denied' });
  expect(sandbox.log.events.filter(({ eventName }) => eventName === 'PutObject').map(({ verdict }) => verdict)).toEqual(
    ['allowed', 'denied'],
  );
  await client.close();
  const issuedKeys = JSON.stringify(sandbox.log.events).match(/ASIA[A-Z0-9]{12,}/g) ?? [];
  expect(issuedKeys).not.toEqual([]);
  const { accessKeyId, secretAccessKey } = sandbox.keys;
  for (const secret of [accessKeyId, secretAccessKey, ...issuedKeys]) {
    expect(received.includes(secret)).toBe(false);
    expect(logged.includes(secret)).toBe(false);
  }
  expect(received).not.toMatch(/SecretAccessKey|SessionToken/i);
  expect(logged).toContain('call_aws: access-denied');
  expect(readFileSync(join(folder, 'out', 'app.js'), 'utf8')).toBe('console.log(1)');
});

it('shows no key of a profile, in whatever form AWS repeats it', async () => {
  const aws = await FakeAws.open();
  const { accessKeyId, secretAccessKey } = sandbox.keys;
  mkdirSync(join(folder, '.aws'));
  const lines = ['[agent]', `aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`];
  writeFileSync(join(folder, '.aws', 'credentials'), `${lines.join('\n')}\n`);
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...others } = env;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...LEASEHOLD, 'mcp', '--profile', 'agent'],
    cwd: folder,
    env: { ...others, AWS_ENDPOINT_URL_S3: aws.url },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'model', version: '1' });
  await client.connect(transport);
  const call = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: args })) as unknown as { structuredContent: { lease: string } };
  const parameters = { release: '1.4.2' };
  const { lease } = (
    await call('request_lease', { role: 's3-deploy', parameters, reason: 'Read build 1.4.2 for ticket OPS-481' })
  ).structuredContent;
  await call('lease_status', { lease });
  const basic = Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString('base64');
  aws.answer = (___, response) => response.end(`${accessKeyId} ${secretAccessKey} Basic ${basic}`);
  const input = { Bucket: 'hermes-dev-deploy', Key: '1.4.2/a' };
  const got = await call('call_aws', { lease, service: 's3', operation: 'GetObject', input });
  await client.close();
  await aws.close();
  expect(got.structuredContent).toMatchObject({ output: { Body: expect.stringContaining('[removed: credential]') } });
  for (const secret of [accessKeyId, secretAccessKey, basic]) expect(JSON.stringify(got)).not.toContain(secret);
});

it('serves over HTTP with a token in a file that only the user can read, and that goes with the server', async () => {
  const child = spawn(process.execPath, [...LEASEHOLD, 'mcp', '--http'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (/Authorization: .*\n/.test(printed)) break;
  }
  const [, url = '', file = ''] = /^(http:\S+)\nAuthorization: Bearer \$\(cat '?([^')]+)'?\)\n/.exec(printed) ?? [];
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const headers = { Authorization: `Bearer ${readFileSync(file, 'utf8')}` };
  const client = new Client({ name: 'model', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as never);
  expect((await client.listTools()).tools).toHaveLength(6);
  await client.close();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(existsSync(file)).toBe(false);
});

it.each([
  ['the terminal, which belongs to the client', ['--approve', 'terminal'], 'the terminal belongs to the MCP client'],
  ['a page that is none', ['--approval-url', 'javascript:alert({lease})'], 'is not the address of a page'],
  [
    'a page on another machine without TLS',
    ['--approval-url', 'http://evil.example/{lease}'],
    'is not the address of a page',
  ],
  ['a page for every lease', ['--approval-url', 'https://leases.example.com/'], 'is not the address of a page'],
])('does not start with %s', async (_, flags, message) => {
  const { LEASEHOLD_APPROVE: __, ...rest } = env;
  expect(await leasehold(['mcp', ...flags], { cwd: folder, env: rest })).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining(message),
  });
});
