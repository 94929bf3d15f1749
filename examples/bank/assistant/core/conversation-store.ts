/** Where conversations are kept: numbered events, and which turn is in progress. */
import { randomBytes } from 'node:crypto';
import type { ConversationEntry, ConversationEvent } from '@leasehold/contract/assistant';

/** A conversation that a connection continues. */
export interface OpenedConversation {
  readonly conversation: string;
  /** Sequence of the last event; 0 for none. */
  readonly sequence: number;
  readonly running: boolean;
}

/** A turn that begins with a message of the person. Only its holder may append events. */
export interface Turn {
  readonly conversation: string;
  readonly id: string;
  /** Sequence of the last event. */
  readonly sequence: number;
}

/** The result of a message. */
export type Begun =
  | { readonly kind: 'begun'; readonly turn: Turn; readonly event: ConversationEvent }
  /** The message is in the conversation already. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'running' }
  | { readonly kind: 'full' };

/** What the holder of a turn has to know after each event. */
export interface TurnState {
  /** The connection that receives the events, if there is one. */
  readonly connection: string | undefined;
  /** Whether the person wants the turn to stop. */
  readonly stopping: boolean;
}

export interface ConversationStore {
  /**
   * Opens a conversation for a connection, which receives its events from now on.
   * @param conversation A new conversation if undefined.
   * @returns undefined if the owner has no such conversation
   */
  open(owner: string, conversation: string | undefined, connection: string): Promise<OpenedConversation | undefined>;
  /** Events in order. */
  events(conversation: string, after: number): Promise<readonly ConversationEvent[]>;
  /** Starts a turn with a message. The owner was checked when the conversation was opened. */
  begin(conversation: string, message: { readonly id: string; readonly text: string }): Promise<Begun>;
  /** Asks the holder of the current turn to stop. */
  stop(conversation: string): Promise<void>;
  /** Stores one event; `end` also ends the turn. @throws {TurnLost} */
  append(turn: Turn, entry: ConversationEntry): Promise<{ readonly turn: Turn; readonly event: ConversationEvent }>;
  /** The state of a turn, which may have ended. @throws {TurnLost} if another turn is in progress */
  state(turn: Turn): Promise<TurnState>;
}

/** The turn has ended, or took so long that another one began. */
export class TurnLost extends Error {
  override readonly name = 'TurnLost';

  constructor() {
    super('The turn is over.');
  }
}

/** Seconds after which a turn without an end is given up: a little longer than the worker can run. */
export const TURN_SECONDS = 960;
/** Maximum number of messages in one conversation. */
export const MOST_MESSAGES = 100;
/** Maximum number of events in one turn. */
export const MOST_TURN_EVENTS = 900;

/** A new id of a conversation. */
export function newConversation(): string {
  return `cv-${randomBytes(16).toString('hex')}`;
}

export const GIVEN_UP: ConversationEntry = {
  type: 'end',
  outcome: 'failed',
  because: 'The assistant took too long, or was interrupted.',
};
