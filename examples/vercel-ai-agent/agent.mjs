/**
 * An agent of the Vercel AI SDK with one tool for each role. Each call of a tool gets a lease of its own. Replace the
 * scripted model with a model of a provider.
 */
import { readManifest, toolsFor } from '@leasehold/runtime';
import { generateText, jsonSchema, stepCountIs, tool } from 'ai';
import { leasedTool } from '../support/leased-tool.mjs';
import { model } from './model.mjs';

const manifest = readManifest(process.env.LEASEHOLD_MANIFEST);
const tools = toolsFor(manifest, { roles: ['s3-deploy', 'cloudwatch-read'] })
  .map(leasedTool)
  .map(({ name, description, inputSchema, execute }) => [
    name,
    tool({ description, inputSchema: jsonSchema(inputSchema), execute }),
  ]);

const { text, steps } = await generateText({
  model,
  tools: Object.fromEntries(tools),
  stopWhen: stepCountIs(10),
  prompt: 'Upload release 1.4.2.',
});
for (const { output } of steps.flatMap(({ toolResults }) => toolResults)) process.stdout.write(`tool: ${output}\n`);
process.stdout.write(`ai: ${text}\n`);
