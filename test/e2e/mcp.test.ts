/**
 * The built `leasehold mcp` with the clients of the official SDK, the Vercel AI SDK, the OpenAI Agents SDK and
 * LangChain, each as an agent whose model follows a script, against the sandbox.
 */
import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as AiTransport } from '@ai-sdk/mcp/mcp-stdio';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Agent, MCPServerStdio, type Model, run, setTracingDisabled, Usage } from '@openai/agents-core';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { McpStory } from './support/mcp-story';

const TASK = 'Upload app.js to release 1.4.2, then to release 1.4.3.';
const UPLOADS = [
  ['allowed', '1.4.2/app.js'],
  ['denied', '1.4.3/app.js'],
];

let story: McpStory;
beforeEach(async () => {
  story = await McpStory.open();
});
afterEach(() => story.close());

function expectTold(lastWords: unknown): void {
  expect(story.uploads()).toEqual(UPLOADS);
  expect(story.approver.asked()).toBe(1);
  expect(lastWords).toBe('AWS denied 1.4.3, and I stopped.');
  story.expectNoCredential();
}

it('the official client', async () => {
  const client = new Client({ name: 'model', version: '1' });
  await client.connect(new StdioClientTransport({ ...story.server, stderr: 'ignore' }));
  const shown: unknown[] = [await client.listTools(), client.getInstructions()];
  let move = story.next(shown);
  while ('tool' in move) {
    shown.push(await client.callTool({ name: move.tool, arguments: move.args }));
    move = story.next(shown);
  }
  await client.close();
  expectTold(move.text);
});

it('an agent of the Vercel AI SDK', async () => {
  const client = await createMCPClient({ transport: new AiTransport({ ...story.server, stderr: 'ignore' }) });
  const tokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0, text: 1, reasoning: 0 };
  let calls = 0;
  const model = new MockLanguageModelV3({
    doGenerate: async ({ prompt, tools }) => {
      const move = story.next([prompt, tools]);
      const call = 'tool' in move;
      return {
        content: [
          call
            ? {
                type: 'tool-call',
                toolCallId: `call-${++calls}`,
                toolName: move.tool,
                input: JSON.stringify(move.args),
              }
            : { type: 'text', text: move.text },
        ],
        finishReason: { unified: call ? 'tool-calls' : 'stop', raw: undefined },
        usage: { inputTokens: tokens, outputTokens: tokens },
        warnings: [],
      };
    },
  });
  const { text } = await generateText({
    model,
    tools: await client.tools(),
    stopWhen: stepCountIs(10),
    prompt: TASK,
  });
  await client.close();
  expectTold(text);
});

it('an agent of the OpenAI Agents SDK', async () => {
  setTracingDisabled(true);
  const { command, args, cwd, env } = story.server;
  const server = new MCPServerStdio({ name: 'leasehold', command, args, cwd, env });
  await server.connect();
  let calls = 0;
  const model: Model = {
    getResponse: async (request) => {
      const move = story.next([request.input, request.tools]);
      const output =
        'tool' in move
          ? {
              type: 'function_call' as const,
              callId: `call-${++calls}`,
              name: move.tool,
              arguments: JSON.stringify(move.args),
              status: 'completed' as const,
            }
          : {
              type: 'message' as const,
              role: 'assistant' as const,
              status: 'completed' as const,
              content: [{ type: 'output_text' as const, text: move.text }],
            };
      return { usage: new Usage(), output: [output] };
    },
    getStreamedResponse: () => {
      throw new Error('not needed here');
    },
  };
  const agent = new Agent({ name: 'deployer', instructions: 'Work on AWS.', model, mcpServers: [server] });
  const { finalOutput } = await run(agent, TASK);
  await server.close();
  expectTold(finalOutput);
});

/** A chat model of LangChain that follows the script. */
class ScriptedModel extends BaseChatModel {
  #calls = 0;

  override _llmType(): string {
    return 'scripted';
  }

  override bindTools() {
    return this;
  }

  override async _generate(messages: BaseMessage[]) {
    const move = story.next(messages.map((message) => message.toDict()));
    const message =
      'tool' in move
        ? new AIMessage({
            content: '',
            tool_calls: [{ id: `call-${++this.#calls}`, name: move.tool, args: move.args, type: 'tool_call' }],
          })
        : new AIMessage(move.text);
    return { generations: [{ text: '', message }] };
  }
}

it('an agent of LangGraph with LangChain’s MCP adapter', async () => {
  const { command, args, cwd, env } = story.server;
  const client = new MultiServerMCPClient({
    mcpServers: { leasehold: { transport: 'stdio', command, args, cwd, env } },
  });
  const agent = createReactAgent({ llm: new ScriptedModel({}), tools: await client.getTools() });
  const { messages } = await agent.invoke({ messages: [{ role: 'user', content: TASK }] });
  await client.close();
  expectTold(messages.at(-1)?.content);
});
