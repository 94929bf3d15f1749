/** The chat page, without a page: a WebSocket that checks each frame against the contract. */
import { randomBytes } from 'node:crypto';
import {
  type AssistantEvent,
  assistantEvent,
  assistantProtocols,
  type ConversationEvent,
} from '@leasehold/contract/assistant';
import { WebSocket } from 'ws';

type Of<T extends AssistantEvent['type']> = Extract<AssistantEvent, { type: T }>;

export class Chat {
  readonly events: AssistantEvent[] = [];
  /** Every byte that the server sent. */
  received = '';
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.received += String(data);
      this.events.push(assistantEvent.parse(JSON.parse(String(data))));
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  /** Connects as a browser does. @throws if the server refuses the connection */
  static async connect(
    address: string,
    token: string,
    { origin, protocols = assistantProtocols(token) }: { origin: string; protocols?: readonly string[] },
  ): Promise<Chat> {
    const socket = new WebSocket(address, [...protocols], { origin });
    const chat = new Chat(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return chat;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(frame: object | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Opens a conversation. */
  async resume(conversation?: string, after?: number): Promise<Of<'opened'>> {
    this.send({ type: 'resume', ...(conversation && { conversation }), ...(after !== undefined && { after }) });
    return this.next('opened');
  }

  /** Says something, and waits for the end of the turn. @returns the events of the turn */
  async turn(text: string): Promise<readonly ConversationEvent[]> {
    const from = this.events.length;
    this.send({ type: 'say', id: randomBytes(16).toString('hex'), text });
    await this.next('end', from);
    return this.events.slice(from) as ConversationEvent[];
  }

  /** Waits for an event of a type, among those from a position on. */
  async next<T extends AssistantEvent['type']>(
    type: T,
    from = 0,
    where: (event: Of<T>) => boolean = () => true,
  ): Promise<Of<T>> {
    for (;;) {
      const found = this.events.slice(from).find((event) => event.type === type && where(event as Of<T>));
      if (found !== undefined) return found as Of<T>;
      if (this.#socket.readyState >= WebSocket.CLOSING) throw new Error('the connection is closed');
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** The text of a turn. */
export function textOf(events: readonly ConversationEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

/** The last state of each card of a turn. */
export function cardsOf(
  events: readonly ConversationEvent[],
): readonly Extract<ConversationEvent, { type: 'lease' }>[] {
  const cards = new Map(events.flatMap((event) => (event.type === 'lease' ? [[event.call, event] as const] : [])));
  return [...cards.values()];
}
