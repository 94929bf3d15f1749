/** The commands that lease roles as real processes: signals, ports, disks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { manifest } from '@leasehold/documents';
import type { Sandbox } from '@leasehold/sandbox';
import { aSandbox, DEV } from '../sandbox/support/sandbox';
import { LEASEHOLD } from '../support/sources';
import { newFolder, removeFolders } from './support';

const ASKED = ['s3-deploy', '--reason', 'Upload build 1.4.2 for ticket OPS-481', '--param', 'release=1.4.2'];

let sandbox: Sandbox;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  sandbox = await aSandbox();
  sandbox.enrolMfaDevice('oncall');
  folder = newFolder();
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(DEV)));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  // A human who never answers.
  writeFileSync(join(folder, 'never.sh'), `#!/bin/sh\ntouch '${folder}/asked'\nexec sleep 3600\n`, { mode: 0o700 });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await sandbox.stop();
});
afterAll(removeFolders);

function leasehold(line: readonly string[], stdio: 'ignore' | 'pipe' | number = 'pipe'): ChildProcess {
  const child = spawn(process.execPath, [...LEASEHOLD, ...line], {
    cwd: folder,
    stdio: stdio === 'ignore' ? 'ignore' : ['ignore', stdio, 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run'), ...sandbox.env },
  });
  children.push(child);
  return child;
}

/** What it wrote to standard error, and how it ended. */
async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly err: string }> {
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(50);
}

/** Whether a process that has no pipes has a connection: it has reached the holder. Elsewhere than on Linux nobody knows. */
function isConnected({ pid }: ChildProcess): boolean {
  if (!existsSync('/proc/self/fd')) return true;
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  });
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'a credential-process that waits ends at the first %s, be it the one that asks or one that waits for it',
  async (signal) => {
    const line = ['credential-process', ...ASKED, '--approve', `command:${join(folder, 'never.sh')}`];
    const asks = leasehold(line, 'ignore');
    await until(() => existsSync(join(folder, 'asked')));
    const waits = leasehold(line, 'ignore');
    await until(() => isConnected(waits));
    for (const child of [waits, asks]) {
      const end = once(child, 'exit');
      child.kill(signal);
      expect((await end)[1] === signal || child.exitCode === 1).toBe(true);
    }
  },
  300_000,
);

it('a credential-process is refused a gate that the role has not, and asks nobody', async () => {
  const line = ['credential-process', ...ASKED, '--approve', `command:${join(folder, 'never.sh')}`, '--gate', 'broker'];
  const { code, err } = await ended(leasehold(line));
  expect([code, existsSync(join(folder, 'asked'))]).toEqual([2, false]);
  expect(err).toContain('has the gate mfa, not broker');
}, 300_000);

it('serve says that its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, err } = await ended(leasehold(['serve', 's3-deploy', '--port', String(port), '--approve', 'socket']));
  other.close();
  expect(code).toBe(2);
  expect(err).toContain(`error: 127.0.0.1:${port}: another program listens there\n`);
  expect(err).toContain('hint:     Give another --port.');
}, 300_000);

it('clients find the token of a serve that was killed and started again', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as { port: number };
  free.close();
  await once(free, 'close');
  const tokens: string[] = [];
  const files: string[] = [];
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const child = leasehold(['serve', 's3-deploy', '--port', String(port), '--approve', 'socket']);
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const named = () => /AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=['"]?([^'"\n]+)/.exec(printed)?.[1];
    await until(() => named() !== undefined && printed.endsWith('\n'));
    const file = named() ?? '';
    files.push(file);
    tokens.push(readFileSync(file, 'utf8'));
    const answer = await fetch(`http://127.0.0.1:${port}/credentials/s3-deploy`, {
      headers: { authorization: tokens.at(-1) ?? '' },
    });
    expect(await answer.json()).toMatchObject({ code: 'no-lease' });
    const end = once(child, 'exit');
    child.kill(signal);
    await end;
  }
  expect(files[0]).toBe(files[1]);
  expect(new Set(tokens).size).toBe(2);
  await until(() => !existsSync(files[0] ?? ''));
}, 300_000);

it.each([
  ['help', ['exec', '--help']],
  ['a lease', ['serve', 's3-deploy', '--approve', 'socket']],
])(
  'a full disk under the output of %s is told, and ends it',
  async (_, line) => {
    const { code, err } = await ended(leasehold(line, openSync('/dev/full', 'w')));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*the disk is full\n {2}hint: {5}/m);
  },
  300_000,
);
