/** Reads Bedrock's response: the input of the tool call, or the reason why there was no tool call. */
import { Readable } from 'node:stream';
import type { BedrockRuntimeClient, ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import { CallFailed } from '../outbound/bounded-call';
import { ReviewerFailed } from '../port-errors';
import { ANSWER_TOOL } from './answer-form';
import { NotTaken } from './concessions';
import { callFailure, failure, statusFailure } from './failure';
import { readJson } from './post-json';

export type BedrockAnswer = Pick<ConverseCommandOutput, 'stopReason' | 'output'>;

/** Maximum size of a response in bytes. A reviewer's answer is far smaller. */
const MOST_BYTES = 256 * 1024;

/** The input of the only tool call. @throws {ReviewerFailed} if there is no tool call. */
export function inputOf({ stopReason, output }: BedrockAnswer): unknown {
  if (stopReason !== undefined && REFUSALS.has(stopReason)) throw failure('refused', `it stopped: ${stopReason}`);
  const content = output?.message?.content;
  const calls = Array.isArray(content)
    ? content.flatMap(({ toolUse }) => (toolUse === undefined ? [] : [toolUse]))
    : [];
  const [call] = calls;
  if (stopReason !== 'tool_use' || calls.length !== 1 || call?.name !== ANSWER_TOOL) {
    throw failure('nonsense', 'the model did not call the tool once, and to its end');
  }
  return call.input;
}

const REFUSALS: ReadonlySet<string> = new Set(['guardrail_intervened', 'content_filtered', 'refusal']);

/** Maps the name of a Bedrock error to the reason for the failure. */
export function bedrockFailure(error: unknown, signal: AbortSignal): ReviewerFailed | NotTaken {
  // Checked first, because an aborted answer can look like an answer that ended early.
  if (signal.aborted) return failure('timeout', 'it did not answer in time');
  if (error instanceof ReviewerFailed) return error;
  if (error instanceof CallFailed) return callFailure(error);
  if (!(error instanceof Error)) return failure('unavailable', 'something was thrown');
  const status = statusOf(error);
  if (error.name === 'ValidationException') return new NotTaken(error.message);
  if (THROTTLED.has(error.name)) return failure('throttled', error.name);
  if (error.name === 'ModelTimeoutException') return failure('timeout', error.name);
  if (status === 200) return failure('nonsense', 'its answer is not a Converse response');
  return status === undefined ? failure('unavailable', error.name) : statusFailure(status);
}

const THROTTLED: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'ServiceQuotaExceededException',
]);

/** Whether the connection broke before the response. The SDK reports a lost HTTP/2 stream as `TimeoutError`. */
export function wasCutOff(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CallFailed || statusOf(error) !== undefined) return false;
  if (error.name === 'TimeoutError') return true;
  return 'code' in error && typeof error.code === 'string' && error.code !== 'ECONNREFUSED';
}

function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: unknown } | undefined) : undefined;
  return typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Makes a client stop reading a response that is too long, and reject an ambiguous one. */
export function limitAnswers(stack: BedrockRuntimeClient['middlewareStack']): void {
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown; statusCode?: unknown };
      if (response.body instanceof Readable) {
        response.body = Readable.from(limited(response.body, response.statusCode === 200), { objectMode: false });
      }
      return result;
    },
    // Placed next to the connection, before any other code reads the response.
    { name: 'limitAnswers', step: 'deserialize', priority: 'low' },
  );
}

/**
 * Rejects a response that can be interpreted in two ways. The SDK itself accepts duplicate keys and uses the last one.
 */
async function* limited(body: AsyncIterable<Uint8Array>, isAnswer: boolean): AsyncIterable<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw new CallFailed('too-large');
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  if (isAnswer && readJson(whole.toString('utf8'), { numbersBelow: 'input' }) === undefined) {
    throw failure('nonsense', 'its answer is not JSON, or is ambiguous JSON');
  }
  yield whole;
}
