/** One turn: the model answers a message, and calls tools. Whatever the model says or calls is untrusted. */
import type { ConversationEntry } from '@leasehold/contract/assistant';
import { clipped } from '@leasehold/contract/text';
import { dynamicTool, type LanguageModel, stepCountIs, streamText } from 'ai';
import { toolsFor } from '../tools';
import type { BankTool } from '../tools/bank-tool';
import type { ToolCall, ToolProgress, ToolRunner } from '../tools/tool-runner';
import type { ConversationStore, Turn } from './conversation-store';
import { historyOf } from './history';
import { instructions } from './instructions';
import type { AccessToken, Person } from './person';
import { type Send, TurnWriter } from './turn-writer';

export interface TurnDeps {
  readonly store: ConversationStore;
  readonly send: Send;
  readonly model: LanguageModel;
  readonly runner: ToolRunner;
  /** Milliseconds until the turn is stopped. @default 14 minutes, because a Lambda function runs for at most 15 */
  readonly longest?: number;
  /** Milliseconds between two looks whether the person wants to stop. @default 1000 */
  readonly poll?: number;
}

/** Maximum number of calls of the model in one turn. */
const MOST_STEPS = 8;
/** Maximum number of tool calls in one turn. */
const MOST_CALLS = 12;
const MINUTES = 60_000;

/** A turn that has begun, for somebody. */
export interface TurnOf {
  readonly turn: Turn;
  readonly person: Person;
  readonly token: AccessToken;
}

/** Runs a turn to its end. */
export async function runTurn(deps: TurnDeps, { turn, person, token }: TurnOf): Promise<void> {
  const writer = new TurnWriter(deps.store, deps.send, turn);
  const tooLong = AbortSignal.timeout(deps.longest ?? 14 * MINUTES);
  const abortSignal = AbortSignal.any([writer.stopped, tooLong]);
  const polling = setInterval(() => void writer.poll(), deps.poll ?? 1000);
  try {
    const calls = new ToolCalls(deps.runner, writer, { turn, token, signal: abortSignal });
    const { fullStream } = streamText({
      model: deps.model,
      system: instructions(person),
      messages: [...historyOf(await deps.store.events(turn.conversation, 0))],
      tools: Object.fromEntries(toolsFor(person.kind).map((tool) => [tool.name, calls.tool(tool)])),
      stopWhen: stepCountIs(MOST_STEPS),
      maxRetries: 1,
      abortSignal,
      // The default writes errors to the console, and they may quote the conversation.
      onError: () => undefined,
    });
    let failed = false;
    for await (const part of fullStream) {
      if (part.type === 'text-delta') writer.text(part.text);
      if (part.type === 'tool-error') calls.refused(part.toolCallId, part.toolName);
      if (part.type === 'error') failed = true;
    }
    await writer.end(ending({ failed, tooLong, stopped: writer.stopped }));
  } catch {
    await writer.end(ending({ failed: true, tooLong, stopped: writer.stopped }));
  } finally {
    clearInterval(polling);
  }
}

type End = Extract<ConversationEntry, { type: 'end' }>;

function ending(of: { readonly failed: boolean; readonly tooLong: AbortSignal; readonly stopped: AbortSignal }): End {
  if (of.tooLong.aborted) return { type: 'end', outcome: 'stopped', because: 'The answer took too long.' };
  if (of.stopped.aborted && of.stopped.reason instanceof RangeError) {
    return { type: 'end', outcome: 'stopped', because: 'The answer was too long.' };
  }
  if (of.stopped.aborted) return { type: 'end', outcome: 'stopped', because: 'You stopped it.' };
  if (of.failed) return { type: 'end', outcome: 'failed', because: 'The model did not answer.' };
  return { type: 'end', outcome: 'done' };
}

interface CallContext {
  readonly turn: Turn;
  readonly token: AccessToken;
  readonly signal: AbortSignal;
}

/** The calls of tools in one turn. */
class ToolCalls {
  readonly #runner: ToolRunner;
  readonly #writer: TurnWriter;
  readonly #context: CallContext;
  /** The model's ids of calls that were tried. */
  readonly #tried = new Set<string>();
  #count = 0;

  constructor(runner: ToolRunner, writer: TurnWriter, context: CallContext) {
    this.#runner = runner;
    this.#writer = writer;
    this.#context = context;
  }

  /** A tool for the model. It gets rows, or the reason of a denial; never a token, and never a credential. */
  tool(tool: BankTool) {
    return dynamicTool({
      description: tool.description,
      inputSchema: tool.input,
      execute: async (input, { toolCallId }) => {
        this.#tried.add(toolCallId);
        return resultFor(await this.#run(tool, input));
      },
    });
  }

  /** A call that the SDK refused: of an unknown tool, or with another input than the tool has. */
  refused(toolCallId: string, name: string): void {
    if (this.#tried.has(toolCallId)) return;
    this.#entry(this.#newCall(), name, 'A call that does not exist', 'failed');
  }

  async #run(tool: BankTool, input: unknown): Promise<ToolProgress> {
    const call = this.#newCall();
    const summary = tool.summary(tool.input.parse(input));
    if (this.#count > MOST_CALLS) {
      this.#entry(call, tool.name, summary, 'failed');
      return { outcome: { kind: 'failed', because: 'Too many tool calls in one answer. Answer with what you have.' } };
    }
    this.#entry(call, tool.name, summary, 'running');
    const { turn, token, signal } = this.#context;
    const toolCall: ToolCall = { token, key: `${turn.conversation} ${turn.id} ${call}`, tool: tool.name, input };
    const progress = await this.#toEnd(toolCall, call, signal).catch(
      (): ToolProgress => ({ outcome: { kind: 'failed', because: 'The tool is not available.' } }),
    );
    const { kind } = progress.outcome;
    this.#entry(call, tool.name, summary, kind === 'waiting' ? 'failed' : kind);
    return progress;
  }

  /** Waits for people as long as the turn lasts. */
  async #toEnd(toolCall: ToolCall, call: string, signal: AbortSignal): Promise<ToolProgress> {
    let progress = await this.#runner.start(toolCall);
    let shown = this.#card(call, progress, '');
    while (progress.outcome.kind === 'waiting' && !signal.aborted) {
      const { lease, sequence } = progress.outcome;
      const next = await Promise.race([this.#runner.proceed(toolCall, lease, sequence), aborted(signal)]);
      if (next === undefined) break;
      progress = next;
      shown = this.#card(call, progress, shown);
    }
    return progress;
  }

  #card(call: string, { card }: ToolProgress, shown: string): string {
    const text = JSON.stringify(card);
    if (card !== undefined && text !== shown) this.#writer.entry({ type: 'lease', call, ...card });
    return text;
  }

  /** The model's own ids are not used: they could replace the card of another call. */
  #newCall(): string {
    this.#count += 1;
    return `${this.#context.turn.sequence}-${this.#count}`;
  }

  #entry(call: string, name: string, summary: string, state: Extract<ConversationEntry, { type: 'tool' }>['state']) {
    const known = /^[a-z][a-z0-9_]{0,63}$/.test(name) ? name : 'unknown';
    this.#writer.entry({ type: 'tool', call, name: known, summary: clipped(summary, 300), state });
  }
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function resultFor({ outcome }: ToolProgress): object {
  switch (outcome.kind) {
    case 'done':
      return { rows: outcome.rows };
    case 'waiting':
      return { waiting: `The lease ${outcome.lease} waits for people. Nothing was done.` };
    default:
      return { [outcome.kind]: outcome.because };
  }
}
