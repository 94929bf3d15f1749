/** Posts a question to an interface that takes a key in a header, and reads what it answers. */
import { boundedCall, callableUrl } from '../outbound/bounded-call';
import type { ReviewerFailed } from '../ports';
import { type Strictness, strictJson } from '../strict-json';
import { NotTaken } from './concessions';
import { failure, statusFailure } from './failure';
import { type KeySource, withKey } from './key';

/** Far more than an answer has. */
const MOST_BYTES = 256 * 1024;

/** One interface. */
export interface Endpoint {
  readonly url: URL;
  readonly keys?: KeySource;
  /** The headers that carry the key, and others that the interface demands. */
  headers(key: string | undefined): Readonly<Record<string, string>>;
  /** A failure that the interface tells in the body of a 4xx. */
  refusal?(body: unknown): ReviewerFailed | undefined;
}

/** The address of an interface: what is configured, and a path below it. @throws TypeError */
export function endpointUrl(endpoint: string, path: string): URL {
  const url = callableUrl(endpoint, 'the reviewer');
  return new URL(`${url.pathname.replace(/\/+$/, '')}${path}`, url);
}

/**
 * @returns the JSON of a 200.
 * @throws {NotTaken} for a 400 that no failure explains; {@link ReviewerFailed}; {@link CallFailed}
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
    // Of what surrounds an answer, numbers are the server's to write.
    const answer = readJson(text, { numbersBelow: 'input' });
    if (answer === undefined) throw failure('nonsense', 'it answered with no JSON');
    return answer;
  }
  const refused = status >= 400 && status < 500 ? endpoint.refusal?.(readJson(text)) : undefined;
  if (refused !== undefined) throw refused;
  throw status === 400 ? new NotTaken(text) : statusFailure(status);
}

/** The value of a text; `undefined` when it is no JSON, or ambiguous, which itself can be no `undefined`. */
export function readJson(text: string, strictness?: Strictness): unknown {
  try {
    return strictJson(text, strictness);
  } catch {
    return undefined;
  }
}
