/** Approvers in Slack, and others who are there, too; over Slack's own SDK. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { slack } from '@leasehold/runtime/slack';
import type { ApprovalRequest } from '../../../../runtime/src/approval';
import { eventually, never, rejection, requestOf, SHOWN } from '../support';
import { APP_TOKEN, BOT_TOKEN, type Form, type Posted, SlackDouble } from './slack-double';

const APPROVE = 'leasehold-approve';
const DENY = 'leasehold-deny';
const ONCALL = 'U0ONCALL';
const LEAD = 'U0LEAD';
const STRANGER = 'U0STRANGER';

let server: SlackDouble;
let apiUrl: string;
let printed: string[];
beforeEach(async () => {
  server = new SlackDouble();
  apiUrl = await server.open();
  printed = [];
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((...words) => {
      printed.push(inspect(words));
    });
  }
});
afterEach(async () => {
  // Every connection is closed when nothing waits any longer.
  await closed();
  jest.restoreAllMocks();
  server.close();
  expect(printed).toEqual([]);
});

function channel(options: Partial<Parameters<typeof slack>[0]> = {}) {
  return slack({
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    to: ['C1'],
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

/** The message that asks. */
function asked(text = ''): Promise<Posted> {
  return eventually(() => server.posted.find((message) => shown(message).includes(text)));
}

function shown({ blocks }: { readonly blocks: Posted['blocks'] }): string {
  return blocks.map(({ text }) => text?.text ?? '').join('\n');
}

/** Presses the button and waits for the form. */
async function form(user: string, message: Posted): Promise<Form> {
  const before = server.forms.length;
  await server.press(user, message, APPROVE);
  return eventually(() => server.forms[before]);
}

function marked({ channel, ts }: Posted, text: string): Promise<Posted> {
  return eventually(() =>
    server.posted.find((each) => each.channel === channel && each.ts === ts && shown(each).includes(text)),
  );
}

async function closed(): Promise<void> {
  await eventually(() => server.sockets.size === 0);
}

