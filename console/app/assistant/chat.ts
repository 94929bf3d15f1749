/** A chat with the assistant: the conversation, and what the person writes. It survives lost connections. */
import {
  type AssistantEvent,
  type AssistantProblem,
  type ConversationEvent,
  LONGEST_MESSAGE,
} from '@leasehold/contract/assistant';
import { visible } from '@leasehold/contract/text';
import { PageRefusal } from '../api/errors.ts';
import {
  type Conversation,
  isCaughtUp,
  isStored,
  isWhole,
  MOST_EARLY,
  NO_CONVERSATION,
  opened,
  received,
  resuming,
} from './conversation.ts';
import { Link, type LinkPorts, type LinkState } from './link.ts';

export interface ChatPorts extends LinkPorts {
  /** A new random id for a message. */
  readonly newId: () => string;
  /** Remembers which conversation to continue after the page is loaded again. */
  readonly remembered: { get(): string | undefined; set(id: string | undefined): void };
}

/** What the page shows. A new object after each change. */
export interface ChatState {
  readonly link: LinkState;
  readonly conversation: Conversation;
  /** A message of the person that the assistant has not stored yet. */
  readonly outgoing: { readonly id: string; readonly text: string } | undefined;
  readonly stopping: boolean;
  /** Why the assistant did not accept the last message. */
  readonly refusal: PageRefusal | undefined;
  /** What the person is writing. */
  readonly draft: string;
}

/** How long a missing event may take, in milliseconds, before the page connects again to get it. */
const LONGEST_GAP = 3000;

