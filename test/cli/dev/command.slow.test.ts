/** `leasehold dev`, as a person meets it. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLeaseClient, readManifest } from '@leasehold/runtime';
import { createBrokerClient } from '@leasehold/runtime/broker';
import { paint } from '../../../lib/cli/colour';
import type { Host } from '../../../lib/cli/host';
import { run } from '../../../lib/cli/program';
import { renderAnswered, renderCodes, renderPeople, shellLines } from '../../../lib/cli/render/dev';
import { LEASEHOLD } from '../../support/sources';
import { aDev } from './support';

const root = join(__dirname, '..', '..', '..');
const project = join(__dirname, 'project.yaml');
const plain = paint(false);

/** A host that keeps what is written. */
function recorder(env: Host['env'] = {}) {
  const text = { out: '', err: '' };
  const host: Host = {
    out: (part) => {
      text.out += part;
    },
    err: (part) => {
      text.err += part;
    },
    outColumns: undefined,
    errColumns: undefined,
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    today: '2026-11-20',
  };
  return { host, text };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-dev-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  [['dev', '--roles', 'roles'], 2, 'No environment has a broker'],
  [['dev', '--roles', project, '--env', 'none'], 2, 'There is no environment none'],
  [['dev', '--roles', project, '--agent', 'none'], 2, 'There is no agent none'],
  [['dev', '--roles', project, '--port', '70000'], 2, 'a number from 0 to 65535'],
  [['dev', '--roles', project, '--reviewer-url', 'http://127.0.0.1:1/v1'], 2, 'No model is named'],
  [['dev', '--roles', project, '--reviewer-model', 'm'], 2, 'and no address'],
  [['dev', '--roles', project, '--manifest', '/dev/null/x'], 2, 'cannot be written'],
  [['dev', '--roles', project, '--', 'no-such-program'], 2, 'no-such-program cannot be run'],
  [['dev', '--roles', 'package.json'], 1, 'error'],
])('%j ends with %i', async (line, code, message) => {
  const { host, text } = recorder();
  expect(await run(line, host)).toBe(code);
  expect(text.err).toContain(message);
});

describe('with a command', () => {
  const seen = join('seen.json');
  const show = `require('fs').writeFileSync(process.argv[1], JSON.stringify(process.env))`;

  it('runs it as the agent, with nothing of whoever started it, and ends as it does', async () => {
    const file = join(folder, seen);
    const { host, text } = recorder({
      AWS_PROFILE: 'me',
      AWS_SESSION_TOKEN: 'mine',
      AWS_ENDPOINT_URL_S3: 'https://elsewhere.example',
      LEASEHOLD_REVIEWER_KEY: 'sk-1',
    });
    const child = [process.execPath, '-e', `${show}; process.exit(7)`, file];
    expect(await run(['dev', '--roles', project, '--', ...child], host)).toBe(7);
    const env = JSON.parse(readFileSync(file, 'utf8'));
    expect(env).toMatchObject({
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA/),
      LEASEHOLD_AGENT: 'agent',
    });
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'LEASEHOLD_REVIEWER_KEY']) {
      expect(env).not.toHaveProperty(name);
    }
    expect(text.out).toBe('');
    expect(text.err).toContain('leasehold-shop-dev is the broker of shop-dev');
    expect(text.err).not.toContain(env.AWS_SECRET_ACCESS_KEY);
    expect(existsSync(env.LEASEHOLD_MANIFEST)).toBe(false);
  });

  it('writes the description of the broker where it is wanted, without a secret', async () => {
    const file = join(folder, 'leasehold.json');
    const { host } = recorder();
    const child = [process.execPath, '-e', show, join(folder, seen)];
    expect(await run(['dev', '--roles', project, '--manifest', file, '--', ...child], host)).toBe(0);
    const { broker } = readManifest(file);
    expect(broker).toMatchObject({ region: 'eu-west-1', people: { approver: expect.any(String) } });
    const { AWS_SECRET_ACCESS_KEY: secret } = JSON.parse(readFileSync(join(folder, seen), 'utf8'));
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
  });
});

it('serves until it is interrupted: what it prints leads an agent there, and secrets of people go nowhere', async () => {
  const log = join(folder, 'calls.jsonl');
  const line = [...LEASEHOLD, 'dev', '--roles', project, '--log', log];
  const child = spawn(process.execPath, line, { cwd: root });
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (out.includes('LEASEHOLD_AGENT')) resolve();
    });
    child.once('close', () => resolve());
  });
  const env = Object.fromEntries([...out.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]));
  const client = createLeaseClient({
    manifest: env.LEASEHOLD_MANIFEST ?? '',
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  const reason = 'Upload build 1.4.2 for the release';
  const lease = await client.lease('release-upload', { reason, parameters: { release: '1.4.2' } });
  expect(lease.id).toMatch(/^lh-/);
  const broker = createBrokerClient({
    url: client.manifest.broker?.url ?? '',
    region: client.manifest.region,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  const waiting = (await broker.request({ role: 'release-undo', reason })).lease;
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(err).toContain('No reviewer reads the requests');
  expect(err).toContain(`${waiting.id} waits for people: leasehold approve ${waiting.id}`);
  expect(err).not.toMatch(/AKIA|codes|People,/);
  expect(existsSync(env.LEASEHOLD_MANIFEST ?? '')).toBe(false);
  const written = readFileSync(log, 'utf8');
  expect(written).toContain('"eventName":"Invoke"');
  expect(written).not.toContain(env.AWS_SECRET_ACCESS_KEY);
});

describe('at a terminal', () => {
  it('people are told their keys, one line each, and their codes', async () => {
    const dev = await aDev();
    const shown = renderPeople(dev, { LEASEHOLD_MANIFEST: "/tmp/it's/leasehold.json" }, plain);
    const { accessKeyId, secretAccessKey } = dev.sandbox.person('lead').keys;
    expect(shown).toContain('lead (requester, approver)\n');
    expect(shown).toContain(`AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
    expect(shown).toContain(`LEASEHOLD_MANIFEST='/tmp/it'\\''s/leasehold.json'`);
    expect(shown.match(/^ {2}export /gm)).toHaveLength(4);
    expect(renderCodes(dev, plain)).toMatch(/^codes: alice \d{6}, lead \d{6}, oncall \d{6}, root \d{6}\n$/);
    await dev.stop();
  });

  it('each request is one line, as it went', () => {
    const line = { operation: 'request', milliseconds: 1 };
    expect(renderAnswered({ ...line, status: 202, caller: 'agent agent', lease: 'lh-1' }, plain)).toBe(
      'request 202 by agent agent, lh-1\n',
    );
    expect(renderAnswered({ ...line, status: 403, code: 'not-eligible' }, plain)).toBe('request 403 not-eligible\n');
  });

  it('what is pasted takes away whom the shell spoke as before', () => {
    expect(shellLines({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SESSION_TOKEN: 'a b' })).toBe(
      "unset AWS_PROFILE\nexport AWS_ACCESS_KEY_ID=AKIA\nexport AWS_SESSION_TOKEN='a b'\n",
    );
  });
});
