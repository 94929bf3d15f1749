/** The TypeScript agent, on the sandbox. */
import { join } from 'node:path';
import { onTheSandbox, root, run } from '../support/on-the-sandbox.mjs';

await onTheSandbox(({ env }) =>
  run(process.execPath, ['--import', 'tsx', join(root, 'examples', 'typescript-agent', 'agent.ts')], env),
);
