/** The approval channel at the terminal, with streams for a terminal; test/e2e drives a real one. */
import { PassThrough } from 'node:stream';
import { defined } from '@leasehold/contract/defined';
import type { ApprovalRequest } from '@leasehold/runtime';
import { terminal } from '@leasehold/runtime/terminal';
import { anApprovalRequest } from './support/approval-request';

/** A terminal that remembers its modes and what it shows. */
class FakeTerminal {
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      this.modes.push(raw);
    },
  });
  readonly output = new PassThrough();
  readonly modes: boolean[] = [];
  shown = '';
  readonly #waiting: { readonly text: string; readonly resolve: () => void }[] = [];

  constructor() {
    this.output.on('data', (chunk) => {
      this.shown += chunk;
      for (const { text, resolve } of this.#waiting) if (this.shown.includes(text)) resolve();
    });
  }

  /** Waits until a text is shown, then types. */
  async type(after: string, keys: string): Promise<void> {
    if (!this.shown.includes(after)) {
      await new Promise<void>((resolve) => this.#waiting.push({ text: after, resolve }));
    }
    // The prompt is written before the keys are listened to.
    await new Promise((resolve) => setImmediate(resolve));
    this.input.write(keys);
  }
}

const never = () => new AbortController().signal;

let screen: FakeTerminal;

beforeEach(() => {
  screen = new FakeTerminal();
});

function soon(overrides: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return anApprovalRequest({ answerBy: new Date(Date.now() + 60_000), approvers: ['lead'], ...overrides });
}

function ask(overrides: Partial<ApprovalRequest> = {}, signal = never(), approver?: string) {
  const { input, output } = screen;
  return terminal({ input, output, ...defined({ approver }) })(soon(overrides), { signal });
}

it('shows who asks for what, and takes a code that it does not show', async () => {
  const asked = ask();
  await screen.type('Code of lead', '907718\r');
  const approval = await asked;
  expect([approval.approver, approval.takeCode(), approval.takeCode()]).toEqual(['lead', '907718', undefined]);
  expect(screen.shown).toContain('    may s3:GetObject, s3:PutObject\r\n');
  expect(screen.shown).toContain('  ┃ Upload release 1.4.2 to the deploy bucket\r\n');
  expect(screen.shown).not.toContain('907');
  expect(screen.shown).toContain('Approved by lead.');
  expect(screen.modes).toEqual([true, false]);
});

it.each([
  ['typed with a space, as devices show it', '123 456\r'],
  ['fixed with backspace', '1299\x7f\x7f3456\r'],
  ['begun anew with Ctrl-U', '999\x15123456\r'],
  ['ended by a line feed', '123456\n'],
  ['among arrow keys', '123\x1b[D\x1b[3~456\r'],
])('takes a code %s', async (_, keys) => {
  const asked = ask();
  await screen.type('Code of lead', keys);
  expect((await asked).takeCode()).toBe('123456');
});

it('asks again when it is no code', async () => {
  const asked = ask();
  await screen.type('Code of lead', '12345\r');
  await screen.type('A code has six digits', '654321\r');
  expect((await asked).takeCode()).toBe('654321');
});

it.each([
  ['an empty line', '\r'],
  ['no', 'no\r'],
  ['n', 'N\r'],
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
  ['Ctrl-C after half a code', '123\x03'],
])('takes %s for a no', async (_, keys) => {
  const asked = ask();
  await screen.type('Code of lead', keys);
  await expect(asked).rejects.toMatchObject({ code: 'denied', retryable: false });
  expect(screen.shown).toMatch(/Denied\.\r\n$/);
  expect(screen.modes).toEqual([true, false]);
});

describe('with several approvers', () => {
  const approvers = ['lead', 'oncall'];

  it.each([
    ['by number', '2\r'],
    ['by name', 'oncall\r'],
  ])('asks who is there, %s', async (_, keys) => {
    const asked = ask({ approvers });
    await screen.type('Who are you: 1 lead, 2 oncall', keys);
    await screen.type('Code of oncall', '123456\r');
    expect((await asked).approver).toBe('oncall');
  });

  it('asks again for somebody else', async () => {
    const asked = ask({ approvers });
    await screen.type('Who are you', '3\r');
    await screen.type('Type a number', 'lead\r');
    await screen.type('Code of lead', '123456\r');
    expect((await asked).approver).toBe('lead');
  });

  it('takes Ctrl-C for a no', async () => {
    const asked = ask({ approvers });
    await screen.type('Who are you', '\x03');
    await expect(asked).rejects.toMatchObject({ code: 'denied' });
  });

  it('does not ask when it knows', async () => {
    const asked = ask({ approvers }, never(), 'oncall');
    await screen.type('Code of oncall', '123456\r');
    expect((await asked).approver).toBe('oncall');
    expect(screen.shown).not.toContain('Who are you');
  });

  it('refuses to ask for somebody who is no approver', async () => {
    await expect(ask({ approvers }, never(), 'mallory')).rejects.toMatchObject({ code: 'channel-failed' });
    expect(screen.modes).toEqual([true, false]);
  });
});

it('lapses when nobody answers, and gives the terminal back', async () => {
  await expect(ask({ answerBy: new Date(Date.now() + 50) })).rejects.toMatchObject({ code: 'lapsed', retryable: true });
  await screen.type('Lapsed', '');
  expect(screen.modes).toEqual([true, false]);
});

it('stops asking when the request is taken back', async () => {
  const controller = new AbortController();
  const asked = ask({}, controller.signal);
  await screen.type('Code of lead', '123');
  controller.abort();
  await expect(asked).rejects.toMatchObject({ code: 'aborted' });
  await screen.type('Withdrawn', '');
  expect(screen.modes).toEqual([true, false]);
});

it('asks nobody for a request that was taken back before', async () => {
  await expect(ask({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect(screen.shown).toBe('');
});

it('asks one question at a time', async () => {
  const [first, second] = [ask({ role: 'one' }), ask({ role: 'two' })];
  await screen.type('Code of lead', '');
  expect(screen.shown).toContain('Role:        one');
  expect(screen.shown).not.toContain('two');
  screen.shown = '';
  screen.input.write('111111\r');
  expect((await first).takeCode()).toBe('111111');
  await screen.type('Code of lead', '222222\r');
  expect(screen.shown).toContain('Role:        two');
  expect((await second).takeCode()).toBe('222222');
});

it('lets a question lapse that waits behind another', async () => {
  const controller = new AbortController();
  const first = ask({ role: 'one' }, controller.signal);
  await expect(ask({ role: 'two', answerBy: new Date(Date.now() + 30) })).rejects.toMatchObject({ code: 'lapsed' });
  controller.abort();
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  expect(screen.shown).not.toContain('two');
});

it('writes out what an agent would have the terminal obey', async () => {
  const asked = ask({ reason: 'Deploy \x1b[2J\x1b]0;Approved\x07 now', parameters: { release: '\r1' } });
  await screen.type('Code of lead', '\r');
  await expect(asked).rejects.toMatchObject({ code: 'denied' });
  expect(screen.shown).toContain('┃ Deploy \\x1b[2J\\x1b]0;Approved\\x07 now');
  expect(screen.shown.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
});

it('fails when the terminal goes away', async () => {
  const asked = ask();
  await screen.type('Code of lead', '12');
  screen.input.end();
  await expect(asked).rejects.toMatchObject({ code: 'channel-failed', message: 'the terminal went away' });
});

it('never asks where what is typed would be shown', async () => {
  const input = new PassThrough() as unknown as FakeTerminal['input'];
  await expect(terminal({ input, output: screen.output })(soon(), { signal: never() })).rejects.toMatchObject({
    code: 'channel-failed',
  });
});
