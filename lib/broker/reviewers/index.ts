/**
 * The reviewer: a model behind one port, called through one of three provider APIs. The reviewer can deny, narrow or
 * escalate a request, but never widen it.
 */
import type { BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import type { Reviewer } from '@leasehold/definitions';
import type { ReviewerPort } from '../ports';
import { anthropicReviewer } from './anthropic';
import { bedrockReviewer } from './bedrock';
import type { KeySource } from './key';
import { openaiReviewer } from './openai';

export type { KeySource } from './key';

/** The dependencies of a reviewer besides its definition. */
export interface ReviewerDeps {
  /**
   * The source of the API key. The key is read when the first question is asked, and only if the definition specifies a
   * key.
   */
  readonly keys: KeySource;
  /**
   * Further settings for the Bedrock client.
   * @default the SDK's defaults
   */
  readonly bedrock?: BedrockRuntimeClientConfig;
}

/**
 * The reviewer of an environment.
 * @param reviewer `environment.broker.reviewer`
 * @returns `undefined` if the environment has no reviewer.
 * @throws TypeError for a URL that neither uses https nor refers to this machine.
 */
export function reviewerOf(reviewer: Reviewer | undefined, { keys, bedrock }: ReviewerDeps): ReviewerPort | undefined {
  switch (reviewer?.provider) {
    case undefined:
      return undefined;
    case 'bedrock':
      return bedrockReviewer(reviewer, bedrock);
    case 'openai':
      return openaiReviewer(reviewer, reviewer.key ? keys : undefined);
    case 'anthropic':
      return anthropicReviewer(reviewer, keys);
  }
}
