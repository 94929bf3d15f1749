/** The reviewer: a model behind one port, by one of three interfaces. It can deny, narrow or escalate, and never widen. */
import type { BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import type { Reviewer } from '@leasehold/definitions';
import type { ReviewerPort } from '../ports';
import { anthropicReviewer } from './anthropic';
import { bedrockReviewer } from './bedrock';
import type { KeySource } from './key';
import { openaiReviewer } from './openai';

export type { KeySource } from './key';

/** What a reviewer needs beside its definition. */
export interface ReviewerDeps {
  /** Where the key is. It is asked for one with the first question, and never where the definition has none. */
  readonly keys: KeySource;
  /** More for the client of Bedrock. @default the SDK's own */
  readonly bedrock?: BedrockRuntimeClientConfig;
}

/**
 * The reviewer of an environment.
 * @param reviewer `environment.broker.reviewer`
 * @returns `undefined` where no model reads requests.
 * @throws TypeError for an address that is neither https nor on this machine.
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
