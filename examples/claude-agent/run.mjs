/** The agent of the Claude Agent SDK, on the sandbox. */
import { runAgent } from '../support/run-agent.mjs';

await runAgent('claude-agent');
