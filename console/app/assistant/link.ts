/**
 * Keeps a WebSocket to the assistant open: connects again after a pause that grows, and with a new access token before
 * the old one ends. It knows nothing of the conversation.
 */
import { type AssistantCommand, type AssistantEvent, assistantProtocols } from '@leasehold/contract/assistant';
import type { TokenSource } from '../api/client.ts';
import { PageRefusal, SignedOut } from '../api/errors.ts';
import { eventIn } from './frame.ts';

/** What is used of a WebSocket. */
export type Socket = Pick<WebSocket, 'send' | 'close'>;

/** What happens on a WebSocket. */
export interface SocketListener {
  readonly onOpen: () => void;
  readonly onData: (data: unknown) => void;
  readonly onClose: () => void;
}

export interface LinkPorts {
  readonly tokens: TokenSource;
  /** Opens a WebSocket to the assistant. */
  readonly open: (protocols: readonly string[], listener: SocketListener) => Socket;
  /**
   * Calls the broker. A browser does not say why a WebSocket was refused; if the sign-in is the reason, this call finds
   * out, and the session gets a new token.
   */
  readonly checkSignIn: () => Promise<unknown>;
  /** Runs the work later. @returns cancels it */
  readonly later: (milliseconds: number, work: () => void) => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `waiting`: it connects again after a pause. `ended`: it does not connect again by itself. */
export type LinkState =
  | { readonly kind: 'idle' | 'connecting' | 'open' | 'waiting' }
  | { readonly kind: 'ended'; readonly error: unknown };

export interface LinkListener {
  readonly onState: (state: LinkState) => void;
  /** The WebSocket is open. The listener resumes the conversation, and calls {@link Link.resumed} when it is. */
  readonly onOpen: () => void;
  readonly onEvent: (event: AssistantEvent) => void;
}

/** Milliseconds until the first attempt to connect again. Each further one waits twice as long, up to the maximum. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
/** After a connection that lasted this long, the next pause is the first one again. */
const GOOD = 30_000;
/** Milliseconds before the end of the sign-in at which the connection is opened with a new token. */
const BEFORE_END = 15_000;
/** The clocks of the browser and the assistant can differ, so a token is used for at least this long. */
const SHORTEST_USE = 30_000;
/** Most milliseconds of a timer in a browser. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class Link {
  #socket: Socket | undefined;
  #token = '';
  #resumedAt: number | undefined;
  #failures = 0;
  /** Raised so that whatever an earlier attempt still waits for has no effect. */
  #attempt = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(
    private readonly ports: LinkPorts,
    private readonly listener: LinkListener,
  ) {}

  /** Whether the conversation was resumed on this connection. */
  get isResumed(): boolean {
    return this.#resumedAt !== undefined;
  }

  /** Connects at once. */
  connect(): void {
    this.#failures = 0;
    this.#drop();
    this.#become({ kind: 'connecting' });
    this.#open();
  }

  disconnect(): void {
    this.#drop();
    this.#become({ kind: 'idle' });
  }

  /** Closes the connection for good, because of an error. */
  end(error: unknown): void {
    this.#drop();
    this.#become({ kind: 'ended', error });
  }

  send(command: AssistantCommand): void {
    this.#socket?.send(JSON.stringify(command));
  }

  /** @param until End of the sign-in, in seconds since 1970 */
  resumed(until: number): void {
    this.#resumedAt = this.ports.now();
    this.#become({ kind: 'open' });
    const wait = Math.max(SHORTEST_USE, until * 1000 - this.ports.now() - BEFORE_END);
    this.#later(Math.min(wait, LONGEST_TIMER), () => {
      // The connection stays open until there is a new token, for which the person may have to sign in again.
      this.#withToken(this.#token, (token) => {
        this.#become({ kind: 'connecting' });
        this.#openWith(token);
      });
    });
  }

  /** Connects again after a pause. @param refused A token that the assistant does not accept any more */
  retry(refused?: string): void {
    const lasted = this.#resumedAt === undefined ? 0 : this.ports.now() - this.#resumedAt;
    const wasRefused = this.#resumedAt === undefined;
    this.#failures = lasted >= GOOD ? 1 : this.#failures + 1;
    this.#drop();
    this.#become({ kind: 'waiting' });
    this.#later(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1)), () => {
      if (wasRefused) this.#checkSignIn(() => this.#open(refused));
      else this.#open(refused);
    });
  }

  /** Connects again with another token, because the assistant does not accept this one any more. */
  renew(): void {
    this.retry(this.#token);
  }

  #open(refused?: string): void {
    this.#withToken(refused, (token) => this.#openWith(token));
  }

  #openWith(token: string): void {
    this.#drop();
    this.#token = token;
    const attempt = this.#attempt;
    const ifCurrent = (work: () => void) => {
      if (attempt === this.#attempt) work();
    };
    try {
      this.#socket = this.ports.open(assistantProtocols(token), {
        onOpen: () => ifCurrent(() => this.listener.onOpen()),
        onData: (data) => ifCurrent(() => this.#receive(data)),
        onClose: () => ifCurrent(() => this.retry()),
      });
    } catch {
      this.end(new PageRefusal(...CANNOT_OFFER));
    }
  }

  #receive(data: unknown): void {
    try {
      // The person may have signed out, or another one signed in.
      this.ports.tokens.demandCurrent();
    } catch (error) {
      this.end(error);
      return;
    }
    const event = eventIn(data);
    if (event === undefined) this.end(new PageRefusal(...UNREADABLE));
    else this.listener.onEvent(event);
  }

  #withToken(refused: string | undefined, work: (token: string) => void): void {
    const attempt = this.#attempt;
    this.ports.tokens.accessToken(refused).then(
      (token) => {
        if (attempt === this.#attempt) work(token);
      },
      (error) => {
        if (attempt === this.#attempt) this.end(error);
      },
    );
  }

  #checkSignIn(work: () => void): void {
    const attempt = this.#attempt;
    const next = (error?: unknown) => {
      if (attempt !== this.#attempt) return;
      if (error instanceof SignedOut) this.end(error);
      else work();
    };
    // Another error does not matter: the assistant may work although the broker does not.
    this.ports.checkSignIn().then(() => next(), next);
  }

  #later(milliseconds: number, work: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.ports.later(milliseconds, work);
  }

  #drop(): void {
    this.#attempt += 1;
    this.#cancelTimer();
    this.#resumedAt = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #become(state: LinkState): void {
    this.listener.onState(state);
  }
}

const UNREADABLE = [
  'The assistant sent a message that this console cannot read.',
  'Reload the page: the assistant may be newer than this page. If the error persists, ask an administrator.',
] as const;

/** A token that is not a JWT can contain characters that a subprotocol cannot. */
const CANNOT_OFFER = [
  'The browser cannot connect to the assistant with the access token of your account.',
  'Tell an administrator: the assistant needs access tokens that are JWTs.',
] as const;
