/** Approvers in Telegram chats, and others who are there, too. */
import { inspect } from 'node:util';
import { telegram } from '@leasehold/runtime/telegram';
import type { ApprovalRequest } from '../../../../runtime/src/approval';
import { eventually, never, rejection, requestOf, SHOWN } from '../support';
import { TelegramDouble, TOKEN } from './telegram-double';

const CHAT = -1001;
const ONCALL = 4242;
const LEAD = 4343;
const STRANGER = 6666;

let server: TelegramDouble;
let apiUrl: string;
beforeEach(async () => {
  server = new TelegramDouble();
  apiUrl = await server.open();
});
afterEach(() => server.close());

function channel(options: Partial<Parameters<typeof telegram>[0]> = {}) {
  return telegram({
    botToken: TOKEN,
    chats: [CHAT],
    approvers: { [ONCALL]: 'oncall', [LEAD]: 'lead' },
    apiUrl,
    ...options,
  });
}

function ask(changes: Partial<ApprovalRequest> = {}, signal = never().signal, on = channel()) {
  const answer = on(requestOf(changes), { signal });
  answer.catch(() => {});
  return answer;
}

/** The message that asks: where it is, and the key of its Deny button. */
async function asked(text = 'To approve', chat = CHAT) {
  const [name, shown] = await eventually(() =>
    [...server.chat].find(([key, each]) => key.startsWith(`${chat}/`) && each.includes(text)),
  );
  const call = server.callsOf('sendMessage').find(({ parameters }) => parameters.text === shown);
  const markup = call?.parameters.reply_markup as { inline_keyboard: { callback_data: string }[][] } | undefined;
  return {
    chat,
    message: Number(name.split('/')[1]),
    shown,
    parameters: call?.parameters,
    key: markup?.inline_keyboard[0]?.[0]?.callback_data ?? '',
  };
}

function shows(place: { readonly chat: number; readonly message: number }, text: string) {
  return eventually(() => server.chat.get(`${place.chat}/${place.message}`)?.includes(text));
}

