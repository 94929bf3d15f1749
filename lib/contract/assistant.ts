/**
 * The protocol between the chat page and an assistant: JSON text frames over a WebSocket.
 *
 * The browser connects with `new WebSocket(address, assistantProtocols(accessToken))`. The access token is in the header
 * `Sec-WebSocket-Protocol`, because a token in a URL would be logged. The server accepts the protocol
 * {@link ASSISTANT_PROTOCOL} and never echoes the token.
 *
 * The first frame of each connection is `resume`. The server answers `opened`, sends the stored events after `after`, and
 * then the new ones. A server that cannot continue sends `problem` and may close the connection. The page can connect
 * again at any time, with a new access token, and resume after the last sequence that it has.
 *
 * Around a reconnection in the middle of a turn, an event can arrive twice, or before an earlier one: ignore a sequence
 * that you have, and keep one that is early until the events before it have arrived.
 *
 * Everything that a server sends is data to show, never markup or code: parts of it were written by a model.
 */
import * as z from 'zod';
import { grant } from './event';
import { leaseView } from './lease';
import { PROBLEM_CODES } from './problem';
import { IDEMPOTENCY_KEY, LEASE_ID } from './request';

/** The subprotocol. A server with another version of the protocol has another name. */
export const ASSISTANT_PROTOCOL = 'leasehold.assistant.v1';
/** The access token is offered as a further subprotocol that begins with this prefix. */
export const BEARER_PREFIX = 'bearer.';

/** The subprotocols that a browser offers, in this order. A JWT has only characters that are allowed in them. */
export function assistantProtocols(accessToken: string): readonly [string, string] {
  return [ASSISTANT_PROTOCOL, `${BEARER_PREFIX}${accessToken}`];
}

/** Maximum length of a message of the person, in UTF-16 code units. */
export const LONGEST_MESSAGE = 4000;
/** Maximum length of the text in one event. Servers split longer texts. */
export const LONGEST_TEXT = 8000;
/** Maximum length of a frame that a client sends, in bytes. A server closes the connection at a longer frame. */
export const LONGEST_CLIENT_FRAME = 32_768;
/** Maximum length of a frame that a server sends, in bytes. */
export const LONGEST_SERVER_FRAME = 65_536;
/** Maximum number of events in one conversation. The page then starts a new conversation. */
export const MOST_EVENTS = 100_000;

/** Id of a conversation. The server chooses it; it is not a secret, and only the same person can resume it. */
export const CONVERSATION_ID = /^cv-[0-9a-z]{16,61}$/;

const conversation = z.string().regex(CONVERSATION_ID).describe('Id of the conversation.');
const sequence = z.int().min(1).max(MOST_EVENTS).describe('Number of the event in the conversation, without gaps.');
const after = z.int().min(0).max(MOST_EVENTS);

/** The first message of a connection. */
const resume = z.strictObject({
  type: z.literal('resume'),
  conversation: conversation.optional().describe('The conversation to continue. Default: a new conversation.'),
  after: after
    .optional()
    .describe('Sequence of the last event that the page has; the events after it are sent. Default: 0, all events.'),
});

/** A message of the person. It starts a turn, which ends with `end`. */
const say = z.strictObject({
  type: z.literal('say'),
  id: z
    .string()
    .regex(IDEMPOTENCY_KEY)
    .describe('A new random id for each message. A repeated id is ignored, so that a message can be sent again.'),
  text: z.string().min(1).max(LONGEST_MESSAGE),
});

/** Stops the current turn. Leases that are already issued end at their time, or when somebody revokes them. */
const stop = z.strictObject({ type: z.literal('stop') });

/** What the page sends. */
export const assistantCommand = z.discriminatedUnion('type', [resume, say, stop]);
export type AssistantCommand = z.infer<typeof assistantCommand>;

/** The person's own message, as the server stored it. The first event of a turn. */
const said = z.strictObject({ type: z.literal('said'), id: say.shape.id, text: say.shape.text });

/** A part of the answer, to be appended to the text before it. Written by a model: Markdown that nobody has checked. */
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(LONGEST_TEXT) });

const call = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Id of the tool call. A later event with the same type and the same call replaces the earlier one.');

