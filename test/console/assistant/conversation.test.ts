/** How the events of a conversation become turns. */
import type { ConversationEntry, ConversationEvent } from '@leasehold/contract/assistant';
import { NO_CONVERSATION, received } from '../../../console/app/assistant/conversation';
import { CONVERSATION } from './fake-assistant';

function shown(entries: readonly ConversationEntry[]) {
  const events = entries.map((entry, at) => ({ ...entry, conversation: CONVERSATION, sequence: at + 1 }));
  return (events as ConversationEvent[]).reduce(received, NO_CONVERSATION).turns.map(({ said, parts, end }) => ({
    said: said?.text,
    parts: parts.map((part) => (part.type === 'text' ? part.text : `${part.type} ${part.call} ${part.state}`)),
    end: end?.outcome,
  }));
}

const say = (text: string): ConversationEntry => ({ type: 'said', id: 'message-000000000000', text });
const write = (text: string): ConversationEntry => ({ type: 'text', text });
const call = (id: string, state: 'running' | 'done'): ConversationEntry => ({
  type: 'tool',
  call: id,
  name: 'read_table',
  summary: 'Reads',
  state,
});
const lease = (id: string, state: 'pending' | 'issued'): ConversationEntry => ({
  type: 'lease',
  call: id,
  role: 'customer-balance',
  parameters: {},
  reason: 'Answer a question',
  state,
});
const done: ConversationEntry = { type: 'end', outcome: 'done' };

it.each<[string, readonly ConversationEntry[], ReturnType<typeof shown>]>([
  ['nothing', [], []],
  ['pieces of text', [say('a'), write('b'), write('c'), done], [{ said: 'a', parts: ['bc'], end: 'done' }]],
  [
    'text around a tool',
    [say('a'), write('b'), call('1', 'running'), write('c')],
    [{ said: 'a', parts: ['b', 'tool 1 running', 'c'], end: undefined }],
  ],
  [
    'a tool and its lease, which change',
    [say('a'), call('1', 'running'), lease('1', 'pending'), write('b'), lease('1', 'issued'), call('1', 'done'), done],
    [{ said: 'a', parts: ['tool 1 done', 'lease 1 issued', 'b'], end: 'done' }],
  ],
  [
    'a lease of an earlier turn',
    [say('a'), lease('1', 'pending'), done, say('b'), lease('1', 'issued')],
    [
      { said: 'a', parts: ['lease 1 issued'], end: 'done' },
      { said: 'b', parts: [], end: undefined },
    ],
  ],
  [
    'an assistant that begins by itself',
    [write('a'), done, write('b')],
    [
      { said: undefined, parts: ['a'], end: 'done' },
      { said: undefined, parts: ['b'], end: undefined },
    ],
  ],
  [
    'a turn without an end',
    [say('a'), write('b'), say('c')],
    [
      { said: 'a', parts: ['b'], end: undefined },
      { said: 'c', parts: [], end: undefined },
    ],
  ],
])('%s', (_, entries, expected) => {
  expect(shown(entries)).toEqual(expected);
});
