/** What happens with the messages of one connection. The function in AWS and the server on a laptop share it. */
import {
  type AssistantEvent,
  type AssistantProblem,
  assistantCommand,
  LONGEST_CLIENT_FRAME,
} from '@leasehold/contract/assistant';
import { strictJson } from '@leasehold/contract/strict-json';
import type { ConversationStore } from './conversation-store';
import type { AccessToken, Person } from './person';
import type { TurnOf } from './turn';

/** A connection of somebody whose token was verified when the connection was opened. */
export interface Connection {
  readonly id: string;
  readonly person: Person;
  readonly token: AccessToken;
}

export interface ConnectionDeps {
  readonly store: ConversationStore;
  /** The conversation of a connection, once it was opened. */
  readonly conversations: {
    get(connection: string): Promise<string | undefined>;
    /** @returns false if the connection has a conversation already */
    set(connection: string, conversation: string): Promise<boolean>;
  };
  readonly send: (connection: string, event: AssistantEvent) => Promise<void>;
  /** Starts the work on a turn, and returns at once. */
  readonly start: (turn: TurnOf) => Promise<void>;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Handles one frame. Never throws for what a client sends. */
export async function receive(deps: ConnectionDeps, connection: Connection, frame: string): Promise<void> {
  const { now = () => Math.floor(Date.now() / 1000) } = deps;
  const refuse = (problem: keyof typeof PROBLEMS, conversation?: string) =>
    deps.send(connection.id, {
      type: 'problem',
      code: problem,
      ...PROBLEMS[problem],
      ...(conversation === undefined ? {} : { conversation }),
    });
  const command = commandIn(frame);
  if (command === undefined) return refuse('malformed');
  if (now() >= connection.token.expiresAt) return refuse('sign-in-invalid');
  const current = await deps.conversations.get(connection.id);
  if (command.type === 'resume') {
    if (current !== undefined) return refuse('out-of-order', current);
    return resume(deps, connection, command, refuse);
  }
  if (current === undefined) return refuse('out-of-order');
  if (command.type === 'stop') return deps.store.stop(current);
  const begun = await deps.store.begin(current, command);
  if (begun.kind === 'running') return refuse('turn-running', current);
  if (begun.kind === 'full') return refuse('over-budget', current);
  if (begun.kind === 'repeated') return;
  await deps.send(connection.id, begun.event);
  await deps.start({ turn: begun.turn, person: connection.person, token: connection.token });
}

async function resume(
  { store, conversations, send }: ConnectionDeps,
  { id, person, token }: Connection,
  { conversation, after = 0 }: { readonly conversation?: string | undefined; readonly after?: number | undefined },
  refuse: (problem: 'not-found' | 'out-of-order') => Promise<void>,
): Promise<void> {
  // From here on the holder of a turn sends new events to this connection. The events before are read afterwards.
  const opened = await store.open(person.key, conversation, id);
  if (opened === undefined) return refuse('not-found');
  if (!(await conversations.set(id, opened.conversation))) return refuse('out-of-order');
  await send(id, { type: 'opened', ...opened, signedInUntil: token.expiresAt });
  for (const event of await store.events(opened.conversation, after)) await send(id, event);
}

function commandIn(frame: string) {
  if (Buffer.byteLength(frame) > LONGEST_CLIENT_FRAME) return undefined;
  try {
    return assistantCommand.safeParse(strictJson(frame)).data;
  } catch {
    return undefined;
  }
}

const PROBLEMS = {
  malformed: {
    message: 'The message is not one of this protocol.',
    hint: 'Load the page again.',
  },
  'out-of-order': {
    message: 'A connection begins with exactly one message `resume`.',
    hint: 'Connect again.',
  },
  'not-found': {
    message: 'You have no such conversation.',
    hint: 'Start a new conversation.',
  },
  'turn-running': {
    message: 'The assistant is still answering.',
    hint: 'Wait for the answer, or stop it.',
  },
  'over-budget': {
    message: 'The conversation has too many messages.',
    hint: 'Start a new conversation.',
  },
  'sign-in-invalid': {
    message: 'Your sign-in has expired.',
    hint: 'Connect again; sign in if you are asked to.',
  },
} as const satisfies Partial<Record<AssistantProblem['code'], Pick<AssistantProblem, 'message' | 'hint'>>>;
