/** Conversations in memory: for the demo and for tests. */
import { randomBytes } from 'node:crypto';
import type { ConversationEntry, ConversationEvent } from '@leasehold/contract/assistant';
import {
  type Begun,
  type ConversationStore,
  GIVEN_UP,
  MOST_MESSAGES,
  newConversation,
  TURN_SECONDS,
  type Turn,
  TurnLost,
} from './conversation-store';

interface Kept {
  readonly owner: string;
  readonly events: ConversationEvent[];
  readonly messages: Set<string>;
  connection: string | undefined;
  turn: { readonly id: string; readonly until: number; stopping: boolean } | undefined;
}

export class MemoryStore implements ConversationStore {
  readonly #conversations = new Map<string, Kept>();
  readonly #now: () => number;

  /** @param now Seconds since 1970. */
  constructor(now: () => number = () => Math.floor(Date.now() / 1000)) {
    this.#now = now;
  }

  async open(owner: string, conversation: string | undefined, connection: string) {
    const id = conversation ?? newConversation();
    const known = this.#conversations.get(id);
    if (conversation !== undefined && known?.owner !== owner) return undefined;
    const kept = known ?? { owner, events: [], messages: new Set(), connection, turn: undefined };
    this.#conversations.set(id, kept);
    kept.connection = connection;
    return { conversation: id, sequence: kept.events.length, running: this.#isRunning(kept) };
  }

  async events(conversation: string, after: number) {
    return this.#kept(conversation).events.slice(after);
  }

  async begin(conversation: string, { id, text }: { readonly id: string; readonly text: string }): Promise<Begun> {
    const kept = this.#kept(conversation);
    if (kept.messages.has(id)) return { kind: 'repeated' };
    if (this.#isRunning(kept)) return { kind: 'running' };
    if (kept.messages.size >= MOST_MESSAGES) return { kind: 'full' };
    if (kept.turn !== undefined) this.#push(conversation, GIVEN_UP);
    kept.messages.add(id);
    kept.turn = { id: randomBytes(16).toString('hex'), until: this.#now() + TURN_SECONDS, stopping: false };
    const event = this.#push(conversation, { type: 'said', id, text });
    return { kind: 'begun', turn: { conversation, id: kept.turn.id, sequence: event.sequence }, event };
  }

  async stop(conversation: string) {
    const { turn } = this.#kept(conversation);
    if (turn !== undefined) turn.stopping = true;
  }

  /** Stops every turn, because the server ends. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#conversations.keys()].map((conversation) => this.stop(conversation)));
  }

  async append(turn: Turn, entry: ConversationEntry) {
    const kept = this.#held(turn);
    const event = this.#push(turn.conversation, entry);
    if (entry.type === 'end') kept.turn = undefined;
    return { turn: { ...turn, sequence: event.sequence }, event };
  }

  async state(turn: Turn) {
    const { connection, turn: current } = this.#kept(turn.conversation);
    if (current !== undefined && current.id !== turn.id) throw new TurnLost();
    return { connection, stopping: current?.stopping === true };
  }

  #kept(conversation: string): Kept {
    const kept = this.#conversations.get(conversation);
    if (kept === undefined) throw new TypeError('no such conversation');
    return kept;
  }

  #held({ conversation, id }: Turn): Kept {
    const kept = this.#kept(conversation);
    if (kept.turn?.id !== id) throw new TurnLost();
    return kept;
  }

  #isRunning({ turn }: Kept): boolean {
    return turn !== undefined && this.#now() < turn.until;
  }

  #push(conversation: string, entry: ConversationEntry): ConversationEvent {
    const { events } = this.#kept(conversation);
    const event: ConversationEvent = { ...entry, conversation, sequence: events.length + 1 };
    events.push(event);
    return event;
  }
}
