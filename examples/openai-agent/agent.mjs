/**
 * An agent of the OpenAI Agents SDK with one tool for each role. Each call of a tool gets a lease of its own. Replace the
 * scripted model with the name of a model.
 */
import { readManifest, toolsFor } from '@leasehold/runtime';
import { Agent, run, setTracingDisabled, tool } from '@openai/agents-core';
import { leasedTool } from '../support/leased-tool.mjs';
import { model } from './model.mjs';

setTracingDisabled(true); // traces are sent to OpenAI, with the inputs of every tool

const manifest = readManifest(process.env.LEASEHOLD_MANIFEST);
const tools = toolsFor(manifest, { roles: ['s3-deploy', 'cloudwatch-read'] })
  .map(leasedTool)
  // `strict` is for schemas in which every member is required.
  .map(({ name, description, inputSchema, execute }) =>
    tool({ name, description, parameters: inputSchema, strict: false, execute }),
  );

const agent = new Agent({ name: 'deployer', instructions: 'Upload releases.', model, tools });
const { finalOutput, newItems } = await run(agent, 'Upload release 1.4.2.');
for (const { type, output } of newItems)
  if (type === 'tool_call_output_item') process.stdout.write(`tool: ${output}\n`);
process.stdout.write(`ai: ${finalOutput}\n`);