describe('a request', () => {
  it('is shown whole, in the message and in the form, approved with a code, and marked', async () => {
    const answer = ask();
    const message = await asked();
    const opened = await form(ONCALL, message);
    for (const fact of SHOWN) {
      expect(shown(message)).toContain(fact);
      expect(shown(opened.view)).toContain(fact);
    }
    expect(opened.user).toBe(ONCALL);
    expect(await server.submit(ONCALL, opened, '123 456')).toEqual({});
    const approval = await answer;
    expect([approval.approver, approval.takeCode()]).toEqual(['oncall', '123456']);
    const after = await marked(message, 'Approved by oncall.');
    expect(after.blocks.some(({ type }) => type === 'actions')).toBe(false);
  });

  it('is denied with the button', async () => {
    const answer = ask();
    const message = await asked();
    await server.press(LEAD, message, DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied', retryable: false });
    await marked(message, 'Denied by lead.');
  });

  it.each([
    ['lapsed', 'Lapsed: nobody answered in time.'],
    ['aborted', 'Withdrawn by the agent.'],
  ])('that was %s is marked as over', async (code, said) => {
    const abort = new AbortController();
    const answer = ask(code === 'lapsed' ? { answerBy: new Date(Date.now() + 3_000) } : {}, abort.signal);
    const message = await asked();
    if (code === 'aborted') abort.abort();
    expect(await rejection(answer)).toMatchObject({ code });
    await marked(message, said);
  });

  it('is not asked at all when it is over already', async () => {
    expect(await rejection(ask({}, AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect([server.connections, server.posted]).toEqual([0, []]);
  });

  it('waits beside others on one connection, each with its own answer', async () => {
    const on = channel();
    const answers = [ask({ id: 'lh-a' }, never().signal, on), ask({ id: 'lh-b' }, never().signal, on)];
    const [a, b] = [await form(ONCALL, await asked('lh-a')), await form(LEAD, await asked('lh-b'))];
    await server.submit(LEAD, b, '222222');
    await server.submit(ONCALL, a, '111111');
    expect((await Promise.all(answers)).map((approval) => approval.takeCode())).toEqual(['111111', '222222']);
    expect(server.connections).toBe(1);
  });

  it('goes to channels and users, and is marked everywhere', async () => {
    const answer = ask({}, never().signal, channel({ to: ['C1', LEAD] }));
    await eventually(() => server.posted.length === 2);
    const messages = [...server.posted];
    expect(messages.map((message) => message.channel).sort()).toEqual(['C1', 'D0LEAD']);
    for (const message of messages) if (message.channel === 'D0LEAD') await server.press(LEAD, message, DENY);
    await rejection(answer);
    for (const message of messages) await marked(message, 'Denied by lead.');
  });

  it('that is long is shown whole, within the limits of Slack', async () => {
    const resources = Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::hermes-dev-deploy-${index}/*`);
    const answer = ask({ permissions: [{ effect: 'Allow', actions: ['s3:GetObject'], resources, conditions: {} }] });
    const message = await asked();
    const opened = await form(ONCALL, message);
    for (const resource of resources) expect(`${shown(opened.view)}\n`).toContain(`on ${resource}\n`);
    await server.submit(ONCALL, opened, '123456');
    await answer;
  });

  it('that is too long to be shown whole is not asked', async () => {
    const actions = Array.from({ length: 150 }, () => `s3:${'x'.repeat(1000)}`);
    const error = await rejection(
      ask({ permissions: [{ effect: 'Allow', actions, resources: ['*'], conditions: {} }] }),
    );
    expect(error).toMatchObject({ code: 'channel-failed', retryable: false });
    expect(server.posted).toEqual([]);
  });
});

describe("other people's answers are refused, visibly", () => {
  it.each([
    ['the button of a stranger', STRANGER, APPROVE],
    ["a stranger's no", STRANGER, DENY],
  ])('%s', async (_, user, action) => {
    const answer = ask();
    const message = await asked();
    await server.press(user, message, action);
    const told = await eventually(() => server.ephemeral[0]);
    expect(told).toEqual({ user, text: 'You are not an approver of this request.' });
    expect(server.forms).toEqual([]);
    await server.submit(ONCALL, await form(ONCALL, message), '123456');
    expect((await answer).approver).toBe('oncall');
  });

  it('an approver of other requests', async () => {
    const answer = ask({ approvers: ['lead'] });
    const message = await asked();
    await server.press(ONCALL, message, APPROVE);
    expect((await eventually(() => server.ephemeral[0])).text).toMatch(/not an approver/);
    await server.press(LEAD, message, DENY);
    await rejection(answer);
  });

  it('a form that somebody else sends', async () => {
    const answer = ask();
    const opened = await form(ONCALL, await asked());
    expect(await server.submit(STRANGER, opened, '666666')).toEqual({
      response_action: 'errors',
      errors: { 'leasehold-code': 'You are not an approver of this request.' },
    });
    await server.submit(ONCALL, opened, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it('a code that is none', async () => {
    const answer = ask();
    const opened = await form(ONCALL, await asked());
    expect(await server.submit(ONCALL, opened, '12345x')).toMatchObject({
      response_action: 'errors',
      errors: { 'leasehold-code': expect.stringMatching(/six digits/) },
    });
    await server.submit(ONCALL, opened, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });
});

describe('what comes twice, late or for another', () => {
  it('counts once: the second answer is told that it is over', async () => {
    const on = channel();
    const beside = ask({ id: 'lh-b' }, never().signal, on);
    const answer = ask({ id: 'lh-a' }, never().signal, on);
    const message = await asked('lh-a');
    const [first, second] = [await form(ONCALL, message), await form(LEAD, message)];
    expect(await server.submit(ONCALL, first, '111111')).toEqual({});
    expect(await server.submit(ONCALL, first, '111111')).toMatchObject({ response_action: 'errors' });
    expect(await server.submit(LEAD, second, '222222')).toMatchObject({ response_action: 'errors' });
    await server.press(LEAD, message, DENY);
    await eventually(() => server.ephemeral.some(({ text }) => text.includes('has ended')));
    expect((await answer).takeCode()).toBe('111111');
    await server.press(LEAD, await asked('lh-b'), DENY);
    await rejection(beside);
  });

  it('an envelope that is delivered again is acknowledged again, and does nothing', async () => {
    const answer = ask();
    const message = await asked();
    const opened = await form(ONCALL, message);
    const payload = { type: 'view_submission', user: { id: STRANGER }, view: opened.view };
    await server.interact(payload, 'same');
    await server.interact(payload, 'same');
    await server.submit(ONCALL, opened, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it.each<readonly [string, object]>([
    [
      'a form of another request',
      {
        type: 'view_submission',
        user: { id: ONCALL },
        view: {
          callback_id: 'leasehold-code',
          private_metadata: 'another',
          state: { values: { 'leasehold-code': { 'leasehold-code': { value: '666666' } } } },
        },
      },
    ],
    [
      'a form of another kind',
      { type: 'view_submission', user: { id: ONCALL }, view: { callback_id: 'survey', private_metadata: 'x' } },
    ],
    [
      'a button of another request',
      {
        type: 'block_actions',
        user: { id: LEAD },
        channel: { id: 'C1' },
        actions: [{ action_id: DENY, value: 'another' }],
      },
    ],
    [
      'a button of another kind',
      {
        type: 'block_actions',
        user: { id: LEAD },
        channel: { id: 'C1' },
        actions: [{ action_id: 'vote', value: 'another' }],
      },
    ],
    ['a payload without a user', { type: 'block_actions', actions: [{ action_id: DENY, value: 'x' }] }],
    ['a payload of nothing', {}],
    ['a shortcut', { type: 'shortcut', user: { id: LEAD } }],
  ])('%s is acknowledged and changes nothing', async (_, payload) => {
    const answer = ask();
    const opened = await form(ONCALL, await asked());
    await server.interact(payload);
    await server.submit(ONCALL, opened, '123456');
    expect((await answer).takeCode()).toBe('123456');
  });
});

describe('Slack itself', () => {
  it('may renew the connection: the request goes on waiting on the next one', async () => {
    const answer = ask();
    const message = await asked();
    server.refresh();
    await eventually(() => server.connections === 2 && server.sockets.size === 1);
    await server.submit(ONCALL, await form(ONCALL, message), '123456');
    expect((await answer).takeCode()).toBe('123456');
  });

  it('may drop the connection and be away for a moment', async () => {
    const answer = ask();
    const message = await asked();
    server.errors['apps.connections.open'] = [];
    server.busy['apps.connections.open'] = [1];
    for (const socket of server.sockets) socket.terminate();
    await eventually(() => server.connections === 2 && server.sockets.size === 1);
    await server.press(LEAD, message, DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
  });

  it('may hang up again and again: one connection is up in the end', async () => {
    const answer = ask();
    const message = await asked();
    server.hangsUp = 2;
    server.refresh();
    await eventually(() => server.connections >= 4 && server.sockets.size > 0);
    // Longer than the pause after which a second loop would connect again.
    await sleep(1_500);
    await server.press(LEAD, message, DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
    await closed();
    expect(server.connections).toBe(4);
  });

  it('may say when to come back', async () => {
    server.busy['chat.postMessage'] = [1];
    const answer = ask();
    await server.press(LEAD, await asked(), DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
  });

  it('may be too slow for a form: the approver is told to press again', async () => {
    const answer = ask();
    const message = await asked();
    server.errors['views.open'] = ['expired_trigger_id'];
    await server.press(ONCALL, message, APPROVE);
    expect((await eventually(() => server.ephemeral[0])).text).toMatch(/Press the button again/);
    await server.submit(ONCALL, await form(ONCALL, message), '123456');
    expect((await answer).approver).toBe('oncall');
  });

  it('may refuse one of the places: it is asked in the others', async () => {
    server.errors['chat.postMessage'] = ['channel_not_found'];
    const answer = ask({}, never().signal, channel({ to: ['C1', 'C2'] }));
    await server.press(LEAD, await asked(), DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
  });

  it.each([
    ['the connection', 'apps.connections.open', 'not_allowed_token_type', /tokens/],
    ['the message', 'chat.postMessage', 'not_in_channel', /invite the app/],
    ['a scope', 'chat.postMessage', 'missing_scope', /chat:write/],
  ])('may refuse %s: the channel fails, and says what to do', async (_, method, error, hint) => {
    server.errors[method] = [error];
    expect(await rejection(ask())).toMatchObject({
      code: 'channel-failed',
      retryable: false,
      message: `Slack answered ${error}`,
      hint: expect.stringMatching(hint),
    });
  });

  it('may never greet the connection: the channel fails, and the next request gets a connection of its own', async () => {
    const on = channel();
    server.greets = false;
    expect(await rejection(ask({}, never().signal, on))).toMatchObject({ code: 'channel-failed', retryable: true });
    server.greets = true;
    const answer = ask({}, never().signal, on);
    await server.press(LEAD, await asked(), DENY);
    expect(await rejection(answer)).toMatchObject({ code: 'denied' });
  });

  it('may revoke the app while it is asked', async () => {
    const answer = ask();
    const message = await asked();
    server.errors['apps.connections.open'] = ['token_revoked'];
    server.refresh();
    expect(await rejection(answer)).toMatchObject({ code: 'channel-failed', message: 'Slack answered token_revoked' });
    await marked(message, 'This request was abandoned');
  });

  it('is told without tokens, whatever fails', async () => {
    const on = channel({ botToken: 'xoxb-hidden', appToken: 'xapp-hidden' });
    const refused = await rejection(ask({}, never().signal, on));
    const bot = await rejection(ask({}, never().signal, channel({ botToken: 'xoxb-hidden' })));
    expect(inspect([on, refused, bot], { depth: 9, showHidden: true })).not.toContain('hidden');
  });

  it('is not reached without TLS', () => {
    expect(() => channel({ apiUrl: 'http://slack.example.com/api/' })).toThrow(
      expect.objectContaining({ code: 'channel-failed' }),
    );
  });
});

it('says what to install when the SDK is missing', async () => {
  await jest.isolateModulesAsync(async () => {
    jest.doMock('@slack/web-api', () => {
      throw Object.assign(new Error("Cannot find module '@slack/web-api'"), { code: 'MODULE_NOT_FOUND' });
    });
    const alone = require('@leasehold/runtime/slack') as typeof import('@leasehold/runtime/slack');
    const on = alone.slack({ botToken: 'b', appToken: 'a', to: ['C1'], approvers: { U1: 'oncall' }, apiUrl });
    await expect(on(requestOf(), never())).rejects.toMatchObject({
      code: 'channel-failed',
      hint: 'Install it: npm install @slack/web-api @slack/socket-mode',
    });
    jest.dontMock('@slack/web-api');
  });
});

it('asks nobody where no approver of the request is known', async () => {
  expect(await rejection(ask({ approvers: ['somebody'] }))).toMatchObject({ code: 'channel-failed' });
  expect([server.connections, server.posted]).toEqual([0, []]);
});

it("shows the agent's prose as plain text: no markup, no mention, no link, no line of its own", async () => {
  const reason = '<!channel> <@U0LEAD> *bold* <https://evil.example|safe> :tada: &lt;\nRole: harmless \u202e';
  const answer = ask({ reason, role: '<!here>' });
  const message = await asked();
  for (const { text } of message.blocks) if (text) expect(text).toMatchObject({ type: 'plain_text', emoji: false });
  const all = shown(message) + message.text;
  expect(all).not.toMatch(/[<>\u202e]/);
  expect(all).toContain('&lt;!channel&gt; &lt;@U0LEAD&gt; *bold*');
  expect(all).toContain('&amp;lt;');
  expect(all).not.toMatch(/^Role: harmless/m);
  expect(message.values).toMatchObject({ parse: 'none', link_names: 'false', unfurl_links: 'false' });
  await server.press(LEAD, message, DENY);
  await rejection(answer);
});
