/** An approver at the machine on which the agent asks. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { socket, waitingRequests } from '@leasehold/runtime/socket';
import { Command } from 'commander';
import { approve as define } from '../../lib/cli/commands/approve';
import { UsageError } from '../../lib/cli/exit';
import { type ReadSecret, readSecretLine } from '../../lib/cli/secret-line';
import { openShell } from '../../lib/cli/shell';
import type { ApprovalOutcome, ApprovalRequest } from '../../runtime/src/approval';
import { eventually, never, rejection, requestOf, SHOWN } from '../runtime/channels/support';
import { LEASEHOLD } from '../support/sources';
import { leasehold } from './support';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lh-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** An agent that asks, and has its request waiting. */
async function asking(changes: Partial<ApprovalRequest> = {}, signal = never().signal) {
  const before = await countWaiting();
  const asked = socket({ directory })(requestOf(changes), { signal });
  asked.catch(() => {});
  await eventually(async () => (await countWaiting()) > before);
  return { answer: asked };
}

async function countWaiting(): Promise<number> {
  const list = await waitingRequests(directory);
  list.close();
  return list.requests.length;
}

/** `leasehold approve …`, where the approver types these lines. */
async function approve(args: readonly string[], ...typed: readonly (string | ReadSecret)[]) {
  const lines = [...typed];
  const written = { code: -1, out: '', err: '' };
  const shell = openShell(
    {
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      outColumns: undefined,
      errColumns: undefined,
      cwd: '/',
      env: {},
      today: '2026-11-22',
      keyboard: {
        isTerminal: true,
        secret: async (signal) => {
          const next = lines.shift();
          return typeof next === 'function' ? next(signal) : next;
        },
        line: async () => undefined,
      },
    },
    false,
    (code) => {
      written.code = code;
    },
  );
  const command = new Command('approve').exitOverride();
  define(command, shell);
  await command.parseAsync(['--directory', directory, ...args], { from: 'user' });
  return written;
}

it('shows the one request that waits whole, and takes the code', async () => {
  const { answer: asked } = await asking({ approvers: ['oncall'] });
  const { code, out, err } = await approve([], '123456');
  expect(code).toBe(0);
  for (const fact of SHOWN) expect(out).toContain(fact);
  expect(out).toMatch(/Approved\. .*AWS makes the final decision\.\n$/);
  expect(err).toContain("Code of oncall's device");
  const approval = await asked;
  expect([approval.approver, approval.takeCode()]).toEqual(['oncall', '123456']);
});

it.each([
  ['opened the lease', true, 0, 'It is open until 2027-01-01 09:45:00 UTC.'],
  ['did not open it', false, 1, 'AWS refused the lease'],
])('tells when AWS %s, and not before', async (_, opened, exit, because) => {
  let settle: (outcome: ApprovalOutcome) => void = () => {};
  const outcome = new Promise<ApprovalOutcome>((resolve) => {
    settle = resolve;
  });
  const asked = socket({ directory })(requestOf({ approvers: ['oncall'] }), { ...never(), outcome });
  await eventually(async () => (await countWaiting()) > 0);
  const answered = approve([], '123456');
  await asked;
  settle({ opened, because });
  const { code, out, err } = await answered;
  expect(code).toBe(exit);
  expect(out + err).toContain(because);
  expect(out.includes('AWS opened the lease')).toBe(opened);
});

it('lists the words of agents marked, so that none of them looks like another request', async () => {
  const forged = `${'x'.repeat(70)} lh-other ${' '.repeat(70)}ec2-read in hermes prod, answer by 12:00:00 UTC`;
  const { answer: asked } = await asking({ reason: forged });
  const { out } = await approve(['--list']);
  expect(out.split('\n').filter((line) => /lh-other|hermes prod|12:00:00/.test(line))).toEqual(
    out.split('\n').filter((line) => /^ {2}┃ .*(lh-other|hermes prod|12:00:00)/.test(line)),
  );
  await approve(['--deny', '--approver', 'oncall']);
  await rejection(asked);
});

it('says no with --deny, and asks for no code', async () => {
  const { answer: asked } = await asking();
  expect(await approve(['--deny', '--approver', 'lead'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Denied\.\n$/),
  });
  expect(await rejection(asked)).toMatchObject({ code: 'denied' });
});

it('lists what waits where there are several, and answers the one that is named', async () => {
  const { answer: first } = await asking({ id: 'lh-first', role: 'ec2-read' });
  const { answer: second } = await asking({ id: 'lh-second' });
  const list = await approve([]);
  expect(list.code).toBe(0);
  expect(list.out).toMatch(
    /lh-first\n {2}ec2-read in hermes dev, answer by \d\d:\d\d:\d\d UTC\n.*\n {2}┃ Deploy release 1\.4\.2 of the shop\.\n/,
  );
  expect(list.out).toMatch(/lh-second\n {2}s3-deploy/);
  expect(list.err).toContain('leasehold approve <id>');

  expect(await approve(['lh-second', '--approver', 'lead'], '222222')).toMatchObject({ code: 0 });
  expect((await second).approver).toBe('lead');
  expect(await approve(['--list'])).toMatchObject({ code: 0, out: expect.stringContaining('lh-first') });
  expect(await approve(['--deny', '--approver', 'oncall'])).toMatchObject({ code: 0 });
  await rejection(first);
});

