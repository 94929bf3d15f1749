/**
 * The conversation, computed from the events of the assistant alone. Events that arrive twice or in another order lead to
 * the same conversation.
 */
import type { ConversationEvent } from '@leasehold/contract/assistant';

type Content<T extends ConversationEvent['type']> = Omit<
  Extract<ConversationEvent, { type: T }>,
  'conversation' | 'sequence'
>;

/** A part of an answer. `sequence` is the number of its first event. */
export type Part = { readonly sequence: number } & (Content<'text'> | Content<'tool'> | Content<'lease'>);
/** The content of a lease's card. */
export type ChatLease = Content<'lease'>;
/** A tool call as it is shown. */
export type ToolCall = Content<'tool'>;

/** A message of the person with its answer. */
export interface Turn {
  readonly sequence: number;
  /** Undefined if the assistant began by itself. */
  readonly said: Content<'said'> | undefined;
  readonly parts: readonly Part[];
  /** Undefined while the answer is written, and for an answer that was interrupted. */
  readonly end: Content<'end'> | undefined;
}

export interface Conversation {
  /** Undefined until the assistant has opened it. */
  readonly id: string | undefined;
  /** Sequence of the last event that is part of it. */
  readonly sequence: number;
  readonly turns: readonly Turn[];
  /** Whether the assistant is answering. */
  readonly running: boolean;
  /** Events that arrived before their predecessors, by sequence. */
  readonly early: ReadonlyMap<number, ConversationEvent>;
  /** What the assistant said last about the state of the conversation. */
  readonly opened: { readonly sequence: number; readonly running: boolean };
}

export const NO_CONVERSATION: Conversation = {
  id: undefined,
  sequence: 0,
  turns: [],
  running: false,
  early: new Map(),
  opened: { sequence: 0, running: false },
};

/** Maximum number of events that are kept while an earlier one is missing. */
export const MOST_EARLY = 1000;

/** The conversation after the assistant has opened it. */
export function opened(
  conversation: Conversation,
  { conversation: id, sequence, running }: { conversation: string; sequence: number; running: boolean },
): Conversation {
  return settled({ ...conversation, id, opened: { sequence, running } });
}

/** The conversation after one more event. */
export function received(conversation: Conversation, event: ConversationEvent): Conversation {
  if (event.sequence <= conversation.sequence) return conversation;
  const early = new Map(conversation.early).set(event.sequence, event);
  let next = { ...conversation, early };
  for (let found = early.get(next.sequence + 1); found !== undefined; found = early.get(next.sequence + 1)) {
    early.delete(found.sequence);
    next = settled({ ...applied(next, found), sequence: found.sequence });
  }
  return next;
}

/** The conversation before the assistant sends its next events again. */
export function resuming(conversation: Conversation): Conversation {
  return { ...conversation, early: NO_CONVERSATION.early };
}

/** Whether the conversation contains everything that the assistant had stored when it opened the conversation. */
export function isCaughtUp({ sequence, opened: { sequence: stored } }: Conversation): boolean {
  return sequence >= stored;
}

/** Whether no event is missing, as far as that is known. */
export function isWhole(conversation: Conversation): boolean {
  return isCaughtUp(conversation) && conversation.early.size === 0;
}

/** Whether the assistant has stored this message of the person. */
export function isStored({ turns }: Conversation, message: string): boolean {
  return turns.some(({ said }) => said?.id === message);
}

/** At the last stored event, the assistant knows better than its events whether it is answering: it may have failed. */
function settled<T extends Conversation>(conversation: T): T {
  const { sequence, opened: last } = conversation;
  return sequence === last.sequence ? { ...conversation, running: last.running } : conversation;
}

function applied<T extends Conversation>(conversation: T, event: ConversationEvent): T {
  const { conversation: _, sequence, ...content } = event;
  const { turns } = conversation;
  if (content.type === 'said') {
    const turn: Turn = { sequence, said: content, parts: [], end: undefined };
    return { ...conversation, running: true, turns: [...turns, turn] };
  }
  const last = turns.at(-1);
  const isOpen = last !== undefined && last.end === undefined;
  const turn: Turn = isOpen ? last : { sequence, said: undefined, parts: [], end: undefined };
  const before = isOpen ? turns.slice(0, -1) : turns;
  if (content.type === 'end') {
    return { ...conversation, running: false, turns: [...before, { ...turn, end: content }] };
  }
  if (content.type === 'text') {
    return { ...conversation, turns: [...before, { ...turn, parts: withText(turn.parts, sequence, content) }] };
  }
  const replaced = withReplaced(turns, content);
  if (replaced !== undefined) return { ...conversation, turns: replaced };
  return { ...conversation, turns: [...before, { ...turn, parts: [...turn.parts, { sequence, ...content }] }] };
}

function withText(parts: readonly Part[], sequence: number, content: Content<'text'>): readonly Part[] {
  const last = parts.at(-1);
  if (last?.type !== 'text') return [...parts, { sequence, ...content }];
  return [...parts.slice(0, -1), { ...last, text: last.text + content.text }];
}

/** The turns with the later state of a tool call or a lease. Undefined if there is no earlier state. */
function withReplaced(turns: readonly Turn[], content: ToolCall | ChatLease): readonly Turn[] | undefined {
  const isSame = (part: Part) => part.type === content.type && part.call === content.call;
  const at = turns.findLastIndex(({ parts }) => parts.some(isSame));
  const turn = turns[at];
  if (turn === undefined) return undefined;
  const parts = turn.parts.map((part) => (isSame(part) ? { ...content, sequence: part.sequence } : part));
  return turns.with(at, { ...turn, parts });
}
