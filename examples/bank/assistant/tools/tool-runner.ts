/**
 * Runs tools: asks the broker for the lease, and works with it. It gets the person's token and the model's input, and
 * returns rows and the lease without credentials. In AWS it is a function of its own, whose role can only ask the broker.
 */
import { createHash } from 'node:crypto';
import type { LeaseView } from '@leasehold/contract';
import type { ConversationEntry } from '@leasehold/contract/assistant';
import { defined } from '@leasehold/contract/defined';
import { LeaseError } from '@leasehold/runtime';
import { type BrokerClient, BrokerProblem, type RequestedLease } from '@leasehold/runtime/broker';
import type { AccessToken } from '../core/person';
import type { BankTool, LeasedTables, LeaseOrder, Row } from './bank-tool';
import { bankTools } from './index';

/** One call of a tool. Everything except the token was chosen by the model, and is not trusted. */
export interface ToolCall {
  readonly token: AccessToken;
  /** Names the call once and for all: a repeated call asks for the same lease. */
  readonly key: string;
  readonly tool: string;
  readonly input: unknown;
}

/** The content of a card, without the id of the call. */
export type LeaseCard = Omit<Extract<ConversationEntry, { type: 'lease' }>, 'type' | 'call'>;

export interface ToolProgress {
  /** Undefined if the broker was not asked. */
  readonly card?: LeaseCard;
  readonly outcome:
    | { readonly kind: 'waiting'; readonly lease: string; readonly sequence: number }
    | { readonly kind: 'done'; readonly rows: readonly Row[] }
    | { readonly kind: 'denied' | 'failed'; readonly because: string };
}

export interface ToolRunner {
  start(call: ToolCall): Promise<ToolProgress>;
  /** Waits some seconds for a change of the lease after an event, and goes on when it was approved. */
  proceed(call: ToolCall, lease: string, after: number): Promise<ToolProgress>;
}

export interface ToolRunnerDeps {
  /** The broker, as the assistant's own identity calls it. */
  readonly assistant: BrokerClient;
  /** The broker, as a person who signed in calls it. */
  readonly person: (token: AccessToken) => BrokerClient;
  /** The tables, with the credentials of a lease. */
  readonly tables: (credentials: NonNullable<RequestedLease['credentials']>) => LeasedTables;
  /** Seconds for which {@link ToolRunner.proceed} waits. @default 20 */
  readonly wait?: number;
}

/** Maximum number of rows that the model gets. */
const MOST_ROWS = 50;

export function toolRunner(deps: ToolRunnerDeps): ToolRunner {
  const { wait = 20 } = deps;
  const brokerFor = ({ as }: LeaseOrder, token: AccessToken) =>
    as === 'assistant' ? deps.assistant : deps.person(token);

  /** Works with a lease whose credentials are here. They go no further. */
  async function work({ tool, input }: Checked, { lease, credentials }: RequestedLease): Promise<ToolProgress> {
    const card = cardOf(lease);
    if (lease.state === 'pending') {
      return { card, outcome: { kind: 'waiting', lease: lease.id, sequence: lease.sequence } };
    }
    if (credentials === undefined || lease.grant === undefined) {
      return { card, outcome: { kind: 'denied', because: lease.because ?? `The lease is ${lease.state}.` } };
    }
    try {
      const rows = await tool.work(deps.tables(credentials), lease.grant.parameters, input);
      return { card, outcome: { kind: 'done', rows: rows.slice(0, MOST_ROWS) } };
    } catch (error) {
      return { card, outcome: refusalOfAws(error) };
    }
  }

  return {
    async start(call) {
      const checked = check(call);
      if ('because' in checked) return { outcome: { kind: 'failed', because: checked.because } };
      const { order, reason } = checked;
      const { as, role, parameters, actions, command } = order;
      const subjectToken = as === 'assistant' ? call.token.reveal() : undefined;
      const body = {
        role,
        parameters: { ...parameters },
        reason,
        ...defined({ actions: actions && [...actions], command, subjectToken }),
      };
      const idempotencyKey = createHash('sha256').update(call.key).digest('hex');
      try {
        return await work(checked, await brokerFor(order, call.token).request(body, { idempotencyKey }));
      } catch (error) {
        return refusalOfBroker(error, { role, parameters, reason });
      }
    },
    async proceed(call, lease, after) {
      const checked = check(call);
      if ('because' in checked) return { outcome: { kind: 'failed', because: checked.because } };
      const { role, parameters } = checked.order;
      const broker = brokerFor(checked.order, call.token);
      try {
        const view = await broker.status(lease, { wait, after });
        if (view.state !== 'approved') return await work(checked, { lease: view });
        return await work(checked, await broker.collect(lease));
      } catch (error) {
        return refusalOfBroker(error, { id: lease, role, parameters, reason: checked.reason });
      }
    },
  };
}

/** A call whose input fits the tool. */
interface Checked {
  readonly tool: BankTool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly order: LeaseOrder;
  readonly reason: string;
}

function check({ tool: name, input }: ToolCall): Checked | { readonly because: string } {
  const tool = bankTools.find((each) => each.name === name);
  if (tool === undefined) return { because: 'There is no such tool.' };
  const { success, data } = tool.input.safeParse(input);
  if (!success) return { because: 'The input does not fit the tool.' };
  return { tool, input: data, order: tool.order(data), reason: String(data.reason) };
}

/** The lease as a card shows it. */
export function cardOf({ id, state, grant, approval, expiresAt, because, code, review }: LeaseView): LeaseCard {
  return {
    id,
    role: grant?.role ?? 'unknown',
    parameters: { ...grant?.parameters },
    reason: grant?.reason ?? '',
    state,
    ...defined({
      seconds: grant?.seconds,
      expiresAt,
      approval: state === 'pending' ? approval : undefined,
      code: code as LeaseCard['code'],
      because: (because ?? review?.sentence)?.slice(0, 2000),
    }),
  };
}

type Asked = Pick<LeaseCard, 'id' | 'role' | 'parameters' | 'reason'>;

function refusalOfBroker(error: unknown, asked: Asked): ToolProgress {
  if (error instanceof BrokerProblem && !NO_DECISION.has(error.problem.code)) {
    const { code, lease } = error.problem;
    const state = code === 'lapsed' || code === 'expired' || code === 'revoked' ? code : 'denied';
    const card = { ...asked, ...defined({ id: asked.id ?? lease }), state, code } as const;
    const because = error.message.slice(0, 2000);
    return { card: { ...card, because, hint: error.hint.slice(0, 1000) }, outcome: { kind: 'denied', because } };
  }
  if (error instanceof LeaseError) return { outcome: { kind: 'failed', because: error.message } };
  throw error;
}

/** Codes that say nothing about the lease. */
const NO_DECISION: ReadonlySet<string> = new Set(['sign-in-invalid', 'busy', 'unavailable', 'malformed']);

/** AWS's own refusal, which names no credential. Other errors are not shown: they may quote anything. */
function refusalOfAws(error: unknown): { readonly kind: 'denied' | 'failed'; readonly because: string } {
  const name = error instanceof Error ? error.name : '';
  if (name === 'AccessDeniedException')
    return { kind: 'denied', because: 'AWS denied the call: the lease does not cover it.' };
  if (name === 'ConditionalCheckFailedException') return { kind: 'failed', because: 'There is such an entry already.' };
  return { kind: 'failed', because: 'The table could not be read or written.' };
}