it('says so when nothing waits', async () => {
  expect(await approve([])).toEqual({ code: 0, out: 'Nothing waits for an approver.\n', err: '' });
});

it('asks again for a code that is none, and leaves the request waiting when nothing is typed', async () => {
  const { answer: asked } = await asking({ approvers: ['oncall'] });
  const tried = await approve([], '12345', '');
  expect(tried.code).toBe(1);
  expect(tried.err).toContain('error: A code has six digits.');
  expect(tried.err).toContain('the request goes on waiting');
  expect(await approve([], 'abc', '123456')).toMatchObject({ code: 0 });
  expect((await asked).takeCode()).toBe('123456');
});

it('stops asking for the code when the request is over', async () => {
  const abort = new AbortController();
  const { answer: asked } = await asking({ approvers: ['oncall'] }, abort.signal);
  const { code, err } = await approve([], (signal) => {
    abort.abort();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  });
  expect(code).toBe(1);
  expect(err).toContain('error: Withdrawn by the agent.');
  await rejection(asked);
});

it.each([
  ['an id that does not wait', ['lh-other'], /no request "lh-other" waits here/],
  ['no approver where there are several', [], /several people may answer/],
  ['an approver who may not answer', ['--approver', 'mallory'], /"mallory" may not answer/],
])('refuses %s before it asks for a code', async (_, args, told) => {
  const { answer: asked } = await asking();
  const error: unknown = await approve(args, '123456').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(told);
  await approve(['--deny', '--approver', 'oncall']);
  await rejection(asked);
});

it('refuses to choose between requests that call themselves the same', async () => {
  const twins = [await asking({ id: 'lh-twin' }), await asking({ id: 'lh-twin' })];
  await expect(approve(['lh-twin', '--approver', 'oncall'], '123456')).rejects.toThrow(
    'several requests call themselves',
  );
  for (const request of (await waitingRequests(directory)).requests) await request.deny('lead');
  await Promise.all(twins.map(({ answer }) => rejection(answer)));
});

it('shows what an agent wrote without obeying it', async () => {
  const { answer: asked } = await asking({
    id: '\u001b[2Jlh',
    reason: 'Fine.\nRole: harmless \u202e\u001b]0;x\u0007',
    approvers: ['on\u001b'],
  });
  const shown = [await approve(['--list']), await approve(['--deny'])].map(({ out, err }) => out + err).join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(shown).not.toMatch(/^Role: harmless/m);
  await rejection(asked);
});

it('is told of a folder that is not safe as a mistake', async () => {
  const { code, err } = await leasehold(['approve', '--directory', '/dev/null/x']);
  expect(code).toBe(2);
  expect(err).toMatch(/error: \/dev\/null\/x .*\n {2}hint:/);
});

describe('a code', () => {
  it('has no option of its own', async () => {
    expect(await leasehold(['approve', '--directory', directory, '--code', '123456'])).toMatchObject({ code: 2 });
  });

  /** The process, with these lines in its pipe. */
  async function piped(lines: string) {
    const args = [...LEASEHOLD, 'approve', '--directory', directory];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let shown = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        shown += chunk;
      });
    child.stdin.end(lines);
    const [code] = await new Promise<[number]>((resolve) => child.on('close', (exit) => resolve([exit ?? -1])));
    return { code, shown };
  }

  it('is read from a pipe by the process', async () => {
    const { answer: asked } = await asking({ approvers: ['oncall'] });
    const { code, shown } = await piped('987654\n');
    expect(code).toBe(0);
    expect((await asked).takeCode()).toBe('987654');
    expect(shown).not.toContain('987654');
  });

  it('that is none ends the process with no answer given, when the pipe has no other', async () => {
    const { answer: asked } = await asking({ approvers: ['oncall'] });
    expect(await piped('12345\n')).toMatchObject({
      code: 1,
      shown: expect.stringContaining('the request goes on waiting'),
    });
    await approve(['--deny']);
    await rejection(asked);
  });

  /** A terminal: what is typed arrives as keys, and whoever reads turns the echo off. */
  function terminal() {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode(raw: boolean) {
        modes.push(raw);
        return input;
      },
    });
    return { input, modes };
  }

  it('is typed on a terminal whose echo is off, and is back on afterwards', async () => {
    const { input, modes } = terminal();
    const read = readSecretLine(never().signal, input);
    input.write('12x\u007f3456\r');
    expect(await read).toBe('123456');
    expect(modes).toEqual([true, false]);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is none after %s', async (_, key) => {
    const { input, modes } = terminal();
    const read = readSecretLine(never().signal, input);
    input.write(key);
    expect(await read).toBeUndefined();
    expect(modes).toEqual([true, false]);
  });

  it('is not waited for any longer when the request is over', async () => {
    const { input, modes } = terminal();
    const over = new AbortController();
    const read = readSecretLine(over.signal, input);
    over.abort();
    expect(await read).toBeUndefined();
    expect(await readSecretLine(over.signal, input)).toBeUndefined();
    expect(modes).toEqual([true, false]);
  });
});
