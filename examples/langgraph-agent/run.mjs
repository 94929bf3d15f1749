/** The LangGraph agent, on the sandbox: first its task, then what happens when it is talked into more. */
import { join } from 'node:path';
import { onTheSandbox, root, run } from '../support/on-the-sandbox.mjs';

const agent = join(root, 'examples', 'langgraph-agent', 'agent.mjs');

await onTheSandbox(async ({ env }) => {
  for (const script of ['task', 'astray']) {
    process.stdout.write(`\n${script}\n`);
    await run(process.execPath, [agent, script], env);
  }
});
