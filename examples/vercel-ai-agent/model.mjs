/** The scripted model, for the Vercel AI SDK. */
import { MockLanguageModelV3 } from 'ai/test';
import { nextMove } from '../support/script.mjs';

const tokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0, text: 1, reasoning: 0 };

export const model = new MockLanguageModelV3({
  doGenerate: async () => {
    const { id, tool, input, text } = nextMove();
    const call = { type: 'tool-call', toolCallId: id, toolName: tool, input: JSON.stringify(input) };
    return {
      content: [tool ? call : { type: 'text', text }],
      finishReason: { unified: tool ? 'tool-calls' : 'stop', raw: undefined },
      usage: { inputTokens: tokens, outputTokens: tokens },
      warnings: [],
    };
  },
});
