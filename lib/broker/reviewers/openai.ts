/**
 * A reviewer that uses an OpenAI-compatible API on any server: chat completions with structured output. Sources:
 * https://developers.openai.com/api/docs/api-reference/chat/create,
 * https://developers.openai.com/api/docs/guides/structured-outputs
 */

import { defined } from '@leasehold/contract/defined';
import type { Reviewer } from '@leasehold/definitions';
import { reviewerLabel, reviewerTarget } from '@leasehold/documents';
import * as z from 'zod';
import type { ReviewerPort } from '../ports';
import { ANSWER_TOOL, fromStrict, MOST_TOKENS, strictSchema } from './answer-form';
import { conceding } from './concessions';
import { anyFailure, failure } from './failure';
import type { KeySource } from './key';
import { endpointUrl, postJson, readJson } from './post-json';
import { type Prompt, promptOf } from './prompt';

/**
 * Creates the reviewer. Without `keys`, no key is sent.
 * @throws TypeError for a URL to which calls are not permitted.
 */
export function openaiReviewer(
  reviewer: Extract<Reviewer, { provider: 'openai' }>,
  keys: KeySource | undefined,
): ReviewerPort {
  const { model, endpoint, timeoutSeconds } = reviewer;
  const url = endpointUrl(endpoint, '/chat/completions');
  const headers = (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { authorization: `Bearer ${key}` };
  const refusal = (body: unknown) =>
    filtered.safeParse(body).success ? failure('refused', 'its content filter rejected the request') : undefined;
  const server = { url, ...defined({ keys }), headers, refusal };
  const ask = conceding(NOT_EVERYWHERE, (without, { system, turns }: Prompt, signal: AbortSignal) =>
    postJson(
      server,
      {
        model,
        messages: [{ role: 'system', content: system }, ...turns.map(({ role, text }) => ({ role, content: text }))],
        response_format: {
          type: 'json_schema',
          json_schema: { name: ANSWER_TOOL, strict: true, schema: strictSchema() },
        },
        [without.has('maxCompletionTokens') ? 'max_tokens' : 'max_completion_tokens']: MOST_TOKENS,
        ...(without.has('temperature') ? {} : { temperature: 0 }),
        n: 1,
        stream: false,
      },
      signal,
    ),
  );
  return {
    model: reviewerLabel(reviewer),
    target: reviewerTarget(reviewer),
    async review(question, feedback) {
      try {
        const answer = await ask(promptOf(question, feedback), AbortSignal.timeout(timeoutSeconds * 1000));
        return fromStrict(contentOf(answer));
      } catch (error) {
        throw anyFailure(error);
      }
    },
  };
}

/**
 * Options that some models or servers reject. Reasoning models do not accept a temperature. Some servers support the
 * token limit only under its older name.
 */
const NOT_EVERYWHERE = { temperature: /temperature/i, maxCompletionTokens: /max_completion_tokens/i } as const;

/** A refusal by a content filter, which Azure reports with status 400. */
const filtered = z.object({ error: z.object({ code: z.enum(['content_filter', 'content_policy_violation']) }) });

const completion = z.object({
  choices: z.tuple([
    z.object({
      finish_reason: z.string(),
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
    }),
  ]),
});

function contentOf(answer: unknown): unknown {
  const read = completion.safeParse(answer);
  if (!read.success) throw failure('nonsense', 'its answer contains no completion');
  const [{ finish_reason: finish, message }] = read.data.choices;
  if (typeof message.refusal === 'string' || finish === 'content_filter') throw failure('refused', 'the model refused');
  if (finish !== 'stop') throw failure('nonsense', 'the answer was incomplete');
  const content = readJson(message.content ?? '');
  if (content === undefined) throw failure('nonsense', 'the answer is not JSON');
  return content;
}
