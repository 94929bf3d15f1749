/** Reads the broker's responses. A response that does not match the contract is rejected. */

import type { Exchange } from '@leasehold/contract';
import { clipped } from '@leasehold/contract/text';
import type * as z from 'zod';
import { BrokerProblem, invalidRequest } from '../errors';
import { LeaseError } from '../lease-error';
import type { Answer } from './signed-call';

/**
 * Limit for the clock skew, in milliseconds. If the skew is larger, the error mentions it. AWS rejects a signature
 * whose time differs from AWS's time by five minutes, and the SDK's own clock correction does not apply to these calls.
 */
const SKEWED = 240_000;

/** Loads the contract package and its validation library, on the first call. */
export function contract(): typeof import('@leasehold/contract') {
  return require('@leasehold/contract');
}

/**
 * Parses a successful response with the contract's schema.
 * @throws BrokerProblem, LeaseError
 */
export function readAnswer<E extends Exchange>(exchange: E, answer: Answer): z.output<E['answer']> {
  if (!exchange.statuses.includes(answer.status)) throw refusal(answer);
  const { success, data, error } = exchange.answer.safeParse(json(answer));
  if (success) return data as z.output<E['answer']>;
  throw notUnderstood(`at ${answer.blot(placeOf(error, 'an unknown field'))}`);
}

/**
 * Validates a value with the contract's schema before it is sent.
 * @throws LeaseError `invalid-request`
 */
export function checked<T>(schema: z.ZodType, value: T, what: string): T {
  const { success, error } = schema.safeParse(value);
  if (success) return value;
  throw invalidRequest(
    `the ${what} does not match the broker's contract at ${placeOf(error)}`,
    'See the types of BrokerClient, or docs/openapi.json.',
  );
}

/** The error for a response that does not match the contract. */
export function notUnderstood(why: string, retryable = false): LeaseError {
  return new LeaseError(
    'unavailable',
    `the server at the broker's URL does not follow the broker's contract: ${why}`,
    'Check that the URL belongs to the broker, and that @leasehold/runtime has the same version as the broker.',
    retryable,
  );
}

/** The error for an unsuccessful response. */
function refusal(answer: Answer): LeaseError {
  const { status, type, retryAfter, blot } = answer;
  if (type === 'application/problem+json') {
    const said = json(answer, (_, value) => (typeof value === 'string' ? blot(value) : value));
    const { success, data } = contract().problem.safeParse(said);
    if (success && data.status === status) {
      return new BrokerProblem(retryAfter === undefined ? data : { ...data, retryAfter });
    }
    return notUnderstood(`status ${status} with a problem that cannot be read`, status === 429 || status >= 500);
  }
  // API Gateway, which does not send problem details. Its message quotes the call, so it is left out.
  if (status === 401) return notSignedIn();
  if (status === 403) return notAllowed(answer);
  if (status === 429 || status >= 500) return new Overloaded(status, retryAfter);
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  return notUnderstood(`status ${status}${redirect}`);
}

/** API Gateway sends this status only on the routes for people. */
function notSignedIn(): LeaseError {
  return new LeaseError(
    'denied',
    'the sign-in is not accepted, or is over',
    'Sign in again. On the command line: leasehold login',
    false,
  );
}

function notAllowed({ ahead }: Answer): LeaseError {
  const skewed = Math.abs(ahead) > SKEWED;
  return new LeaseError(
    'denied',
    'AWS does not allow this caller to call the broker',
    skewed
      ? "Set this machine's clock."
      : 'Use the identity that the stack names, in the region of the stack, with credentials that have not expired.',
    false,
  );
}

/** The error if the infrastructure in front of the broker received no answer from the broker. */
class Overloaded extends LeaseError {
  constructor(
    status: number,
    /** Seconds to wait, if the response states them. */
    readonly retryAfter: number | undefined,
  ) {
    super('unavailable', `the broker did not answer (status ${status})`, 'Ask again in a minute.', true);
  }
}

function json(answer: Answer, reviver?: (key: string, value: unknown) => unknown): unknown {
  if (!/^application\/(problem\+)?json$/.test(answer.type)) throw notUnderstood(`status ${answer.status} without JSON`);
  try {
    return JSON.parse(answer.text, reviver);
  } catch {
    throw notUnderstood(`status ${answer.status} without JSON`);
  }
}

/**
 * The place and kind of an invalid value, without the value itself.
 * @param unknown Replaces the names of unknown fields if another party chose these names.
 */
function placeOf(error: z.ZodError, unknown?: string): string {
  const [first] = [...error.issues].sort((one, other) => other.path.length - one.path.length);
  if (first === undefined) return 'the whole';
  const nearest = first.code === 'invalid_union' ? shortest(first.errors) : first;
  const path = [...first.path, ...(nearest === first ? [] : nearest.path)].join('.') || 'the whole';
  const how = nearest.code === 'unrecognized_keys' ? (unknown ?? nearest.message) : nearest.message;
  return clipped(`${path} (${how})`, 300);
}

/** The issues for the union member that is most similar to the value. */
function shortest(errors: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue {
  const [nearest] = [...errors].filter((each) => each.length > 0).sort((one, other) => one.length - other.length);
  return nearest?.[0] ?? { code: 'custom', path: [], message: 'fits nothing', input: undefined };
}