export class Chat {
  #state: ChatState = {
    link: { kind: 'idle' },
    conversation: NO_CONVERSATION,
    outgoing: undefined,
    stopping: false,
    refusal: undefined,
    draft: '',
  };
  /** The conversation of this connection. Undefined until the assistant has begun a new one. */
  #current: string | undefined;
  /** Sequence after which the assistant was asked to continue. */
  #after = 0;
  #cancelGap: () => void = () => undefined;
  readonly #link: Link;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly ports: ChatPorts) {
    this.#link = new Link(ports, {
      onState: (link) => this.#become(link.kind === 'open' ? { link } : { link, stopping: false }),
      onOpen: () => this.#resume(),
      onEvent: (event) => this.#receive(event),
    });
  }

  get state(): ChatState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Connects at once. */
  connect(): void {
    this.#cancelGap();
    this.#link.connect();
  }

  /** Closes the connection. What was said, and what the person was writing, stays. */
  disconnect(): void {
    this.#cancelGap();
    this.#link.disconnect();
  }

  /** Begins a new conversation. */
  startAnew(): void {
    this.ports.remembered.set(undefined);
    this.#become({ conversation: NO_CONVERSATION, refusal: undefined, ...this.#takenBack() });
    this.connect();
  }

  setDraft(draft: string): void {
    this.#become({ draft });
  }

  /** Sends what the person has written. Does nothing unless {@link maySend}. */
  send(): void {
    const { draft } = this.#state;
    if (!maySend(this.#state) || draftFault(draft) !== undefined) return;
    const outgoing = { id: this.ports.newId(), text: draft };
    this.#become({ outgoing, draft: '', refusal: undefined });
    this.#link.send({ type: 'say', ...outgoing });
  }

  /** Stops the answer. */
  stop(): void {
    if (!mayStop(this.#state)) return;
    this.#become({ stopping: true });
    this.#link.send({ type: 'stop' });
  }

  #resume(): void {
    const conversation = resuming(this.#state.conversation);
    const { id = this.ports.remembered.get(), sequence } = conversation;
    this.#current = id;
    this.#after = sequence;
    this.#become({ conversation });
    this.#link.send({ type: 'resume', ...(id === undefined ? {} : { conversation: id, after: sequence }) });
  }

  #receive(event: AssistantEvent): void {
    if (event.type === 'problem') this.#refused(event);
    else if (this.#current !== undefined && event.conversation !== this.#current) this.#endAsAnother();
    else if (event.type === 'opened') this.#opened(event);
    else this.#stored(event);
  }

  #opened(event: Extract<AssistantEvent, { type: 'opened' }>): void {
    const { conversation } = this.#state;
    if (this.#link.isResumed || event.sequence < this.#after) {
      this.#endAsAnother();
      return;
    }
    this.#current = event.conversation;
    this.ports.remembered.set(event.conversation);
    this.#link.resumed(event.signedInUntil);
    this.#show(opened(conversation, event));
    this.#sendAgain();
  }

  #stored(event: ConversationEvent): void {
    const before = this.#state.conversation;
    if (this.#current === undefined) {
      this.#endAsAnother();
      return;
    }
    const conversation = received(before, event);
    if (conversation.early.size > MOST_EARLY) {
      this.#link.retry();
      return;
    }
    this.#show(conversation);
    if (this.#link.isResumed && !isCaughtUp(before)) this.#sendAgain();
  }

  #show(conversation: Conversation): void {
    const { outgoing, stopping, conversation: before } = this.#state;
    this.#become({
      conversation,
      stopping: stopping && conversation.running,
      outgoing: outgoing !== undefined && isStored(conversation, outgoing.id) ? undefined : outgoing,
    });
    if (isWhole(conversation)) this.#cancelGap();
    else if (isWhole(before) || conversation.sequence > before.sequence) this.#waitForMissing();
  }

  #waitForMissing(): void {
    this.#cancelGap();
    this.#cancelGap = this.ports.later(LONGEST_GAP, () => {
      if (this.#link.isResumed) this.#link.retry();
    });
  }

  /** Sends the message again that was under way when the connection was lost. Its id prevents that it is stored twice. */
  #sendAgain(): void {
    const { outgoing, conversation } = this.#state;
    if (outgoing !== undefined && isCaughtUp(conversation)) this.#link.send({ type: 'say', ...outgoing });
  }

  #refused({ code, message, hint }: AssistantProblem): void {
    const refusal = new PageRefusal(visible(message), visible(hint), 'The assistant refuses');
    if (code === 'sign-in-invalid') this.#link.renew();
    else if (this.#link.isResumed) this.#become({ refusal, stopping: false, ...this.#takenBack() });
    else if (code === 'not-found' && this.#isOnlyRemembered) this.startAnew();
    else if (code === 'unavailable') this.#link.retry();
    else this.#link.end(refusal);
  }

  /** Whether the page has nothing of the conversation but its id. */
  get #isOnlyRemembered(): boolean {
    return this.#current !== undefined && this.#state.conversation.sequence === 0;
  }

  #endAsAnother(): void {
    this.#link.end(new PageRefusal(...ANOTHER_CONVERSATION));
  }

  /** A message that was not accepted is put before what the person has written since. */
  #takenBack(): Pick<ChatState, 'outgoing' | 'draft'> {
    const { outgoing, draft } = this.#state;
    return { outgoing: undefined, draft: [outgoing?.text ?? '', draft].filter(Boolean).join('\n') };
  }

  #become(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Why the text cannot be a message. `empty` needs no explanation. */
export function draftFault(draft: string): 'empty' | 'too-long' | undefined {
  if (draft.trim() === '') return 'empty';
  return draft.length > LONGEST_MESSAGE ? 'too-long' : undefined;
}

/** Whether a message can be sent now. */
export function maySend({ link, conversation, outgoing }: ChatState): boolean {
  return link.kind === 'open' && isCaughtUp(conversation) && !conversation.running && outgoing === undefined;
}

/** Whether the answer can be stopped now. */
export function mayStop({ link, conversation, stopping }: ChatState): boolean {
  return link.kind === 'open' && conversation.running && !stopping;
}

const ANOTHER_CONVERSATION = [
  'The assistant does not continue the conversation that is shown.',
  'Start a new conversation. If the error persists, ask an administrator.',
] as const;
