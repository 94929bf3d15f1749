/** Anthropic's Messages API, as far as a reviewer speaks to it. */

import type { Check, Json } from './double';
import { ANSWER, KEY } from './question';

/** A message that calls the tool with this input. */
export function toolUse(input: unknown = ANSWER, overrides: object = {}): Json {
  return message([{ type: 'tool_use', id: 'toolu_01', name: 'answer', input }], 'tool_use', overrides);
}

/** A message with this content. */
export function message(content: readonly unknown[], stop: string, overrides: object = {}): Json {
  return {
    body: {
      id: 'msg_01',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content,
      stop_reason: stop,
      stop_sequence: null,
      usage: { input_tokens: 812, output_tokens: 96 },
      ...overrides,
    },
  };
}

/** An error as Anthropic words it. */
export function anthropicError(status: number, type: string, text: string): Json {
  return { status, body: { type: 'error', error: { type, message: text }, request_id: 'req_01' } };
}

/** @param refuses What the model does not take, with its words. */
export function anthropicCheck(key: string = KEY, refuses: Readonly<Record<string, string>> = {}): Check {
  const invalid = (text: string) => anthropicError(400, 'invalid_request_error', text);
  return ({ method, path, headers, json }) => {
    if (method !== 'POST' || path !== '/v1/messages') return anthropicError(404, 'not_found_error', `no ${path}`);
    if (headers['anthropic-version'] !== '2023-06-01') return invalid('anthropic-version: header is required');
    if (headers['x-api-key'] !== key) return anthropicError(401, 'authentication_error', 'invalid x-api-key');
    if (!Number.isInteger(json.max_tokens)) return invalid('max_tokens: Field required');
    if ('temperature' in json && refuses.temperature !== undefined) return invalid(refuses.temperature);
    if (json.tool_choice.type === 'tool' && refuses.toolChoice !== undefined) return invalid(refuses.toolChoice);
    const roles = json.messages.map(({ role }: { role: string }) => role).join(' ');
    if (!/^user( assistant user)*$/.test(roles)) return invalid(`messages: ${roles}`);
    const [tool] = json.tools;
    if (tool.input_schema.type !== 'object') return invalid('tools.0.custom.input_schema.type: Field required');
    if (json.tool_choice.type === 'tool' && json.tool_choice.name !== tool.name) {
      return invalid(`Tool '${json.tool_choice.name}' not found in provided tools`);
    }
    return undefined;
  };
}
