/** An assistant that stores events and sends them, over connections that lose, delay and repeat what was sent. */
import {
  type AssistantCommand,
  assistantCommand,
  type ConversationEntry,
  type ConversationEvent,
} from '@leasehold/contract/assistant';
import type { ChatPorts } from '../../../console/app/assistant/chat';
import type { Socket, SocketListener } from '../../../console/app/assistant/link';

export const CONVERSATION = 'cv-0123456789abcdef';

class FakeSocket implements Socket {
  readonly sent: AssistantCommand[] = [];
  isClosed = false;

  constructor(
    readonly protocols: readonly string[],
    readonly page: SocketListener,
  ) {}

  send(text: string | object): void {
    this.sent.push(assistantCommand.parse(JSON.parse(String(text))));
  }

  close(): void {
    this.isClosed = true;
  }
}

export class FakeAssistant {
  readonly events: ConversationEvent[] = [];
  readonly sockets: FakeSocket[] = [];
  /** What is on its way to the page on the newest connection. */
  frames: unknown[] = [];
  readonly timers = new Set<{ readonly at: number; readonly work: () => void }>();
  now = 1_000_000;
  /** The tokens that the page asked to be replaced. */
  readonly replaced: (string | undefined)[] = [];
  checks = 0;
  remembered: string | undefined;
  #ids = 0;
  #tokens = 0;
  #read = 0;

  readonly ports: ChatPorts = {
    tokens: {
      accessToken: async (refused) => {
        this.replaced.push(refused);
        if (refused !== undefined || this.#tokens === 0) this.#tokens += 1;
        return `token-${this.#tokens}`;
      },
      demandCurrent: () => undefined,
    },
    open: (protocols, listener) => {
      const socket = new FakeSocket(protocols, listener);
      this.sockets.push(socket);
      this.frames = [];
      this.#read = 0;
      return socket;
    },
    checkSignIn: async () => {
      this.checks += 1;
    },
    later: (milliseconds, work) => {
      const timer = { at: this.now + milliseconds, work };
      this.timers.add(timer);
      return () => this.timers.delete(timer);
    },
    now: () => this.now,
    newId: () => `message-${String(++this.#ids).padStart(12, '0')}`,
    remembered: {
      get: () => this.remembered,
      set: (id) => {
        this.remembered = id;
      },
    },
  };

  get socket(): FakeSocket | undefined {
    const last = this.sockets.at(-1);
    return last?.isClosed === true ? undefined : last;
  }

  get isRunning(): boolean {
    return this.events.length > 0 && this.events.at(-1)?.type !== 'end';
  }

  /** Stores an event, and sends it to the connection if it has resumed. */
  store(entry: ConversationEntry): void {
    const event = { ...entry, conversation: CONVERSATION, sequence: this.events.length + 1 } as ConversationEvent;
    this.events.push(event);
    if (this.socket?.sent.slice(0, this.#read).some(({ type }) => type === 'resume')) this.frames.push(event);
  }

  /** The connection is established. */
  accept(): void {
    if (this.socket !== undefined && this.socket.sent.length === 0) this.socket.page.onOpen();
  }

  /** Handles the next command of the page. @returns whether there was one */
  handle(): boolean {
    const command = this.socket?.sent[this.#read];
    if (command === undefined) return false;
    this.#read += 1;
    if (command.type === 'resume') {
      const { after = 0 } = command;
      this.frames.push(this.opened(), ...this.events.slice(after));
    }
    if (command.type === 'say' && !this.events.some((event) => event.type === 'said' && event.id === command.id)) {
      if (this.isRunning) this.frames.push(problemOf('turn-running'));
      else this.store({ type: 'said', id: command.id, text: command.text });
    }
    if (command.type === 'stop' && this.isRunning) this.store({ type: 'end', outcome: 'stopped' });
    return true;
  }

  opened(change: object = {}) {
    return {
      type: 'opened',
      conversation: CONVERSATION,
      sequence: this.events.length,
      running: this.isRunning,
      signedInUntil: 10_000,
      ...change,
    };
  }

  /** A frame arrives at the page. */
  deliver(at = 0): void {
    const [frame] = this.frames.splice(at, 1);
    if (frame !== undefined) this.push(frame);
  }

  /** A frame arrives, and will arrive again. Only events are repeated. */
  repeat(at: number): void {
    const frame = this.frames[at];
    if (frame !== undefined && (frame as ConversationEvent).sequence > 0 && 'text' in (frame as object))
      this.push(frame);
  }

  push(frame: unknown): void {
    this.socket?.page.onData(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The connection is lost, with everything that is on its way. */
  lose(): void {
    const { socket } = this;
    if (socket === undefined) return;
    socket.isClosed = true;
    this.frames = [];
    socket.page.onClose();
  }

  /** The first timer is over. */
  async pass(): Promise<void> {
    const [first] = [...this.timers].sort((one, other) => one.at - other.at);
    if (first !== undefined) {
      this.timers.delete(first);
      this.now = first.at;
      first.work();
    }
    await settled();
  }

  /** Everything that is on its way arrives. */
  async flush(): Promise<void> {
    await settled();
    this.accept();
    do while (this.handle());
    while (this.#deliverOne());
  }

  #deliverOne(): boolean {
    const had = this.frames.length > 0;
    this.deliver();
    return had || this.frames.length > 0;
  }
}

export function problemOf(code: string) {
  return { type: 'problem', code, message: `It is ${code}.`, hint: 'Do something else.' };
}

/** Lets the promises of the page run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
