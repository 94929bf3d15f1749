/** Posts a question to an API that expects the key in a header, and reads the response. */

import { type Strictness, strictJson } from '@leasehold/contract/strict-json';
import { boundedCall, callableUrl } from '../outbound/bounded-call';
import type { ReviewerFailed } from '../port-errors';
import { NotTaken } from './concessions';
import { failure, statusFailure } from './failure';
import { type KeySource, withKey } from './key';

/** Maximum size of a response in bytes. A reviewer's answer is far smaller. */
const MOST_BYTES = 256 * 1024;

/** One provider API. */
export interface Endpoint {
  readonly url: URL;
  readonly keys?: KeySource;
  /** The header with the key, and the other headers that the API requires. */
  headers(key: string | undefined): Readonly<Record<string, string>>;
  /** A failure that the API reports in the body of a 4xx response. */
  refusal?(body: unknown): ReviewerFailed | undefined;
}

/** The URL of an API endpoint: the configured URL plus a path. @throws TypeError */
export function endpointUrl(endpoint: string, path: string): URL {
  const url = callableUrl(endpoint, 'the reviewer');
  return new URL(`${url.pathname.replace(/\/+$/, '')}${path}`, url);
}

/**
 * @returns the JSON of a 200 response.
 * @throws {NotTaken} for a 400 response that does not report one of the other failures; {@link ReviewerFailed};
 *   {@link CallFailed}
 */
export async function postJson(endpoint: Endpoint, question: object, signal: AbortSignal): Promise<unknown> {
  const body = JSON.stringify(question);
  const { status, body: bytes } = await withKey(endpoint.keys, signal, (key) =>
    boundedCall(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...endpoint.headers(key) },
      body,
      signal,
      maxBytes: MOST_BYTES,
    }),
  );
  const text = bytes.toString('utf8');
  if (status === 200) {
    // Outside of the answer itself, the server may write numbers in any notation.
    const answer = readJson(text, { numbersBelow: 'input' });
    if (answer === undefined) throw failure('nonsense', 'its answer is not JSON');
    return answer;
  }
  const refused = status >= 400 && status < 500 ? endpoint.refusal?.(readJson(text)) : undefined;
  if (refused !== undefined) throw refused;
  throw status === 400 ? new NotTaken(text) : statusFailure(status);
}

/** Parses JSON. Returns `undefined` if the text is not JSON or is ambiguous; JSON itself cannot contain `undefined`. */
export function readJson(text: string, strictness?: Strictness): unknown {
  try {
    return strictJson(text, strictness);
  } catch {
    return undefined;
  }
}
