/** The commands that lease roles, on a sandbox, with an approver behind a program. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import type { Sandbox } from '@leasehold/sandbox';
import { type Approver, startApprover } from '../e2e/support/approver';
import { aSandbox, DEV } from '../sandbox/support/sandbox';
import { newFolder, type Ran, removeFolders, leasehold as runLine } from './support';

const REASON = 'Upload build 1.4.2 for ticket OPS-481';
const ASKED = ['s3-deploy', '--reason', REASON, '--param', 'release=1.4.2'];

let sandbox: Sandbox;
let approver: Approver;
let folder: string;
let env: Record<string, string>;
const before = { ...process.env };

beforeEach(async () => {
  sandbox = await aSandbox();
  folder = newFolder();
  approver = await startApprover(sandbox, folder);
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(DEV)));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  env = {
    PATH: process.env.PATH ?? '',
    ...sandbox.env,
    LEASEHOLD_APPROVE: approver.channel,
    XDG_RUNTIME_DIR: join(folder, 'run'),
  };
  // The AWS SDK reads the process, not the host.
  Object.assign(process.env, sandbox.env);
});

afterEach(async () => {
  process.env = { ...before };
  await approver.stop();
  await sandbox.stop();
});

afterAll(removeFolders);

const leasehold = (line: readonly string[], more: Record<string, string> = {}): Promise<Ran> =>
  runLine(line, { cwd: folder, env: { ...env, ...more } });

/** A program that writes its environment to a file, then ends as told. */
const program = (end: string) => [
  process.execPath,
  '-e',
  `require('node:fs').writeFileSync('${join(folder, 'seen.json')}', JSON.stringify(process.env)); ${end}`,
];
const seen = (): Record<string, string> => JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));

it.each(['exec', 'request', 'credential-process', 'serve'])('%s takes a gate and a token of a user', async (name) => {
  const { out } = await leasehold([name, '--help']);
  expect(out).toContain('--gate <gate>');
  expect(out).toContain('--subject-token-file <file>');
});

it.each([
  ['a gate that the role has not', ['--gate', 'broker'], 'has the gate mfa, not broker'],
  ['a token that nobody would verify', ['--subject-token-file', 'leasehold.json'], 'nothing verifies on whose behalf'],
  ['a token that is not there', ['--subject-token-file', 'none.jwt'], 'none.jwt cannot be read'],
])('a lease for one command is refused before anybody is asked: %s', async (_, flags, message) => {
  const approve = ['--approve', `command:touch ${join(folder, 'was-asked')}`];
  expect(await leasehold(['exec', ...ASKED, ...approve, ...flags, '--', ...program('')])).toMatchObject({
    code: 2,
    err: expect.stringContaining(message),
  });
  expect(existsSync(join(folder, 'was-asked'))).toBe(false);
});

describe('leasehold exec', () => {
  it('runs a command with the lease, without the agent’s key and without the way to the approver', async () => {
    expect(await leasehold(['exec', ...ASKED, '--', ...program('')])).toEqual({ code: 0, out: '', err: '' });
    const { accessKeyId, secretAccessKey } = sandbox.keys;
    expect(seen().AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
    for (const own of [accessKeyId, secretAccessKey, approver.channel])
      expect(Object.values(seen())).not.toContain(own);
  });

  it('with --endpoint its environment holds no credentials', async () => {
    await leasehold(['exec', ...ASKED, '--endpoint', '--', ...program('')]);
    expect(Object.keys(seen())).not.toContain('AWS_SECRET_ACCESS_KEY');
    expect(seen().AWS_CONTAINER_CREDENTIALS_FULL_URI).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/credentials\/s3-deploy$/);
  });

  it.each([
    ['process.exit(42)', 42],
    ["process.kill(process.pid, 'SIGTERM')", 128 + 15],
  ])('ends as the command ends: %s', async (end, code) => {
    expect(await leasehold(['exec', ...ASKED, '--', ...program(end)])).toMatchObject({ code });
  });

  it('runs nothing without a lease', async () => {
    const wrong = await leasehold(['exec', ...ASKED, '--approve', 'command:false', '--', ...program('')]);
    expect(wrong).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^error: .+ \[denied\]\n {2}hint: {5}\S/),
    });
    expect(existsSync(join(folder, 'seen.json'))).toBe(false);
  });

  it('a program that is not there is told as shells tell it, and nobody is asked', async () => {
    const approve = ['--approve', `command:touch ${join(folder, 'was-asked')}`];
    expect(await leasehold(['exec', ...ASKED, ...approve, '--', 'no-such-program'])).toMatchObject({
      code: 127,
      err: expect.stringContaining('no-such-program is not installed'),
    });
    expect(existsSync(join(folder, 'was-asked'))).toBe(false);
  });
});

