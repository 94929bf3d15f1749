/** Models without a model: each step is decided by a function. */
import type { LanguageModel } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';

/** What a model does next. */
export interface Step {
  readonly text?: string;
  readonly calls?: readonly { readonly tool: string; readonly input: unknown }[];
}

/** What the model was told: the texts of the person, and the results of this turn's tools. */
export interface Told {
  /** The last message of the person. */
  readonly message: string;
  /** The results since that message, in order. */
  readonly results: readonly { readonly tool: string; readonly result: unknown }[];
}

type Stream = Awaited<ReturnType<MockLanguageModelV3['doStream']>>['stream'];
type Part = Stream extends ReadableStream<infer P> ? P : never;
type Prompt = MockLanguageModelV3['doStreamCalls'][number]['prompt'];

const TOKENS = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0, text: 1, reasoning: 0 };

/**
 * A model that a function plays.
 * @param seen Is called with everything that the model gets.
 */
export function mockModel(next: (told: Told) => Step, seen?: (prompt: Prompt, tools: unknown) => void): LanguageModel {
  let calls = 0;
  return new MockLanguageModelV3({
    doStream: async ({ prompt, tools }) => {
      seen?.(prompt, tools);
      const { text = '', calls: wanted = [] } = next(toldIn(prompt));
      const words = text.match(/\S+\s*/g) ?? [];
      const chunks: Part[] = [
        { type: 'stream-start', warnings: [] },
        ...(words.length === 0 ? [] : [{ type: 'text-start', id: 'text' } as const]),
        ...words.map((delta) => ({ type: 'text-delta', id: 'text', delta }) as const),
        ...(words.length === 0 ? [] : [{ type: 'text-end', id: 'text' } as const]),
        ...wanted.map(({ tool, input }): Part => {
          calls += 1;
          return { type: 'tool-call', toolCallId: `call-${calls}`, toolName: tool, input: JSON.stringify(input) };
        }),
        {
          type: 'finish',
          finishReason: { unified: wanted.length === 0 ? 'stop' : 'tool-calls', raw: undefined },
          usage: { inputTokens: TOKENS, outputTokens: TOKENS },
        },
      ];
      return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) };
    },
  });
}

function toldIn(prompt: Prompt): Told {
  const last = prompt.findLastIndex(({ role }) => role === 'user');
  const asked = prompt[last];
  const message =
    asked?.role === 'user' ? asked.content.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';
  const results = prompt
    .slice(last + 1)
    .flatMap((each) =>
      each.role !== 'tool'
        ? []
        : each.content.flatMap((part) =>
            part.type === 'tool-result'
              ? [{ tool: part.toolName, result: 'value' in part.output ? part.output.value : '' }]
              : [],
          ),
    );
  return { message, results };
}
