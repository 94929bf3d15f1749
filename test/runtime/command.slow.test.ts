/** The approval channel that runs a program. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOptions, command } from '@leasehold/runtime/command';
import { anApprovalRequest } from './support/approval-request';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in JavaScript. */
function ask(
  script: string,
  options: Partial<CommandOptions> = {},
  seconds = 60,
  signal = new AbortController().signal,
  approvers: readonly string[] = ['lead'],
) {
  const channel = command({ argv: [process.execPath, '-e', script], cwd: folder, ...options });
  return channel(anApprovalRequest({ answerBy: new Date(Date.now() + seconds * 1000), approvers }), { signal });
}

const print = (text: string) => `process.stdout.write(${JSON.stringify(text)})`;

it.each([
  ['alone', '123456'],
  ['with a line end', '123456\n'],
  ['after the approver', 'lead 123456\n'],
])('takes a code printed %s', async (_, text) => {
  const approval = await ask(print(text));
  expect([approval.approver, approval.takeCode()]).toEqual(['lead', '123456']);
});

it.each([
  ['the program says so', 'oncall 123456', {}],
  ['the channel is configured so', '123456', { approver: 'oncall' }],
])('knows which approver answered when %s', async (_, text, options) => {
  const approval = await ask(print(text), options, 60, undefined, ['lead', 'oncall']);
  expect(approval.approver).toBe('oncall');
});

it.each([
  ['exits with 1', 'process.exit(1)', {}],
  ['prints nothing', '', {}],
  ['exits with a code that is configured so', 'process.exit(5)', { denied: [5] }],
])('takes it for a no when the program %s', async (_, script, options) => {
  await expect(ask(script, options)).rejects.toMatchObject({ code: 'denied', retryable: false });
});

it.each([
  ['fails', 'process.exit(3)', 'the command ended with code 3'],
  ['is killed', "process.kill(process.pid, 'SIGKILL')", 'the command was ended by SIGKILL'],
  ['prints no code', print('yes'), 'the command printed no code'],
  ['prints five digits', print('12345'), 'the command printed no code'],
  ['prints two codes', print('123456\n654321'), 'the command printed no code'],
  ['names somebody who is no approver', print('mallory 123456'), 'the command did not state which approver answered'],
  ['prints without end', "const t = () => process.stdout.write('x'.repeat(9999), t); t()", 'the command was ended by'],
])('fails when the program %s', async (_, script, message) => {
  await expect(ask(script)).rejects.toMatchObject({
    code: 'channel-failed',
    message: expect.stringContaining(message),
  });
});

it('fails when the program does not say which of several approvers answered', async () => {
  await expect(ask(print('123456'), {}, 60, undefined, ['lead', 'oncall'])).rejects.toMatchObject({
    code: 'channel-failed',
    hint: 'Set `approver`, or have it print one of lead, oncall before the code.',
  });
});

it('fails when there is no such program', async () => {
  await expect(ask('', { argv: ['leasehold-no-such-program'] })).rejects.toMatchObject({ code: 'channel-failed' });
});

it('gives the program the request, and what to show', async () => {
  const script =
    "require('fs').writeFileSync('seen', JSON.stringify({ input: JSON.parse(require('fs').readFileSync(0)), env: process.env }));" +
    print('123456');
  process.env.AWS_SECRET_ACCESS_KEY = 'not-for-you';
  try {
    await ask(script, { env: { OWN: 'mine' } });
  } finally {
    delete process.env.AWS_SECRET_ACCESS_KEY;
  }
  const { input, env } = JSON.parse(readFileSync(join(folder, 'seen'), 'utf8'));
  expect(input).toMatchObject({ role: 's3-deploy', reason: 'Upload release 1.4.2 to the deploy bucket' });
  expect(input.text).toContain('    on arn:aws:s3:::hermes-dev-deploy/1.4.2/*');
  expect(env).toMatchObject({ LEASEHOLD_ROLE: 's3-deploy', OWN: 'mine', LEASEHOLD_TEXT: input.text.join('\n') });
  expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

it('hands arguments over as they are: no shell reads them', async () => {
  const script = `require('fs').writeFileSync('seen', process.argv[1]);${print('123456')}`;
  await ask('', { argv: [process.execPath, '-e', script, '$(touch pwned); `touch pwned`'] });
  expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('$(touch pwned); `touch pwned`');
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
});

const FOR_EVER = "require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)";

/** Waits until the program is there, or gone. */
async function pidOf(
  script = FOR_EVER,
): Promise<{ pid: number; ended: Promise<unknown>; controller: AbortController }> {
  const controller = new AbortController();
  const ended = ask(script, {}, 60, controller.signal).catch((error: unknown) => error);
  while (!existsSync(join(folder, 'pid')) || readFileSync(join(folder, 'pid'), 'utf8') === '') {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { pid: Number(readFileSync(join(folder, 'pid'), 'utf8')), ended, controller };
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it.each([
  ['goes when told', FOR_EVER],
  ['does not listen', `process.on('SIGTERM', () => {}); ${FOR_EVER}`],
])('ends a program that %s when the request is taken back', async (_, script) => {
  const { pid, ended, controller } = await pidOf(script);
  controller.abort();
  expect(await ended).toMatchObject({ code: 'aborted' });
  await gone(pid);
});

it('ends the program when the question lapses', async () => {
  await expect(ask(FOR_EVER, {}, 0.5)).rejects.toMatchObject({ code: 'lapsed' });
});

it('runs nothing for a request that was taken back before', async () => {
  await expect(ask(FOR_EVER, {}, 60, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect(existsSync(join(folder, 'pid'))).toBe(false);
});

it('is not made without a program', () => {
  expect(() => command({ argv: [] as unknown as CommandOptions['argv'] })).toThrow(
    'the command channel has no command',
  );
});
