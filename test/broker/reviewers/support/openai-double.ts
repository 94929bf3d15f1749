/**
 * OpenAI's chat completions, as far as a reviewer speaks to them: what they demand of a request, and the shapes of
 * what they answer.
 */

import type { Check, Json, Received } from './double';
import { ANSWER, KEY } from './question';

/** A completion with this content. */
export function completion(content: unknown, overrides: object = {}): Json {
  const message = { role: 'assistant', content, refusal: null };
  return {
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'gpt-test',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop', ...overrides }],
      usage: { prompt_tokens: 812, completion_tokens: 96, total_tokens: 908 },
    },
  };
}

/** An answer in structured output: parameters as pairs. */
export function structured({ parameters, ...rest }: Record<string, unknown> = ANSWER): string {
  const pairs = Object.entries(parameters as object).map(([name, value]) => ({ name, value }));
  return JSON.stringify({ ...rest, parameters: pairs });
}

/** An error as OpenAI words it. */
export function openaiError(status: number, code: string | null, message: string, param: string | null = null): Json {
  return { status, body: { error: { message, type: 'invalid_request_error', param, code } } };
}

const FIELDS = [
  'model',
  'messages',
  'response_format',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'n',
  'stream',
];

/** @param key What it takes; `null` where it asks for none. @param refuses Parameters that the model does not take. */
export function openaiCheck(key: string | null = KEY, refuses: readonly string[] = []): Check {
  return (request) => {
    const { method, path, headers, json } = request;
    if (method !== 'POST' || path !== '/v1/chat/completions') return openaiError(404, null, `no ${method} ${path}`);
    if (key !== null && headers.authorization !== `Bearer ${key}`) {
      return openaiError(401, 'invalid_api_key', `Incorrect API key provided: ${headers.authorization}`);
    }
    for (const field of Object.keys(json)) {
      if (!FIELDS.includes(field))
        return openaiError(400, 'unknown_parameter', `Unknown parameter: '${field}'.`, field);
      if (refuses.includes(field)) {
        return openaiError(400, 'unsupported_parameter', `Unsupported parameter: '${field}' with this model.`, field);
      }
    }
    return wrongMessages(request) ?? wrongFormat(json.response_format);
  };
}

function wrongMessages({ json }: Received): Json | undefined {
  const roles = json.messages.map(({ role }: { role: string }) => role).join(' ');
  if (/^system user( assistant user)*$/.test(roles)) return undefined;
  return openaiError(400, null, `messages in a wrong order: ${roles}`, 'messages');
}

/** The rules of structured output: https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas */
// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema
function wrongFormat(format: any): Json | undefined {
  const wrong = (what: string) =>
    openaiError(400, 'invalid_json_schema', `Invalid schema for response_format 'answer': ${what}`, 'response_format');
  if (format?.type !== 'json_schema' || format.json_schema?.strict !== true) return wrong('not strict');
  if (!/^[\w-]{1,64}$/.test(format.json_schema.name)) return wrong('no name');
  const found = wrongSchema(format.json_schema.schema);
  return found === undefined ? undefined : wrong(found);
}

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema
function wrongSchema(schema: any): string | undefined {
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.includes(keyword));
  if (unknown !== undefined) return `'${unknown}' is not permitted.`;
  if (schema.type === 'array') return wrongSchema(schema.items);
  if (schema.type !== 'object') return undefined;
  if (schema.additionalProperties !== false)
    return "'additionalProperties' is required to be supplied and to be false.";
  const keys = Object.keys(schema.properties);
  if (keys.some((key) => !schema.required.includes(key))) return "'required' must include every key in properties.";
  return Object.values(schema.properties)
    .map(wrongSchema)
    .find((wrong) => wrong !== undefined);
}

const KEYWORDS = [
  ...['type', 'description', 'enum', 'properties', 'required', 'additionalProperties', 'items'],
  ...['minItems', 'maxItems', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
];
