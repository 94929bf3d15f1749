/** The chat with the assistant: one conversation over many connections, and what ends a connection. */
import { LONGEST_SERVER_FRAME } from '@leasehold/contract/assistant';
import fc from 'fast-check';
import { PageRefusal, SignedOut } from '../../../console/app/api/errors';
import { explain } from '../../../console/app/api/explain';
import { Chat, maySend, mayStop } from '../../../console/app/assistant/chat';
import { NO_CONVERSATION, received } from '../../../console/app/assistant/conversation';
import { CONVERSATION, FakeAssistant, problemOf, settled } from './fake-assistant';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 200);

let assistant: FakeAssistant;
let chat: Chat;

beforeEach(() => {
  assistant = new FakeAssistant();
  chat = new Chat(assistant.ports);
});

async function connected(): Promise<void> {
  chat.connect();
  await assistant.flush();
  expect(chat.state.link).toEqual({ kind: 'open' });
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('accept', 'handle', 'pass', 'say', 'flush') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('lose', 'stop', 'end') }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver'), at: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat'), at: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), at: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('text'), text: fc.string({ minLength: 1, maxLength: 5 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('tool'),
      call: fc.constantFrom('a', 'b'),
      state: fc.constantFrom('running', 'done', 'denied', 'failed'),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take(each: Step, said: string[]): Promise<void> {
  const { kind } = each;
  if (kind === 'accept') assistant.accept();
  if (kind === 'handle') assistant.handle();
  if (kind === 'flush') await assistant.flush();
  if (kind === 'lose') assistant.lose();
  if (kind === 'pass') await assistant.pass();
  if (kind === 'deliver' && 'at' in each) assistant.deliver(each.at);
  if (kind === 'repeat' && 'at' in each) assistant.repeat(each.at);
  if (kind === 'drop' && 'at' in each) assistant.frames.splice(each.at, 1);
  if (kind === 'stop') chat.stop();
  if (kind === 'say' && maySend(chat.state)) {
    const text = `message ${said.length}`;
    said.push(text);
    chat.setDraft(text);
    chat.send();
  }
  if (!assistant.isRunning) return;
  if (kind === 'text' && 'text' in each) assistant.store({ type: 'text', text: each.text });
  if (kind === 'end') assistant.store({ type: 'end', outcome: 'done' });
  if (kind === 'tool' && 'call' in each) {
    assistant.store({ type: 'tool', name: 'read_table', summary: 'Reads', call: each.call, state: each.state });
  }
}

it('any order of lost, repeated, delayed and reordered events, and of new connections, yields the same conversation', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
      assistant = new FakeAssistant();
      chat = new Chat(assistant.ports);
      const said: string[] = [];
      chat.connect();
      await assistant.flush();
      for (const each of steps) {
        await take(each, said);
        await settled();
        if (chat.state.link.kind === 'ended') chat.connect();
      }
      for (let rounds = 0; rounds < 5; rounds++) {
        if (chat.state.link.kind !== 'open') chat.connect();
        await assistant.flush();
        if (chat.state.conversation.sequence < assistant.events.length || chat.state.outgoing !== undefined)
          assistant.lose();
      }
      const { turns, sequence, running } = assistant.events.reduce(received, NO_CONVERSATION);
      expect(chat.state.conversation).toMatchObject({ turns, sequence, running, id: CONVERSATION });
      expect(chat.state.conversation.early.size).toBe(0);
      // Each message is stored once, or was given back because another turn was running.
      expect(chat.state.outgoing).toBeUndefined();
      const stored = assistant.events.flatMap((event) => (event.type === 'said' ? [event.text] : []));
      const back = chat.state.draft === '' ? [] : chat.state.draft.split('\n');
      expect([...stored, ...back].sort()).toEqual([...said].sort());
    }),
    { numRuns },
  );
});

it('offers the access token as a subprotocol, and begins a new conversation', async () => {
  await connected();
  expect(assistant.sockets[0]?.protocols).toEqual(['leasehold.assistant.v1', 'bearer.token-1']);
  expect(assistant.sockets[0]?.sent).toEqual([{ type: 'resume' }]);
  expect(assistant.remembered).toBe(CONVERSATION);
});

