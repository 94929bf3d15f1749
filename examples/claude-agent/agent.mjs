/**
 * An agent of the Claude Agent SDK with one tool for each role, on an MCP server in this process. Each call of a tool gets a
 * lease of its own. Replace `model.env` with your key of Anthropic.
 */
import { createSdkMcpServer, query, tool } from '@anthropic-ai/claude-agent-sdk';
import { readManifest, toolsFor } from '@leasehold/runtime';
import { z } from 'zod';
import { leasedTool } from '../support/leased-tool.mjs';
import { model } from './model.mjs';

const manifest = readManifest(process.env.LEASEHOLD_MANIFEST);
const tools = toolsFor(manifest, { roles: ['s3-deploy', 'cloudwatch-read'] })
  .map(leasedTool)
  .map(({ name, description, inputSchema, execute }) =>
    tool(name, description, z.fromJSONSchema(inputSchema).shape, async (input) => ({
      content: [{ type: 'text', text: await execute(input) }],
    })),
  );

const options = {
  mcpServers: { leasehold: createSdkMcpServer({ name: 'leasehold', tools }) },
  allowedTools: ['mcp__leasehold'],
  tools: [], // none of Claude Code's own: no shell, no files
  settingSources: [],
  persistSession: false,
  env: { PATH: process.env.PATH, HOME: process.env.HOME, ...model.env }, // no variable of AWS for Claude Code
};
for await (const { type, message, result } of query({ prompt: 'Upload release 1.4.2.', options })) {
  if (type === 'result') process.stdout.write(`ai: ${result}\n`);
  if (type !== 'user') continue;
  for (const { content } of message.content) process.stdout.write(`tool: ${content[0]?.text ?? content}\n`);
}
model.close();
