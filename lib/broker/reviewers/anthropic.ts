/**
 * A reviewer that uses Anthropic's Messages API with one forced tool call. Sources:
 * https://platform.claude.com/docs/en/api/messages, https://platform.claude.com/docs/en/api/handling-stop-reasons
 */

import type { Reviewer } from '@leasehold/definitions';
import { reviewerLabel, reviewerTarget } from '@leasehold/documents';
import * as z from 'zod';
import type { ReviewerPort } from '../ports';
import { ANSWER_DESCRIPTION, ANSWER_TOOL, MOST_TOKENS, toolSchema } from './answer-form';
import { conceding, TOOL_CONCESSIONS } from './concessions';
import { anyFailure, failure } from './failure';
import type { KeySource } from './key';
import { endpointUrl, postJson } from './post-json';
import { type Prompt, promptOf } from './prompt';

/** Creates the reviewer. @throws TypeError for a URL to which calls are not permitted. */
export function anthropicReviewer(
  reviewer: Extract<Reviewer, { provider: 'anthropic' }>,
  keys: KeySource,
): ReviewerPort {
  const { model, endpoint, timeoutSeconds } = reviewer;
  const url = endpointUrl(endpoint, '/v1/messages');
  const headers = (key: string | undefined) => ({ 'anthropic-version': '2023-06-01', 'x-api-key': key ?? '' });
  const ask = conceding(TOOL_CONCESSIONS, (without, { system, turns }: Prompt, signal: AbortSignal) =>
    postJson(
      { url, keys, headers },
      {
        model,
        max_tokens: MOST_TOKENS,
        ...(without.has('temperature') ? {} : { temperature: 0 }),
        system,
        messages: turns.map(({ role, text }) => ({ role, content: text })),
        tools: [{ name: ANSWER_TOOL, description: ANSWER_DESCRIPTION, input_schema: toolSchema() }],
        tool_choice: without.has('toolChoice') ? { type: 'auto' } : { type: 'tool', name: ANSWER_TOOL },
      },
      signal,
    ),
  );
  return {
    model: reviewerLabel(reviewer),
    target: reviewerTarget(reviewer),
    async review(question, feedback) {
      try {
        return inputOf(await ask(promptOf(question, feedback), AbortSignal.timeout(timeoutSeconds * 1000)));
      } catch (error) {
        throw anyFailure(error);
      }
    },
  };
}

const message = z.object({
  stop_reason: z.string(),
  content: z.array(z.object({ type: z.string(), name: z.unknown().optional(), input: z.unknown().optional() })),
});

function inputOf(answer: unknown): unknown {
  const read = message.safeParse(answer);
  if (!read.success) throw failure('nonsense', 'its answer contains no message');
  const { stop_reason: stop, content } = read.data;
  if (stop === 'refusal') throw failure('refused', 'the model refused');
  const calls = content.filter(({ type }) => type === 'tool_use');
  const [call] = calls;
  if (stop !== 'tool_use' || calls.length !== 1 || call?.name !== ANSWER_TOOL) {
    throw failure('nonsense', 'the model did not call the tool once, and to its end');
  }
  return call.input;
}
