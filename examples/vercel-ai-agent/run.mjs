/** The agent of the Vercel AI SDK, on the sandbox. */
import { runAgent } from '../support/run-agent.mjs';

await runAgent('vercel-ai-agent');
