/** Writes the events of a turn, one after the other, and sends each to the person's connection. */
import { type ConversationEntry, type ConversationEvent, LONGEST_TEXT } from '@leasehold/contract/assistant';
import { type ConversationStore, MOST_TURN_EVENTS, type Turn, TurnLost } from './conversation-store';

/** Sends an event to a connection. Resolves also if the connection is gone. */
export type Send = (connection: string, event: ConversationEvent) => Promise<void>;

/** Text is collected for so long before it is written. */
const PAUSE = 200;

export class TurnWriter {
  readonly #store: ConversationStore;
  readonly #send: Send;
  readonly #stopped = new AbortController();
  #turn: Turn;
  #events = 0;
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  /** Everything that is written so far; each entry waits for the one before it. */
  #written: Promise<void> = Promise.resolve();

  constructor(store: ConversationStore, send: Send, turn: Turn) {
    this.#store = store;
    this.#send = send;
    this.#turn = turn;
  }

  /** Aborted when the person stops the turn, when the turn is lost, or when it is too long. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Appends text. Several pieces become one event. */
  text(piece: string): void {
    this.#text += piece;
    if (this.#text.length >= LONGEST_TEXT / 8) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), PAUSE);
  }

  /** Appends an entry, after the text before it. */
  entry(entry: ConversationEntry): void {
    this.#flush();
    this.#enqueue(entry);
  }

  /** Asks the store whether the person wants to stop. */
  async poll(): Promise<void> {
    await this.#store.state(this.#turn).then(
      ({ stopping }) => stopping && this.#stopped.abort(),
      (error) => this.#stopped.abort(error),
    );
  }

  /** Ends the turn, after everything else. @throws if something could not be written */
  async end(entry: Extract<ConversationEntry, { type: 'end' }>): Promise<void> {
    this.#flush();
    const before = this.#written;
    this.#written = Promise.resolve();
    const failed = await before.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failed instanceof TurnLost) return;
    const { event, connection } = await this.#append(entry);
    if (connection !== undefined) await this.#send(connection, event);
    if (failed !== undefined) throw failed;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text;
    this.#text = '';
    for (let at = 0; at < text.length; at += LONGEST_TEXT) {
      this.#enqueue({ type: 'text', text: text.slice(at, at + LONGEST_TEXT) });
    }
  }

  #enqueue(entry: ConversationEntry): void {
    this.#events += 1;
    // A model in a loop must not fill the table.
    if (this.#events > MOST_TURN_EVENTS) {
      this.#stopped.abort(new RangeError('the turn has too many events'));
      return;
    }
    this.#written = this.#written.then(async () => {
      const { event, connection } = await this.#append(entry);
      if (connection !== undefined) await this.#send(connection, event);
    });
    this.#written.catch((error: unknown) => this.#stopped.abort(error));
  }

  async #append(entry: ConversationEntry) {
    // The connection is read after the write: a connection that resumes meanwhile reads the event, or gets it from here.
    const { turn, event } = await this.#store.append(this.#turn, entry);
    this.#turn = turn;
    const { connection, stopping } = await this.#store.state(turn);
    if (stopping) this.#stopped.abort();
    return { event, connection };
  }
}
