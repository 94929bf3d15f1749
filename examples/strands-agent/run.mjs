/** The Strands agent, on the sandbox. */
import { runAgent } from '../support/run-agent.mjs';

await runAgent('strands-agent');
