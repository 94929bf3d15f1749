/**
 * A reviewer on Amazon Bedrock: the Converse API with one forced tool call. It needs no API key. Source:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
import type {
  BedrockRuntimeClient,
  BedrockRuntimeClientConfig,
  ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import type { Reviewer } from '@leasehold/definitions';
import { reviewerLabel, reviewerTarget } from '@leasehold/documents';
import type { ReviewerPort } from '../ports';
import { ANSWER_DESCRIPTION, ANSWER_TOOL, MOST_TOKENS, toolSchema } from './answer-form';
import { type BedrockAnswer, bedrockFailure, inputOf, limitAnswers, wasCutOff } from './bedrock-answer';
import { conceding, NotTaken, TOOL_CONCESSIONS } from './concessions';
import { anyFailure } from './failure';
import { type Prompt, promptOf } from './prompt';

/**
 * @param config Further client settings, for example an endpoint.
 * @default the SDK's defaults.
 */
export function bedrockReviewer(
  reviewer: Extract<Reviewer, { provider: 'bedrock' }>,
  config: BedrockRuntimeClientConfig = {},
): ReviewerPort {
  const { model, region, timeoutSeconds } = reviewer;
  const clients = new Clients({ ...config, region });
  const ask = conceding(TOOL_CONCESSIONS, async (without, prompt: Prompt, signal: AbortSignal) => {
    try {
      return await clients.converse(inputFor(model, prompt, without), signal);
    } catch (error) {
      const failed = bedrockFailure(error, signal);
      if (failed instanceof NotTaken) throw failed;
      if (failed.why === 'timeout') clients.forget();
      throw failed;
    }
  });
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

function inputFor(
  modelId: string,
  { system, turns }: Prompt,
  without: ReadonlySet<keyof typeof TOOL_CONCESSIONS>,
): ConverseCommandInput {
  const json = toolSchema() as NonNullable<unknown>;
  return {
    modelId,
    system: [{ text: system }],
    messages: turns.map(({ role, text }) => ({ role, content: [{ text }] })),
    inferenceConfig: { maxTokens: MOST_TOKENS, ...(without.has('temperature') ? {} : { temperature: 0 }) },
    toolConfig: {
      tools: [{ toolSpec: { name: ANSWER_TOOL, description: ANSWER_DESCRIPTION, inputSchema: { json } } }],
      ...(without.has('toolChoice') ? {} : { toolChoice: { tool: { name: ANSWER_TOOL } } }),
    },
  } as ConverseCommandInput;
}

/**
 * Creates the client when the first question is asked, so that the function's start-up is not delayed by a client that
 * may not be needed.
 */
class Clients {
  readonly #config: BedrockRuntimeClientConfig;
  #client: Promise<BedrockRuntimeClient> | undefined;

  constructor(config: BedrockRuntimeClientConfig) {
    this.#config = config;
  }

  /** Calls Converse. Retries once if the connection broke, which can happen after the function was frozen. */
  async converse(input: ConverseCommandInput, abortSignal: AbortSignal): Promise<BedrockAnswer> {
    const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
    const send = async () => (await this.#loaded()).send(new ConverseCommand(input), { abortSignal });
    return send().catch((error: unknown) => {
      if (abortSignal.aborted || !wasCutOff(error)) throw error;
      return send();
    });
  }

  /** Discards the client, because its connection may hang. The next question then opens a new connection. */
  forget(): void {
    this.#client?.then((client) => client.destroy()).catch(() => {});
    this.#client = undefined;
  }

  #loaded(): Promise<BedrockRuntimeClient> {
    this.#client ??= import('@aws-sdk/client-bedrock-runtime').then(({ BedrockRuntimeClient: Client }) => {
      // After a refusal, the requester is told when to request again. The SDK's own retries would use up the time
      // limit.
      const client = new Client({ ...this.#config, maxAttempts: 1 });
      limitAnswers(client.middlewareStack);
      return client;
    });
    return this.#client;
  }
}
