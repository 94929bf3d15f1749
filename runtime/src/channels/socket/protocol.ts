/**
 * Version 1 of the protocol between an agent and an approver on the approval socket: one JSON message a line.
 *
 * ```text
 * agent     {"leasehold":1,"key":"…","request":{…}}                          on connecting
 * approver  {"key":"…","answer":"approve","approver":"oncall","code":"…"}    or "answer":"deny", without a code
 * agent     {"result":"taken"} | {"result":"refused","because":"…"} | {"result":"over","because":"…"}
 * agent     {"result":"opened","because":"…"} | {"result":"not-opened","because":"…"}    after "taken", when AWS has answered
 * ```
 */
import { strictJson } from '@leasehold/contract/strict-json';
import type { ApprovalRequest, Permission } from '../../approval';

/** Maximum number of bytes in a line from an agent. */
export const LONGEST_QUESTION = 256 * 1024;
/** Maximum number of bytes in a line from an approver. */
export const LONGEST_ANSWER = 1024;

/** The first message of an agent. */
export interface RequestMessage {
  readonly key: string;
  readonly request: ApprovalRequest;
}

/** The message of an approver. A code has six digits; a denial has no code. */
export interface Answer {
  readonly key: string;
  readonly answer: 'approve' | 'deny';
  readonly approver: string;
  readonly code?: string;
}

/**
 * The agent's reply to an answer. `taken` means that the answer was accepted. After `refused`, another answer can be
 * sent; after `over`, no further answer is accepted.
 */
export interface Reply {
  readonly result: (typeof RESULTS)[number];
  /**
   * A sentence for the approver. The sentence comes from the agent's process, so it must be escaped when it is shown.
   */
  readonly because?: string;
}

const RESULTS = ['taken', 'refused', 'over', 'opened', 'not-opened'] as const;

/** Encodes a message as one line. */
export function encode(message: (RequestMessage & { readonly leasehold: 1 }) | Answer | Reply): string {
  return `${JSON.stringify(message)}\n`;
}

/** Parses the first message of an agent. Returns `undefined` if the message does not match this version. */
export function readAsked(line: string): RequestMessage | undefined {
  try {
    const { leasehold, key, request } = object(strictJson(line));
    return leasehold === 1 ? { key: text(key), request: readRequest(object(request)) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Parses an approver's message. Returns `undefined`, without a reason, if the message is invalid: the line may
 * contain a code.
 */
export function readAnswer(line: string): Answer | undefined {
  try {
    const { key, answer, approver, code } = object(strictJson(line));
    if (answer !== 'approve' && answer !== 'deny') return undefined;
    return { key: text(key), answer, approver: text(approver), ...(code === undefined ? {} : { code: text(code) }) };
  } catch {
    return undefined;
  }
}

/** Parses an agent's reply. An invalid reply counts as `over`. */
export function readReply(line: string): Reply {
  try {
    const { result, because } = object(strictJson(line));
    const known = RESULTS.find((each) => each === result);
    if (known === undefined) return { result: 'over' };
    return { result: known, ...(because === undefined ? {} : { because: text(because) }) };
  } catch {
    return { result: 'over' };
  }
}

function readRequest(raw: Readonly<Record<string, unknown>>): ApprovalRequest {
  return {
    id: text(raw.id),
    role: text(raw.role),
    roleArn: text(raw.roleArn),
    purpose: text(raw.purpose),
    project: text(raw.project),
    environment: text(raw.environment),
    account: text(raw.account),
    agent: text(raw.agent),
    reason: text(raw.reason),
    ...(raw.command === undefined ? {} : { command: list(raw.command, text) }),
    parameters: entries(raw.parameters, text),
    permissions: list(raw.permissions, readPermission),
    ...(raw.notices === undefined ? {} : { notices: list(raw.notices, text) }),
    durationSeconds: amount(raw.durationSeconds),
    expiresAt: date(raw.expiresAt),
    answerBy: date(raw.answerBy),
    approvers: list(raw.approvers, text),
  };
}

function readPermission(raw: unknown): Permission {
  const { effect, actions, resources, conditions } = object(raw);
  if (effect !== 'Allow' && effect !== 'Deny') throw new TypeError('no effect');
  return {
    effect,
    actions: list(actions, text),
    resources: list(resources, text),
    conditions: entries(conditions, (keys) => entries(keys, (values) => list(values, text))),
  };
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}

function amount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('no number');
  return value;
}

function date(value: unknown): Date {
  const read = new Date(text(value));
  if (Number.isNaN(read.getTime())) throw new TypeError('no date');
  return read;
}

function list<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value.map((item) => read(item));
}

function entries<T>(value: unknown, read: (item: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(object(value)).map(([key, item]) => [key, read(item)]));
}
