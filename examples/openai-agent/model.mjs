/** The scripted model, for the OpenAI Agents SDK. */
import { Usage } from '@openai/agents-core';
import { nextMove } from '../support/script.mjs';

export const model = {
  getResponse: async () => {
    const { id: callId, tool: name, input, text } = nextMove();
    const call = { type: 'function_call', callId, name, arguments: JSON.stringify(input), status: 'completed' };
    const content = [{ type: 'output_text', text }];
    const message = { type: 'message', role: 'assistant', status: 'completed', content };
    return { usage: new Usage(), output: [name ? call : message] };
  },
};