describe('leasehold serve and leasehold request', () => {
  /** Serves while `work` runs, and ends as Ctrl-C would end it. */
  async function serving(args: readonly string[], work: (printed: string) => Promise<void>): Promise<Ran> {
    let printed = '';
    let up = () => {};
    const ready = new Promise<void>((resolve) => {
      up = resolve;
    });
    const err: string[] = [];
    const ending = runLine(['serve', ...args], {
      cwd: folder,
      env,
      out: (text) => {
        printed += text;
      },
      err: (text) => {
        err.push(text);
        up();
      },
    });
    await Promise.race([ready, ending]);
    try {
      await work(printed);
    } finally {
      process.emit('SIGTERM');
    }
    return { ...(await ending), out: printed, err: err.join('') };
  }

  const printedEnv = (printed: string) =>
    Object.fromEntries([...printed.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));

  it('a lease is asked for once, and fetched from memory with what was printed', async () => {
    const { code, err } = await serving([], async (printed) => {
      const agent = printedEnv(printed);
      const fetched = async () => {
        const authorization = readFileSync(agent.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
        const answer = await fetch(agent.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers: { authorization } });
        return answer.json();
      };
      expect(await fetched()).toMatchObject({ code: 'no-lease' });
      const asked = await leasehold(['request', ...ASKED], agent);
      expect(asked).toEqual({ code: 0, err: '', out: expect.stringMatching(/^lh-\S+ opens s3-deploy until \S+Z\n$/) });
      expect(await fetched()).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA/) });
      expect(await leasehold(['request', ...ASKED], agent)).toEqual(asked);
      expect(approver.asked()).toBe(1);
    });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ serves leases/) });
  });

  it('each client has a token file of its own, for its user alone, gone at the end', async () => {
    const files: string[] = [];
    const { out } = await serving(['--client', 'one', '--client', 'two'], async (printed) => {
      files.push(...[...printed.matchAll(/TOKEN_FILE=(\S+)/g)].map(([, file = '']) => file));
      expect(files).toHaveLength(2);
      const tokens = files.map((file) => readFileSync(file, 'utf8'));
      expect(new Set(tokens).size).toBe(2);
      for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
      for (const token of tokens) expect(printed).not.toContain(token);
    });
    expect(out).toMatch(/^# one\n[\s\S]+\n# two\n/);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    expect(readdirSync(join(folder, 'run', 'leasehold'))).toEqual([]);
  });

  it('a no is told with its code', async () => {
    await serving(['--approve', 'command:false'], async (printed) => {
      const asked = await leasehold(['request', ...ASKED], printedEnv(printed));
      expect(asked).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^error: .+ \[denied\]\n {2}hint: /),
      });
    });
  });

  it.each<[readonly string[], Record<string, string>, string]>([
    [['request', ...ASKED], {}, 'no endpoint is named'],
    [['request', ...ASKED, '--url', 'http://127.0.0.1:1'], {}, 'no token is named'],
    [
      ['request', ...ASKED, '--url', 'http://example.com/'],
      { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token' },
      'not the address of a Leasehold endpoint on this machine',
    ],
    [['request', ...ASKED, '--url', 'http://127.0.0.1:1', '--token-file', 'none'], {}, 'no such file'],
    [['serve', 's3-deplyo'], {}, 'there is no role "s3-deplyo"'],
    [['serve', '--client', '../up'], {}, 'is not a client name'],
    [['serve', '--port', '70000'], {}, 'a number from 0 to 65535'],
  ])('%j cannot be carried out', async (line, more, message) => {
    const { code, err } = await leasehold(line, more);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('an endpoint that is gone is told', async () => {
    const more = {
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/',
    };
    expect(await leasehold(['request', ...ASKED], more)).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not respond [unavailable]'),
    });
  });
});

describe('leasehold credential-process', () => {
  it('does not look for the agent’s key in the profile that runs it', async () => {
    const inside = { LEASEHOLD_INSIDE_CREDENTIAL_PROCESS: '1' };
    expect(await leasehold(['credential-process', ...ASKED], inside)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--profile NAME'),
    });
    expect(approver.asked()).toBe(0);
  });

  it('asks nobody when the holder’s folder is open to others', async () => {
    mkdirSync(join(folder, 'run', 'leasehold'), { mode: 0o755 });
    expect(await leasehold(['credential-process', ...ASKED])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('is open to other users'),
    });
    expect(approver.asked()).toBe(0);
  });
});

describe('what every one of them says', () => {
  it.each([
    [['exec', ...ASKED, '--', 'true'], { LEASEHOLD_MANIFEST: 'none.json' }, 'none.json cannot be read'],
    [['exec', 's3-deploy', '--reason', 'please', '--', 'true'], {}, 'reason'],
    [['exec', ...ASKED, '--param', 'release', '--', 'true'], {}, 'no name before an equals sign'],
    [['exec', ...ASKED, '--duration', 'soon', '--', 'true'], {}, 'a number of seconds, or a duration'],
    [['exec', ...ASKED, '--duration', '2h', '--', 'true'], {}, 'hint:'],
    [['exec', ...ASKED, '--approve', 'pigeon', '--', 'true'], {}, 'terminal, socket or command:PROGRAM'],
    [['exec', ...ASKED, '--agent', 'nobody', '--', 'true'], {}, 'nobody'],
    [['exec', 'no-role', '--reason', REASON, '--', 'true'], {}, 'no-role'],
    [['exec', 's3-deploy', '--', 'true'], {}, "required option '--reason <sentence>'"],
  ])('%j is a mistake in the line, and nobody is asked', async (line, more, message) => {
    const { code, out, err } = await leasehold(line, more as Record<string, string>);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(message)]);
    expect(approver.asked()).toBe(0);
  });

  it('where there is no manifest, how to write one', async () => {
    expect(await runLine(['exec', ...ASKED, '--', 'true'], { cwd: newFolder(), env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('npx leasehold manifest --env ENVIRONMENT > leasehold.json'),
    });
  });
});
