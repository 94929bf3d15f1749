/**
 * A Strands agent with one tool for each role. Each call of a tool gets a lease of its own. Leave out `model` for a model
 * of Amazon Bedrock.
 */
import { readManifest, toolsFor } from '@leasehold/runtime';
import { Agent, tool } from '@strands-agents/sdk';
import { leasedTool } from '../support/leased-tool.mjs';
import { model } from './model.mjs';

const manifest = readManifest(process.env.LEASEHOLD_MANIFEST);
const tools = toolsFor(manifest, { roles: ['s3-deploy', 'cloudwatch-read'] })
  .map(leasedTool)
  .map(({ execute: callback, ...rest }) => tool({ ...rest, callback }));

const agent = new Agent({ model, tools, printer: false });
const { lastMessage } = await agent.invoke('Upload release 1.4.2.');
for (const { type, content } of agent.messages.flatMap((message) => message.content)) {
  if (type === 'toolResultBlock') process.stdout.write(`tool: ${content.map(({ text }) => text).join(' ')}\n`);
}
process.stdout.write(`ai: ${lastMessage.content.map(({ text }) => text).join(' ')}\n`);
