/** The conversation as the model gets it again in a later turn: the texts, without results of tools. */
import type { ConversationEvent } from '@leasehold/contract/assistant';
import type { ModelMessage } from 'ai';

/** Maximum number of messages that the model gets. */
const MOST = 40;

export function historyOf(events: readonly ConversationEvent[]): readonly ModelMessage[] {
  const messages: { role: 'user' | 'assistant'; content: string }[] = [];
  for (const event of events) {
    if (event.type === 'said') messages.push({ role: 'user', content: event.text });
    if (event.type !== 'text') continue;
    const last = messages.at(-1);
    if (last?.role === 'assistant') last.content += event.text;
    else messages.push({ role: 'assistant', content: event.text });
  }
  return messages.slice(-MOST);
}
