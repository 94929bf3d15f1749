/** The schema of the model that reviews requests. */
import * as z from 'zod';
import { documented, durationBetween, mapping, region, say, template } from './schema-parts';

const timeout = documented(
  durationBetween('1s', '12s'),
  'Time limit of one answer, from `1s` to `12s`. The model is asked at most twice, and the whole request is limited to 30 seconds. Default: `10s`.',
  { default: '10s' },
).optional();

const A_REVIEWER = 'a reviewer: `{ provider: bedrock, model: … }`';

/** The provider, the model, and how the broker calls it. */
export const reviewer = z.discriminatedUnion(
  'provider',
  [
    mapping(
      {
        provider: documented(
          z.literal('bedrock'),
          "Amazon Bedrock, called with the broker's own role: no key is stored. Required.",
        ),
        model: documented(
          template,
          'Id or ARN of a model or an inference profile. Templates are supported. Required.',
          {
            examples: ['eu.anthropic.claude-sonnet-4-20250514-v1:0'],
          },
        ),
        region: documented(region, "Region of the model. Default: the environment's.").optional(),
        timeout,
      },
      A_REVIEWER,
    ),
    mapping(
      {
        provider: documented(
          z.literal('openai'),
          "A server with OpenAI's API: OpenAI itself, or your own model. Required.",
        ),
        model: documented(template, 'Name of the model. Templates are supported. Required.'),
        endpoint: documented(
          template,
          'Base address, without `/chat/completions`. Templates are supported. Default: `https://api.openai.com/v1`.',
          { default: 'https://api.openai.com/v1' },
        ).optional(),
        key: documented(
          z.boolean(
            say(
              '`true` or `false`',
              'Put the key itself into Secrets Manager. If the key was in a file, generate a new key to replace the old key.',
            ),
          ),
          'Whether the server needs a key, which is stored in Secrets Manager, never in the YAML. Default: `true`.',
          { default: true },
        ).optional(),
        timeout,
      },
      A_REVIEWER,
    ),
    mapping(
      {
        provider: documented(z.literal('anthropic'), "Anthropic's API, with a key in Secrets Manager. Required."),
        model: documented(template, 'Name of the model. Templates are supported. Required.'),
        endpoint: documented(
          template,
          'Base address, without `/v1/messages`. Templates are supported. Default: `https://api.anthropic.com`.',
          { default: 'https://api.anthropic.com' },
        ).optional(),
        timeout,
      },
      A_REVIEWER,
    ),
  ],
  say('one of `bedrock`, `openai`, `anthropic`', 'Write one of them as `provider`.'),
);

/** A reviewer as written. */
export type ReviewerYaml = z.infer<typeof reviewer>;