it('continues the remembered conversation from its beginning, and after a lost connection only the rest', async () => {
  assistant.store({ type: 'said', id: 'message-000000000000', text: 'Hello' });
  assistant.store({ type: 'end', outcome: 'done' });
  assistant.remembered = CONVERSATION;
  await connected();
  assistant.lose();
  expect(chat.state.link).toEqual({ kind: 'waiting' });
  await assistant.pass();
  await assistant.flush();
  const resume = { type: 'resume', conversation: CONVERSATION };
  expect(assistant.sockets.map(({ sent }) => sent)).toEqual([[{ ...resume, after: 0 }], [{ ...resume, after: 2 }]]);
  expect(chat.state.conversation.turns).toHaveLength(1);
});

it('an event that arrives before the answer to `resume` is part of the conversation', async () => {
  await connected();
  assistant.store({ type: 'said', id: 'message-000000000000', text: 'Hello' });
  await assistant.flush();
  assistant.lose();
  await assistant.pass();
  assistant.accept();
  const answer = assistant.opened();
  assistant.store({ type: 'text', text: 'Hi' });
  assistant.push(assistant.events[1]);
  assistant.push(answer);
  expect(chat.state.link).toEqual({ kind: 'open' });
  expect(chat.state.conversation).toMatchObject({ sequence: 2, running: true });
});

it('waits longer after each attempt that fails, and asks the broker whether the sign-in is the reason', async () => {
  await connected();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    assistant.lose();
    const before = assistant.now;
    await assistant.pass();
    waits.push((assistant.now - before) / 1000);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  expect(assistant.checks).toBe(7);
  chat.connect();
  await assistant.flush();
  assistant.now += 60_000;
  assistant.lose();
  const before = assistant.now;
  await assistant.pass();
  expect(assistant.now - before).toBe(1000);
});

it('opens the connection with a new token before the sign-in ends, and when the assistant refuses the token', async () => {
  await connected();
  await assistant.pass();
  await assistant.flush();
  expect(assistant.sockets.map(({ protocols }) => protocols[1])).toEqual(['bearer.token-1', 'bearer.token-2']);
  expect(assistant.sockets[0]?.isClosed).toBe(true);
  expect(chat.state.link).toEqual({ kind: 'open' });
  chat.setDraft('Show my balance');
  chat.send();
  assistant.push(problemOf('sign-in-invalid'));
  expect(chat.state.link).toEqual({ kind: 'waiting' });
  await assistant.pass();
  await assistant.flush();
  expect(assistant.replaced).toEqual([undefined, 'token-1', 'token-2']);
  expect(assistant.events.map(({ type }) => type)).toEqual(['said']);
});

it('a message that is not accepted is put before what was written since', async () => {
  await connected();
  chat.setDraft('Show my balance');
  chat.send();
  chat.setDraft('please');
  assistant.push({ ...problemOf('over-budget'), message: 'Too many.\u202e', hint: 'Wait.\u200b' });
  expect(chat.state).toMatchObject({ outgoing: undefined, draft: 'Show my balance\nplease', link: { kind: 'open' } });
  expect(explain(chat.state.refusal)).toEqual({
    title: 'The assistant refuses',
    detail: 'Too many.\\u{202e}',
    hint: 'Wait.\\u{200b}',
  });
});

it('sends nothing that is empty or too long, or while another message is under way', async () => {
  await connected();
  for (const draft of ['', ' \n', 'x'.repeat(4001)]) {
    chat.setDraft(draft);
    chat.send();
    expect(chat.state).toMatchObject({ draft, outgoing: undefined });
  }
  chat.setDraft('x'.repeat(4000));
  chat.send();
  chat.setDraft('more');
  chat.send();
  expect(chat.state.draft).toBe('more');
  expect(mayStop(chat.state)).toBe(false);
});

it('begins a new conversation by itself if only the id of the earlier one was known', async () => {
  assistant.remembered = CONVERSATION;
  chat.connect();
  await settled();
  assistant.accept();
  assistant.push(problemOf('not-found'));
  await settled();
  assistant.accept();
  expect(assistant.sockets[1]?.sent).toEqual([{ type: 'resume' }]);
  // An assistant that has no new conversation either.
  assistant.push(problemOf('not-found'));
  expect(chat.state.link.kind).toBe('ended');
});

