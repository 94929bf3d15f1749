/** The agent of the OpenAI Agents SDK, on the sandbox. */
import { runAgent } from '../support/run-agent.mjs';

await runAgent('openai-agent');
