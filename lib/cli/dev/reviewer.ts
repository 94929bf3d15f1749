/** Selects the reviewer of requests on a developer's machine: none, or a model with an OpenAI-compatible API. */
import type { ReviewerPort } from '@leasehold/broker';
import { reviewerOf } from '@leasehold/broker/reviewers';
import type { Environment } from '@leasehold/definitions';
import { SandboxError } from '@leasehold/sandbox';

/** A model with an OpenAI-compatible API, for example on the same machine. */
export interface LocalReviewer {
  /** Base URL of the API, for example `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /**
   * Name of the model.
   * @default the model in the definitions, if they name a model with an OpenAI-compatible API
   */
  readonly model?: string;
  /** API key, if the server requires a key. Kept only in memory. */
  readonly key?: string;
}

/** Maximum number of seconds to wait for a model's answer, if the definitions do not set a limit. */
const TIMEOUT = 20;

/**
 * The selected reviewer.
 * @param wanted With `none`, people make the decisions for every role that has a reviewer, and requests by intent are
 *   denied.
 * @throws {SandboxError} for a model without a name, or an address to which calls are not permitted
 */
export function chooseReviewer(
  wanted: 'none' | LocalReviewer | ReviewerPort,
  { broker }: Environment,
): ReviewerPort | 'none' {
  if (wanted === 'none' || 'review' in wanted) return wanted;
  const { url, key } = wanted;
  const defined = broker?.reviewer;
  const model = wanted.model ?? (defined?.provider === 'openai' ? defined.model : undefined);
  if (model === undefined) {
    throw new SandboxError('No model is named for the reviewer', 'Name it: --reviewer-model NAME.');
  }
  const timeoutSeconds = defined?.timeoutSeconds ?? TIMEOUT;
  try {
    const keys = { key: async () => key ?? '', invalidate: () => undefined };
    const settings = { provider: 'openai', model, endpoint: url, key: key !== undefined, timeoutSeconds } as const;
    return reviewerOf(settings, { keys }) ?? 'none';
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new SandboxError('The address of the reviewer is not called', 'Give one with https, or on this machine.', {
      cause,
    });
  }
}