const said = { type: 'said', id: 'message-000000000000', text: 'Hello', conversation: CONVERSATION, sequence: 1 };
const OTHER = 'cv-fedcba9876543210';

it.each<[string, unknown]>([
  ['no JSON', '{"type":'],
  ['a binary frame', new ArrayBuffer(2)],
  ['an unknown type', { type: 'html', html: '<b>' }],
  ['a key too many', { ...said, html: '<b>' }],
  ['a key twice', `{"type":"end","outcome":"done","outcome":"failed","conversation":"${CONVERSATION}","sequence":1}`],
  ['a sequence of 0', { ...said, sequence: 0 }],
  ['a frame that is too long', { ...said, text: 'x', padding: ' '.repeat(LONGEST_SERVER_FRAME) }],
  ['an event of another conversation', { ...said, conversation: OTHER }],
  ['a second `opened`', { type: 'opened', conversation: CONVERSATION, sequence: 0, running: false, signedInUntil: 9 }],
])('%s ends the connection with an error, and the draft stays', async (_, frame) => {
  await connected();
  chat.setDraft('Show my');
  if (frame instanceof ArrayBuffer) assistant.socket?.page.onData(frame);
  else assistant.push(frame);
  expect(chat.state.link).toMatchObject({ kind: 'ended', error: expect.any(PageRefusal) });
  expect(assistant.socket).toBeUndefined();
  expect(assistant.timers.size).toBe(0);
  expect(chat.state.draft).toBe('Show my');
});

it('an assistant that has lost events, or continues another conversation, is not followed', async () => {
  for (const change of [{ sequence: 0 }, { conversation: OTHER }]) {
    assistant = new FakeAssistant();
    chat = new Chat(assistant.ports);
    await connected();
    assistant.store({ type: 'said', id: 'message-000000000000', text: 'Hello' });
    await assistant.flush();
    assistant.lose();
    await assistant.pass();
    assistant.accept();
    assistant.push(assistant.opened(change));
    expect(chat.state.link).toMatchObject({ kind: 'ended', error: expect.any(PageRefusal) });
  }
});

it('a missing event is asked for again', async () => {
  await connected();
  assistant.store({ type: 'said', id: 'message-000000000000', text: 'Hello' });
  assistant.store({ type: 'text', text: 'Hi' });
  assistant.frames.shift();
  assistant.deliver();
  expect(chat.state.conversation).toMatchObject({ sequence: 0, turns: [] });
  const before = assistant.now;
  await assistant.pass();
  expect(chat.state.link).toEqual({ kind: 'waiting' });
  await assistant.pass();
  await assistant.flush();
  expect(assistant.now - before).toBe(4000);
  expect(assistant.sockets[1]?.sent).toEqual([{ type: 'resume', conversation: CONVERSATION, after: 0 }]);
  expect(chat.state.conversation.sequence).toBe(2);
});

it('what an earlier connection still does has no effect', async () => {
  await connected();
  chat.connect();
  await assistant.flush();
  const [earlier] = assistant.sockets;
  earlier?.page.onData(JSON.stringify(said));
  earlier?.page.onData('no JSON');
  earlier?.page.onClose();
  expect(chat.state.link).toEqual({ kind: 'open' });
  expect(chat.state.conversation.sequence).toBe(0);
  chat.disconnect();
  await assistant.pass();
  expect(assistant.sockets).toHaveLength(2);
});

it('nothing that arrives after a sign-out is shown', async () => {
  await connected();
  Object.assign(assistant.ports.tokens, {
    demandCurrent: () => {
      throw new SignedOut();
    },
  });
  assistant.push(said);
  expect(chat.state.link).toEqual({ kind: 'ended', error: new SignedOut() });
  expect(chat.state.conversation.sequence).toBe(0);
});

it('a token that cannot be a subprotocol is an error that says so', async () => {
  Object.assign(assistant.ports, {
    open: () => {
      throw new SyntaxError('invalid subprotocol');
    },
  });
  chat.connect();
  await settled();
  expect(chat.state.link).toMatchObject({ kind: 'ended', error: expect.any(PageRefusal) });
});
