/** What `leasehold proxy` prints, as a shell carries it out, and what it refuses before it asks anybody. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, constants, mkdirSync, openSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstUnseen } from '@leasehold/contract/text';
import type { Lease } from '@leasehold/runtime';
import type { RawRequest } from '@leasehold/sandbox/requests';
import { CallLog, logFile } from '../../../lib/cli/proxy/call-log';
import { proxyLines } from '../../../lib/cli/render/proxy';
import { leasehold, newFolder, removeFolders } from '../support';

afterAll(removeFolders);

const IDENTITIES = {
  AWS_ACCESS_KEY_ID: 'AKIAAGENT',
  AWS_SECRET_ACCESS_KEY: 'own',
  AWS_SESSION_TOKEN: 'own',
  AWS_PROFILE: 'own',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/own',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://own',
  AWS_ENDPOINT_URL: 'http://own',
  AWS_ENDPOINT_URL_S3: 'http://own',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://own',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
};

it.each(['sh', 'bash'])('lead to the proxy, and to nothing else, in %s', (shell) => {
  const folder = join(newFolder(), "it's a folder");
  mkdirSync(folder);
  const secretFile = join(folder, 'agent.secret');
  writeFileSync(secretFile, 'the-secret');
  const lines = proxyLines({
    url: 'http://127.0.0.1:8123',
    accessKeyId: 'LEASEHOLDAAAAAAAAAA',
    secretFile,
    region: 'eu-west-1',
    env: IDENTITIES,
  });
  expect(lines).not.toContain('the-secret');
  const print = `"${process.execPath}" -e 'console.log(JSON.stringify(process.env))'`;
  const { stdout } = spawnSync(shell, ['-c', `eval "$LINES"\n${print}`], {
    encoding: 'utf8',
    env: { ...IDENTITIES, PATH: process.env.PATH ?? '', LINES: lines },
  });
  const { LINES: _, ...variables } = JSON.parse(stdout);
  expect(variables).toMatchObject({
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:8123',
    AWS_ACCESS_KEY_ID: 'LEASEHOLDAAAAAAAAAA',
    AWS_SECRET_ACCESS_KEY: 'the-secret',
  });
  expect(JSON.stringify(variables)).not.toMatch(/"[^"]*own"|AWS_ENDPOINT_URL_|AWS_IGNORE_CONFIGURED/);
});

it('a line of the log has no character that a terminal acts on', () => {
  const hostile = '\u009b2J\u202e\u007f';
  const written: string[] = [];
  const grant = { reason: `Upload${hostile}` } as Lease['grant'];
  const session = { lease: { id: 'lh-1', role: 's3-deploy', grant }, roleArn: '', accessKeyId: 'ASIA', account: '' };
  new CallLog(session, { write: (line) => written.push(line) }).append({
    raw: { headers: { 'user-agent': hostile }, sourceIp: '127.0.0.1' } as unknown as RawRequest,
    id: '1',
    region: 'eu-west-1',
    eventSource: 's3.amazonaws.com',
    isForwarded: false,
  });
  const [line = ''] = written;
  expect(firstUnseen(line)).toBeUndefined();
  expect(JSON.parse(line)).toMatchObject({ userAgent: hostile, additionalEventData: { reason: `Upload${hostile}` } });
});

it('the log is readable by its owner only, and is added to', () => {
  const file = join(newFolder(), 'calls.jsonl');
  for (const line of ['1\n', '2\n']) {
    const { write, close } = logFile(file);
    write(line);
    close();
  }
  expect([statSync(file).mode & 0o777, statSync(file).size]).toEqual([0o600, 4]);
});

describe('an existing log is refused if it', () => {
  const refused = (made: (path: string) => void) => {
    const file = join(newFolder(), 'calls.jsonl');
    made(file);
    expect(() => logFile(file)).toThrow(`the log ${file}`);
  };

  it.each([0o640, 0o620, 0o604, 0o602, 0o666])('has the mode %o', (mode) => {
    refused((path) => {
      writeFileSync(path, '');
      chmodSync(path, mode);
    });
  });

  it('is a named pipe, even without a reader', () => {
    const pipe = join(newFolder(), 'pipe');
    spawnSync('mkfifo', ['-m', '600', pipe]);
    expect(() => logFile(pipe)).toThrow();
  });

  it('is a named pipe with a reader', () => {
    refused((path) => {
      spawnSync('mkfifo', ['-m', '600', path]);
      readers.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    });
  });

  it('is a link', () => {
    const file = join(newFolder(), 'calls.jsonl');
    symlinkSync(join(newFolder(), 'other'), file);
    expect(() => logFile(file)).toThrow('ELOOP');
  });

  it('belongs to another user', () => {
    const user = process.getuid?.() ?? 0;
    const other = jest.spyOn(process, 'getuid').mockReturnValue(user + 1);
    try {
      refused((path) => writeFileSync(path, '', { mode: 0o600 }));
    } finally {
      other.mockRestore();
    }
  });
});

const readers: number[] = [];
afterAll(() => {
  for (const reader of readers) closeSync(reader);
});

it.each([
  ['an endpoint in the clear', ['--endpoint', 'http://aws.example'], 'nor an address of this machine'],
  ['a name that is no file name', ['--client', '../a'], 'is not a client name'],
  ['a log that is a device', ['--log', '/dev/null'], 'is not a regular file'],
  ['a log without a folder', ['--log', 'no-folder/calls.jsonl'], 'no-folder/calls.jsonl'],
])('%s is refused before anybody is asked', async (_, flags, message) => {
  const folder = newFolder();
  const manifest = join(folder, 'leasehold.json');
  const written = await leasehold('manifest --env dev');
  writeFileSync(manifest, written.out);
  const approve = `command:touch ${join(folder, 'asked')}`;
  const line = ['proxy', 's3-deploy', '--reason', 'Upload build 1.4.2 for OPS-481', '--param', 'release=1.4.2'];
  const env = { XDG_RUNTIME_DIR: folder };
  const ran = await leasehold([...line, '--manifest', manifest, '--approve', approve, ...flags], { cwd: folder, env });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(message)]);
  expect(statSync(join(folder, 'asked'), { throwIfNoEntry: false })).toBeUndefined();
});