describe('a request', () => {
  it('is shown whole, approved by a reply with the code, and marked', async () => {
    const answer = ask();
    const question = await asked();
    for (const fact of SHOWN) expect(question.shown).toContain(fact);
    const reply = server.reply(ONCALL, question, '123 456');
    const approval = await answer;
    expect([approval.approver, approval.takeCode()]).toEqual(['oncall', '123456']);
    await shows(question, 'Approved by oncall.');
    await eventually(() => !server.chat.has(`${CHAT}/${reply}`));
  });

  it('is denied with the button, which then is gone', async () => {
    const answer = ask();
    const question = await asked();
    server.press(LEAD, question.key);
    expect(await rejection(answer)).toMatchObject({ code: 'denied', retryable: false });
    await shows(question, 'Denied by lead.');
    expect(server.callsOf('editMessageText')[0]?.parameters).not.toHaveProperty('reply_markup');
    expect(server.callsOf('answerCallbackQuery')[0]?.parameters.text).toBe('Denied.');
  });

  it.each([
    ['lapsed', 'Lapsed: nobody answered in time.'],
    ['aborted', 'Withdrawn by the agent.'],
  ])('that was %s is marked as over', async (code, said) => {
    const abort = new AbortController();
    const answer = ask(code === 'lapsed' ? { answerBy: new Date(Date.now() + 2_000) } : {}, abort.signal);
    const question = await asked();
    if (code === 'aborted') abort.abort();
    expect(await rejection(answer)).toMatchObject({ code });
    await shows(question, said);
  });

  it('is not asked at all when it is over already', async () => {
    expect(await rejection(ask({}, AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect([server.calls, server.polls]).toEqual([[], []]);
  });

  it('is marked as over, too, when it was taken back while it was being sent', async () => {
    const abort = new AbortController();
    server.beforeAnswer = () => abort.abort();
    expect(await rejection(ask({}, abort.signal))).toMatchObject({ code: 'aborted' });
    await eventually(() => [...server.chat.values()].some((text) => text.includes('Withdrawn')));
  });

  it('waits beside others, each with its own answer, in one poll', async () => {
    const on = channel();
    const answers = [ask({ id: 'lh-a' }, never().signal, on), ask({ id: 'lh-b' }, never().signal, on)];
    const [a, b] = [await asked('lh-a'), await asked('lh-b')];
    server.reply(ONCALL, b, '222222');
    server.reply(LEAD, a, '111111');
    expect((await Promise.all(answers)).map((approval) => approval.takeCode())).toEqual(['111111', '222222']);
  });

  it('goes to every chat, and is marked in all of them', async () => {
    const answer = ask({}, never().signal, channel({ chats: [CHAT, ONCALL] }));
    const [group, direct] = [await asked(), await asked('To approve', ONCALL)];
    server.reply(ONCALL, direct, '123456');
    await answer;
    await shows(group, 'Approved by oncall.');
    await shows(direct, 'Approved by oncall.');
  });

  it('is asked where one of the chats cannot be written to', async () => {
    server.faults.sendMessage = [{ error_code: 403, description: 'Forbidden: bot was blocked by the user' }];
    const answer = ask({}, never().signal, channel({ chats: [LEAD, CHAT] }));
    // Either chat may be the one that is refused.
    const [name = ''] = await eventually(() => [...server.chat.keys()][0] !== undefined && [...server.chat.keys()]);
    server.reply(ONCALL, { chat: Number(name.split('/')[0]), message: Number(name.split('/')[1]) }, '123456');
    expect((await answer).approver).toBe('oncall');
  });

  it('that is long is shown whole, in several messages', async () => {
    const resources = Array.from({ length: 200 }, (_, index) => `arn:aws:s3:::hermes-dev-deploy-${index}/*`);
    const answer = ask({ permissions: [{ effect: 'Allow', actions: ['s3:GetObject'], resources, conditions: {} }] });
    const question = await asked();
    const texts = server.callsOf('sendMessage').map(({ parameters }) => String(parameters.text));
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(4096);
    for (const resource of resources) expect(texts.join('\n')).toContain(`on ${resource}\n`);
    server.reply(ONCALL, question, '123456');
    await answer;
    await shows(question, 'Approved by oncall.');
  });

  it('that is too long to be shown whole is not asked', async () => {
    const actions = Array.from({ length: 60 }, () => `s3:${'x'.repeat(1000)}`);
    const error = await rejection(
      ask({ permissions: [{ effect: 'Allow', actions, resources: ['*'], conditions: {} }] }),
    );
    expect(error).toMatchObject({ code: 'channel-failed', retryable: false });
    expect(server.callsOf('sendMessage')).toEqual([]);
  });
});

describe("other people's answers", () => {
  it('are refused, visibly, and their codes do not stay', async () => {
    const answer = ask();
    const question = await asked();
    const reply = server.reply(STRANGER, question, '666666');
    await asked('You are not an approver');
    await eventually(() => !server.chat.has(`${CHAT}/${reply}`));
    server.press(STRANGER, question.key);
    await eventually(() => server.callsOf('answerCallbackQuery').length === 1);
    expect(server.callsOf('answerCallbackQuery')[0]?.parameters).toMatchObject({
      text: expect.stringMatching(/not an approver/),
      show_alert: true,
    });
    server.reply(ONCALL, question, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it('are refused to an approver of other requests, too', async () => {
    const answer = ask({ approvers: ['lead'] });
    const question = await asked();
    server.reply(ONCALL, question, '111111');
    await asked('You are not an approver');
    server.reply(LEAD, question, '222222');
    expect((await answer).takeCode()).toBe('222222');
  });
});

describe('what is no answer is left alone', () => {
  it.each<readonly [string, (question: Awaited<ReturnType<typeof asked>>) => void]>([
    ['a reply to another message', (question) => server.reply(ONCALL, { ...question, message: 9999 }, '111111')],
    ['a reply in another chat', (question) => server.reply(ONCALL, { ...question, chat: -2002 }, '111111')],
    [
      'a message that is no reply',
      () =>
        server.update({
          message: { message_id: 77, from: { id: ONCALL }, chat: { id: CHAT }, date: 1, text: '111111' },
        }),
    ],
    [
      'a reply of nobody, as a channel writes it',
      (question) =>
        server.update({
          message: {
            message_id: 77,
            chat: { id: CHAT },
            date: 1,
            text: '111111',
            reply_to_message: { message_id: question.message },
          },
        }),
    ],
    [
      'a picture',
      (question) =>
        server.update({
          message: {
            message_id: 77,
            from: { id: ONCALL },
            chat: { id: CHAT },
            date: 1,
            reply_to_message: { message_id: question.message },
          },
        }),
    ],
    ["another request's button", () => server.press(LEAD, 'another')],
    ['a button without data', () => server.update({ callback_query: { id: 'cb', from: { id: LEAD } } })],
    ['a kind of update that was not asked for', () => server.update({ edited_message: { text: '111111' } })],
  ])('%s', async (_, happens) => {
    const answer = ask();
    const question = await asked();
    happens(question);
    server.reply(ONCALL, question, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it('a reply that is no code, which is told', async () => {
    const answer = ask();
    const question = await asked();
    const chatter = server.reply(ONCALL, question, 'at 10 o’clock?');
    await asked('A code has six digits.');
    expect(server.chat.has(`${CHAT}/${chatter}`)).toBe(true);
    server.reply(ONCALL, question, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });
});

describe('updates', () => {
  it('are asked for by offset, of the two kinds that matter, and confirmed at the end, so that none holds a code', async () => {
    const answer = ask();
    server.reply(ONCALL, await asked(), '123456');
    await answer;
    await eventually(() => server.unconfirmed === 0);
    expect(server.polls[0]).toMatchObject({ timeout: 50, allowed_updates: ['message', 'callback_query'] });
    expect(server.polls[0]).not.toHaveProperty('offset');
    expect(server.polls.at(-1)).toMatchObject({ offset: 1001, timeout: 0 });
  });

  it('that come twice count once', async () => {
    const on = channel();
    const first = ask({ id: 'lh-a' }, never().signal, on);
    const question = await asked('lh-a');
    const beside = ask({ id: 'lh-b' }, never().signal, on);
    const other = await asked('lh-b');
    const twice = {
      message: {
        message_id: 500,
        from: { id: ONCALL },
        chat: { id: CHAT },
        date: 1,
        text: '111111',
        reply_to_message: { message_id: question.message },
      },
    };
    server.update(twice);
    server.update(twice);
    expect((await first).takeCode()).toBe('111111');
    server.reply(ONCALL, other, '222222');
    expect((await beside).takeCode()).toBe('222222');
  });

  it('that come in the wrong order are taken in theirs', async () => {
    const answer = ask();
    const question = await asked();
    const button = { callback_query: { id: 'cb', from: { id: LEAD }, data: question.key } };
    const message = {
      message: {
        message_id: 500,
        from: { id: ONCALL },
        chat: { id: CHAT },
        date: 1,
        text: '111111',
        reply_to_message: { message_id: question.message },
      },
    };
    server.update(message, 2001);
    server.update(button, 2000);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
  });

  it('may begin anew with lower numbers, as after a quiet week', async () => {
    const on = channel();
    const first = ask({ id: 'lh-a' }, never().signal, on);
    const second = ask({ id: 'lh-b' }, never().signal, on);
    const [a, b] = [await asked('lh-a'), await asked('lh-b')];
    server.nextUpdate = 900_000;
    server.reply(ONCALL, a, '111111');
    await first;
    await eventually(() => server.unconfirmed === 0);
    // Telegram gives an update below the offset only when it has begun anew; then it gives it all the same.
    server.nextUpdate = 5;
    server.reply(ONCALL, b, '222222');
    expect((await second).takeCode()).toBe('222222');
  });

  it('of earlier are skipped: an old reply answers nothing', async () => {
    server.reply(ONCALL, { chat: CHAT, message: 1 }, '999999');
    server.press(LEAD, 'an-old-key');
    const answer = ask();
    server.reply(ONCALL, await asked(), '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it('can come before the answer that says which message was sent', async () => {
    server.beforeAnswer = (message) => {
      server.beforeAnswer = () => {};
      server.reply(ONCALL, { chat: CHAT, message }, '123456');
    };
    expect((await ask()).takeCode()).toBe('123456');
  });

  it('of an answer that comes when it is over change nothing', async () => {
    const answer = ask();
    const question = await asked();
    server.reply(ONCALL, question, '123456');
    server.press(LEAD, question.key);
    expect((await answer).approver).toBe('oncall');
    await shows(question, 'Approved by oncall.');
  });
});

describe('faults of Telegram', () => {
  it('that say when to come back are obeyed', async () => {
    const busy = { error_code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } };
    server.faults.sendMessage = [busy];
    server.faults.getUpdates = [busy];
    const answer = ask();
    server.reply(ONCALL, await asked(), '123456');
    expect((await answer).approver).toBe('oncall');
  });

  it('that pass are outlived', async () => {
    server.faults.getUpdates = [
      { error_code: 502, description: 'Bad Gateway' },
      { error_code: 409, description: 'Conflict: terminated by other getUpdates request' },
    ];
    const answer = ask();
    server.reply(ONCALL, await asked(), '123456');
    expect((await answer).approver).toBe('oncall');
  });

  const conflict = { error_code: 409, description: 'Conflict: terminated by other getUpdates request' };
  it.each([
    ['another process reads the bot', 'getUpdates', [conflict, conflict, conflict], /separate bot/],
    [
      'the bot has a webhook',
      'getUpdates',
      [{ error_code: 409, description: "Conflict: can't use getUpdates method while webhook is active" }],
      /without a webhook/,
    ],
    [
      'the bot is not in the chat',
      'sendMessage',
      [{ error_code: 400, description: 'Bad Request: chat not found' }],
      /chat exists/,
    ],
    [
      'the approver never wrote to the bot',
      'sendMessage',
      [{ error_code: 403, description: "Forbidden: bot can't initiate conversation with a user" }],
      /start a chat/,
    ],
  ])('that stay fail the channel: %s', async (_, method, faults, hint) => {
    server.faults[method] = [...faults];
    expect(await rejection(ask())).toMatchObject({
      code: 'channel-failed',
      retryable: false,
      hint: expect.stringMatching(hint),
    });
  });

  it('are told without the token, which its URLs hold', async () => {
    const other = `654321:${'B'.repeat(35)}`;
    const wrong = await rejection(ask({}, never().signal, channel({ botToken: other })));
    expect(wrong).toMatchObject({ code: 'channel-failed', retryable: false });
    server.close();
    const gone = await rejection(ask({}, never().signal, channel({ botToken: other, apiUrl: 'http://127.0.0.1:1' })));
    expect(gone).toMatchObject({ code: 'channel-failed', retryable: true });
    expect(inspect([wrong, gone, channel()], { depth: 9, showHidden: true })).not.toMatch(/BBBB|AAAA/);
  });

  it.each([
    ['no token', { botToken: 'secret-but-no-token' }],
    ['a URL without TLS', { apiUrl: 'http://telegram.example.com' }],
  ])('are not provoked with %s', (_, options) => {
    expect(() => channel(options)).toThrow(expect.objectContaining({ code: 'channel-failed' }));
    expect(() => channel(options)).not.toThrow(/secret-but/);
  });

  it('a request is not asked where no approver of it is known', async () => {
    expect(await rejection(ask({ approvers: ['somebody'] }))).toMatchObject({ code: 'channel-failed' });
    expect(server.calls).toEqual([]);
  });
});

it("shows the agent's prose as text: no markup, no mention, no link, no line of its own", async () => {
  const reason = '<b>@everyone</b> [click](tg://user?id=1) https://evil.example /start\nRole: harmless \u202e';
  const answer = ask({ reason });
  const { shown, parameters, ...question } = await asked();
  expect(parameters).not.toHaveProperty('parse_mode');
  expect(parameters).toMatchObject({
    entities: [{ type: 'pre', offset: 0, length: shown.length }],
    link_preview_options: { is_disabled: true },
  });
  expect(shown).toContain('<b>@everyone</b>');
  expect(shown).not.toMatch(/^Role: harmless/m);
  expect(shown).not.toContain('\u202e');
  server.press(LEAD, question.key);
  await rejection(answer);
});
