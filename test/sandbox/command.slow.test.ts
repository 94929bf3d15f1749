/** `leasehold sandbox`, as a person meets it. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Host } from '../../lib/cli/host';
import { run } from '../../lib/cli/program';
import { LEASEHOLD } from '../support/sources';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');

/** A host that keeps what is written. */
function recorder(columns?: number) {
  const text = { out: '', err: '' };
  const host: Host = {
    out: (part) => {
      text.out += part;
    },
    err: (part) => {
      text.err += part;
    },
    outColumns: columns,
    errColumns: columns,
    cwd: root,
    env: {},
    today: '2026-11-20',
  };
  return { host, text };
}

describe('--demo', () => {
  it('tells the whole story, ends well and needs no input', async () => {
    const { host, text } = recorder();
    expect(await run(['sandbox', '--demo'], host)).toBe(0);
    expect(text.err).toBe('');
    expect([...text.out.matchAll(/^ {3}[✓✗] .+$/gm)].map(([line]) => line.trim())).toEqual([
      '✗ AccessDenied',
      '✓ a lease for 15 minutes',
      '✓ allowed',
      '✗ AccessDenied',
      '✗ AccessDenied',
      '✗ ExpiredToken',
    ]);
    expect(text.out).toContain('"value": "Deploy build 1.4.2 to the dev bucket - ticket OPS-481"');
  });

  it('shows no key, no token and no code', async () => {
    const { host, text } = recorder(80);
    await run(['sandbox', '--demo'], host);
    expect(text.out).not.toMatch(/AWS_SECRET|IQoJ|SessionToken|SecretAccessKey|(?<![\d:.])\d{6}(?!\d)/);
    expect(text.out).not.toMatch(/(?<![\w/+:.-])[A-Za-z0-9+/]{40}(?![\w/+])/);
  });

  it('says what it needs when there is no such role', async () => {
    const { host, text } = recorder();
    expect(await run(['sandbox', '--demo', 'roles/ec2-read.yaml', 'roles/project.yaml'], host)).toBe(2);
    expect(text.err).toContain('has no role s3-deploy');
  });
});

it.each([
  [['sandbox', '--port', '70000'], 'a number from 0 to 65535'],
  [['sandbox', '--backing', 'aws.amazon.com'], 'not the address of a backing server'],
  [['sandbox', '--applied', '--env', 'dev'], 'no backing server to read from'],
  [['sandbox', '--env', 'none'], 'environment'],
  [['sandbox', '--stack', 'none.json'], 'cannot be read as a stack'],
])('%j cannot be carried out', async (line, message) => {
  const { host, text } = recorder();
  expect(await run(line, host)).toBe(2);
  expect(text.err).toContain(message);
});

it('serves until it is interrupted: the variables on stdout lead a client there, and secrets go nowhere else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-command-'));
  const log = join(folder, 'calls.jsonl');
  const child = spawn(process.execPath, [...LEASEHOLD, 'sandbox', '--log', log], { cwd: root });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  while (!/Ctrl-C/.test(err) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  const env = Object.fromEntries([...out.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]));
  const sts = new STSClient({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: env.AWS_REGION ?? '',
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  const { Arn } = await sts.send(new GetCallerIdentityCommand());
  expect(Arn).toBe('arn:aws:iam::123456789012:user/agents/hermes-dev-agent');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(err).not.toContain(env.AWS_SECRET_ACCESS_KEY);
  expect(err).not.toMatch(/Keys that may do anything|MFA device/);
  expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ eventName: 'GetCallerIdentity', verdict: 'allowed' });
  rmSync(folder, { recursive: true });
});
