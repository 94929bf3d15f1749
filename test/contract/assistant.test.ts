/** The protocol between the chat page and an assistant, and the addresses of assistants. */
import {
  assistantCommand,
  assistantEvent,
  assistantProtocols,
  conversationEntry,
  conversationEvent,
  LONGEST_MESSAGE,
} from '../../lib/contract/assistant';
import { assistantOrigin, DEPLOYED_ASSISTANT } from '../../lib/contract/assistant-address';
import { assistantSettings, consoleSettings } from '../../lib/contract/console-settings';

const CONVERSATION = 'cv-0123456789abcdef';
const ID = '0123456789abcdef';

it.each<[string, object]>([
  ['the first message', { type: 'resume' }],
  ['a conversation that continues', { type: 'resume', conversation: CONVERSATION, after: 3 }],
  ['a message with lines', { type: 'say', id: ID, text: 'What did I spend?\nOnly October.' }],
  ['stop', { type: 'stop' }],
])('accepts %s', (_, command) => {
  expect(assistantCommand.parse(command)).toEqual(command);
});

it.each<[string, unknown]>([
  ['an unknown type', { type: 'approve', id: ID }],
  ['an unknown key', { type: 'stop', conversation: CONVERSATION }],
  ['a customer in a field', { type: 'say', id: ID, text: 'Hello', customer: 'c-1002' }],
  ['an empty message', { type: 'say', id: ID, text: '' }],
  ['a message that is too long', { type: 'say', id: ID, text: 'a'.repeat(LONGEST_MESSAGE + 1) }],
  ['a message without an id', { type: 'say', text: 'Hello' }],
  ['an id that can be guessed', { type: 'say', id: '1', text: 'Hello' }],
  ['a path as a conversation', { type: 'resume', conversation: '../cv-0123456789abcdef' }],
  ['a sequence below zero', { type: 'resume', conversation: CONVERSATION, after: -1 }],
  ['a list', [{ type: 'stop' }]],
])('refuses %s', (_, command) => {
  expect(assistantCommand.safeParse(command).success).toBe(false);
});

const place = { conversation: CONVERSATION, sequence: 1 };
const card = {
  type: 'lease',
  call: 'call_1',
  role: 'customer-transactions',
  parameters: { customer: 'c-1001' },
  reason: 'Answer: what did I spend in October?',
  state: 'issued',
} as const;

it.each<[string, object]>([
  ['a text', { type: 'text', text: 'You spent ' }],
  ['a tool', { type: 'tool', call: 'call_1', name: 'read_transactions', summary: 'Transactions', state: 'done' }],
  ['an issued lease', { ...card, id: 'lh-1a', expiresAt: 1_800_000_000 }],
  [
    'a lease that waits',
    { ...card, state: 'pending', approval: { humans: 1, approvals: [], approvers: ['emil'], until: 1 } },
  ],
  ['a denied lease without a record', { ...card, state: 'denied', code: 'not-eligible', because: 'No.', hint: 'Ask.' }],
  ['an end', { type: 'end', outcome: 'stopped' }],
])('%s is stored with its place, and sent', (_, entry) => {
  expect(conversationEntry.parse(entry)).toEqual(entry);
  expect(conversationEntry.safeParse({ ...entry, ...place }).success).toBe(false);
  expect(conversationEvent.parse({ ...entry, ...place })).toEqual({ ...entry, ...place });
  expect(assistantEvent.parse({ ...entry, ...place })).toEqual({ ...entry, ...place });
});

it('has no field for credentials', () => {
  expect(conversationEntry.safeParse({ ...card, credentials: { accessKeyId: 'A' } }).success).toBe(false);
});

it('offers the protocol first, and the token as a further protocol', () => {
  expect(assistantProtocols('a.b-c.d_e')).toEqual(['leasehold.assistant.v1', 'bearer.a.b-c.d_e']);
});

it.each([
  ['wss://a1b2c3.execute-api.eu-central-1.amazonaws.com/chat', 'wss://a1b2c3.execute-api.eu-central-1.amazonaws.com'],
  ['wss://chat.bank.example', 'wss://chat.bank.example'],
  ['wss://chat.bank.example:8443/v1', 'wss://chat.bank.example:8443'],
])('%s is an address of a deployed assistant', (address, origin) => {
  expect(DEPLOYED_ASSISTANT.test(address)).toBe(true);
  expect(assistantOrigin(assistantSettings.parse({ address }))).toBe(origin);
});

it('is on the loopback interface without TLS', () => {
  expect(assistantSettings.safeParse({ address: 'ws://localhost:4181' }).success).toBe(true);
  expect(DEPLOYED_ASSISTANT.test('ws://localhost:4181')).toBe(false);
});

it.each([
  'ws://chat.bank.example',
  'https://chat.bank.example',
  'wss://*.bank.example',
  'wss://localhost',
  'wss://CHAT.bank.example',
  'wss://user@chat.bank.example',
  'wss://chat.bank.example/a/b',
  'wss://chat.bank.example/?token=1',
  'wss://chat.bank.example/#a',
  'wss://chat.bank.example; script-src *',
  'wss://chat.bank.example wss://evil.example',
  'wss://chat.bank.example\r\nset-cookie: a=b',
  'wss:',
])('%j is no address of an assistant', (address) => {
  const settings = { issuer: 'https://login.example.com', clientId: 'console', scope: 'openid' };
  expect(consoleSettings.safeParse(settings).success).toBe(true);
  expect(consoleSettings.safeParse({ ...settings, assistant: { address } }).success).toBe(false);
  expect(DEPLOYED_ASSISTANT.test(address)).toBe(false);
});