/** A tool call, when it starts and when it ends. */
const tool = z.strictObject({
  type: z.literal('tool'),
  call,
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  summary: z.string().max(300).describe('One line, written by the code of the tool. Never a credential.'),
  state: z
    .enum(['running', 'done', 'denied', 'failed'])
    .describe('`denied`: the broker or AWS denied it. `failed`: it could not be tried, or the tool is not available.'),
});

/** A lease for which a tool asked, and the broker's decision: the content of a card. */
const lease = z.strictObject({
  type: z.literal('lease'),
  call,
  id: z.string().regex(LEASE_ID).optional().describe('Absent if the broker refused the request without a record.'),
  role: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  parameters: z.record(z.string().max(31), z.string().max(256)).describe('The scope, as the broker bound it.'),
  reason: z.string().max(1000).describe('The reason in the request. CloudTrail also shows it.'),
  state: leaseView.shape.state,
  seconds: grant.unwrap().shape.seconds.optional(),
  expiresAt: leaseView.shape.expiresAt,
  approval: z
    .strictObject({
      humans: z.int().min(0).max(100),
      approvals: z.array(z.string().max(64)).max(100),
      approvers: z.array(z.string().max(64)).max(1000),
      until: z.int(),
    })
    .optional()
    .describe('Present while the lease waits for people. Approvers approve in the console, never in the chat.'),
  code: z.enum(PROBLEM_CODES).optional().describe('Why the broker denied it: one of the codes of a problem.'),
  because: z.string().max(2000).optional().describe('The reason of the denial, or the sentence of the reviewer.'),
  hint: z.string().max(1000).optional().describe('What to do instead.'),
});

/** The end of a turn. */
const end = z.strictObject({
  type: z.literal('end'),
  outcome: z.enum(['done', 'stopped', 'failed']),
  because: z.string().max(500).optional().describe('Why the turn failed or stopped: one sentence.'),
});

/** The content of an event that the server stores, without its place in the conversation. */
export const conversationEntry = z.discriminatedUnion('type', [said, text, tool, lease, end]);
export type ConversationEntry = z.infer<typeof conversationEntry>;

const place = { conversation, sequence };

/** A stored event. `resume` sends it again, unchanged. */
export const conversationEvent = z.discriminatedUnion('type', [
  said.extend(place),
  text.extend(place),
  tool.extend(place),
  lease.extend(place),
  end.extend(place),
]);
export type ConversationEvent = z.infer<typeof conversationEvent>;

/** The answer to `resume`. It is not stored; the stored events follow. */
const opened = z.strictObject({
  type: z.literal('opened'),
  conversation,
  sequence: after.describe('Sequence of the last stored event; 0 in a new conversation.'),
  running: z.boolean().describe('Whether a turn is in progress.'),
  signedInUntil: z
    .int()
    .describe('Seconds since 1970. The server then refuses messages; connect again with a new access token.'),
});

/** Codes of problems. Codes are added, never renamed. */
export const ASSISTANT_PROBLEM_CODES = [
  /** The frame is not a message of this protocol. */
  'malformed',
  /** `resume` must be the first message, and must not be repeated. */
  'out-of-order',
  /** There is no such conversation of this person. */
  'not-found',
  /** A turn is in progress. Wait for `end`, or send `stop`. */
  'turn-running',
  /** The person has sent too many messages, or the conversation is too long. */
  'over-budget',
  /** The access token has expired. Connect again. */
  'sign-in-invalid',
  /** The server could not do it. Try again. */
  'unavailable',
] as const;

/** A message that was not accepted. It is not stored. */
const problem = z.strictObject({
  type: z.literal('problem'),
  conversation: conversation.optional(),
  code: z.enum(ASSISTANT_PROBLEM_CODES),
  message: z.string().max(500).describe('One sentence.'),
  hint: z.string().max(500).describe('One imperative sentence that states what to do instead.'),
});
export type AssistantProblem = z.infer<typeof problem>;

/** What the server sends. */
export const assistantEvent = z.discriminatedUnion('type', [
  opened,
  problem,
  said.extend(place),
  text.extend(place),
  tool.extend(place),
  lease.extend(place),
  end.extend(place),
]);
export type AssistantEvent = z.infer<typeof assistantEvent>;
