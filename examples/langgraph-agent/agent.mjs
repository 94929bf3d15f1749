/**
 * A LangGraph agent with one tool for each role. Each call of a tool gets a lease of its own. Replace the scripted model
 * with a chat model of LangChain.
 */
import { HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { readManifest, toolsFor } from '@leasehold/runtime';
import { leasedTool } from '../support/leased-tool.mjs';
import { model } from './model.mjs';

const manifest = readManifest(process.env.LEASEHOLD_MANIFEST);
const tools = toolsFor(manifest, { agent: process.env.LEASEHOLD_AGENT, roles: ['s3-deploy', 'cloudwatch-read'] })
  .map(leasedTool)
  .map(({ name, description, inputSchema, execute }) => tool(execute, { name, description, schema: inputSchema }));

const agent = createReactAgent({ llm: model, tools });
const { messages } = await agent.invoke({ messages: [new HumanMessage('Upload release 1.4.2.')] });
for (const message of messages) if (message.text) process.stdout.write(`${message.getType()}: ${message.text}\n`);
