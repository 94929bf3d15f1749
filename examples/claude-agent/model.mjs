/** The scripted model, for Claude Code: a local server that streams answers of Anthropic's Messages API. */
import { createServer } from 'node:http';
import { nextMove } from '../support/script.mjs';

const usage = { input_tokens: 1, output_tokens: 1 };

/** The events of one answer. */
function answer({ id, tool, input, text }) {
  const block = tool
    ? { type: 'tool_use', id, name: `mcp__leasehold__${tool}`, input: {} }
    : { type: 'text', text: '' };
  const delta = tool ? { type: 'input_json_delta', partial_json: JSON.stringify(input) } : { type: 'text_delta', text };
  const message = { id: `msg-${id}`, type: 'message', role: 'assistant', model: 'scripted', content: [], usage };
  return [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: tool ? 'tool_use' : 'end_turn' }, usage },
    { type: 'message_stop' },
  ];
}

const server = createServer(async (request, response) => {
  let sent = '';
  for await (const chunk of request) sent += chunk;
  const { tools = [] } = sent === '' ? {} : JSON.parse(sent);
  // Claude Code also asks for a title of the session, without tools.
  const move = tools.length > 0 ? nextMove() : { id: 'title', text: 'Release 1.4.2' };
  response.setHeader('content-type', 'text/event-stream');
  for (const event of answer(move)) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

export const model = {
  env: {
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${server.address().port}`,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  },
  close: () => server.close(),
};
