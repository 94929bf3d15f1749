/** The keys and attributes of the items that the broker writes and the doctor reads. */
import type { Reviewer } from '@leasehold/definitions';

/** The kinds of budgets that are counted. */
export const COUNTED = ['requests', 'denials'] as const;
export type Counted = (typeof COUNTED)[number];

/** The key of an item in the projections table. */
export interface ProjectionKey {
  readonly pk: string;
  readonly sk: string;
}

/**
 * The key of the item that records how much of each budget a principal has used, and the values that administrators set
 * for the principal.
 */
export function principalKey(principal: string): ProjectionKey {
  return { pk: `principal#${principal}`, sk: 'account' };
}

/**
 * The name of the attribute that contains the count of the window that is `ago` windows before the window of `now`.
 */
export function countName(what: Counted, windowSeconds: number, now: number, ago = 0): string {
  return `${what}.${windowSeconds}.${Math.floor(now / windowSeconds) - ago}`;
}

/** Name of the record of a person's passkeys in the events table. This name can never be the id of a lease. */
export function keyRecordName(person: string): string {
  return `keys#${person}`;
}

/** Prefix of the partition keys of items with the counters of passkeys. */
export const PASSKEY_PREFIX = 'passkey#';

/**
 * The key of the item with the counter of a passkey. The key also contains the person, because an authenticator chooses
 * the credential id, so another person's passkey can have the same id.
 */
export function passkeyKey(credential: string, person: string): ProjectionKey {
  return { pk: `${PASSKEY_PREFIX}${credential}#${person}`, sk: 'counter' };
}

/** The owner in the partition key of a passkey's counter; `undefined` for the key of any other item. */
export function passkeyOwner(pk: string): string | undefined {
  // A credential id is base64url text without `#`.
  return /^passkey#[^#]*#(.+)$/s.exec(pk)?.[1];
}

/** The key of the item in which the function states its health. */
export const HEALTH_KEY: ProjectionKey = { pk: 'health', sk: 'function' };
/** Seconds between two test questions to the reviewer. */
export const QUESTION_SECONDS = 3600;

/**
 * The attributes of the health item: when the function last ran its schedule, when it last ran without a failure, and
 * when it last put a test question to which reviewer, with what result. All times in seconds since 1970, by the clock of
 * the function.
 */
export const HEALTH_ATTRIBUTES = {
  at: 'at',
  completeAt: 'completeAt',
  askedAt: 'askedAt',
  target: 'target',
  result: 'result',
} as const;

/** The result of a test question if the reviewer answered. Otherwise, it is the reason why there is no answer. */
export const ANSWERED = 'answered';

/** Provider and model of a reviewer, as records name them. */
export function reviewerLabel({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return `${provider} ${model}`;
}

/**
 * All settings with which a reviewer is called, as the health item contains them: a result of the test question is a
 * result for these settings only.
 */
export function reviewerTarget(reviewer: Reviewer): string {
  const address =
    reviewer.provider === 'bedrock'
      ? `in ${reviewer.region}`
      : `at ${reviewer.endpoint} ${reviewer.key ? 'with' : 'without'} a key`;
  return `${reviewerLabel(reviewer)} ${address}, ${reviewer.timeoutSeconds} seconds`;
}
