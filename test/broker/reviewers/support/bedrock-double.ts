/**
 * Bedrock's Converse, as far as a reviewer speaks to it: REST-JSON over HTTP/2, signed with SigV4, errors named in
 * `x-amzn-errortype`.
 */

import type { Check, Json } from './double';
import { ANSWER } from './question';

/** An answer that calls the tool with this input. */
export function toolUse(input: unknown = ANSWER): Json {
  return converse([{ toolUse: { toolUseId: 'tooluse_01', name: 'answer', input } }], 'tool_use');
}

/** An answer with this content. */
export function converse(content: readonly unknown[], stopReason: string): Json {
  return {
    body: {
      metrics: { latencyMs: 912 },
      output: { message: { role: 'assistant', content } },
      stopReason,
      usage: { inputTokens: 812, outputTokens: 96, totalTokens: 908 },
    },
  };
}

/** An error as AWS words it. */
export function bedrockError(status: number, name: string, text: string): Json {
  const type = `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
  return { status, headers: { 'x-amzn-errortype': type }, body: { message: text } };
}

/** @param refuses What the model does not take, with its words. */
export function bedrockCheck(model: string, refuses: Readonly<Record<string, string>> = {}): Check {
  const invalid = (text: string) => bedrockError(400, 'ValidationException', text);
  return ({ method, path, headers, json }) => {
    if (method !== 'POST' || path !== `/model/${encodeURIComponent(model)}/converse`) {
      return bedrockError(404, 'ResourceNotFoundException', `no ${path}`);
    }
    if (!SIGNED.test(headers.authorization ?? '')) {
      return bedrockError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    }
    if ('temperature' in json.inferenceConfig && refuses.temperature !== undefined) return invalid(refuses.temperature);
    if ('toolChoice' in json.toolConfig && refuses.toolChoice !== undefined) return invalid(refuses.toolChoice);
    const roles = json.messages.map(({ role }: { role: string }) => role).join(' ');
    if (!/^user( assistant user)*$/.test(roles))
      return invalid('A conversation must alternate between user and assistant');
    const { json: schema } = json.toolConfig.tools[0].toolSpec.inputSchema;
    const more = Object.keys(schema).filter((key) => !['type', 'properties', 'required'].includes(key));
    if (schema.type !== 'object' || more.length > 0) return invalid(`toolConfig.tools.0: ${more.join(', ')}`);
    return undefined;
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=[a-z0-9:;-]+, Signature=[0-9a-f]{64}$/;
