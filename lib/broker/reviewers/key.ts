/** The API key of a reviewer. It is read when it is first needed, and kept only in memory. */
import { failure } from './failure';

/** A source of an API key. */
export interface KeySource {
  /** The key, cached. */
  readonly key: () => Promise<string>;
  /** Discards the cached key after a rotation, so that `key` reads the secret again. */
  readonly invalidate: () => void;
}

/** A response, and whether the key was accepted. */
interface Answer {
  readonly status: number;
}

/**
 * Makes a call with the key. If the key is rejected and the secret now contains a new key, makes the call once more
 * with the new key.
 * @throws {ReviewerFailed} if there is no key.
 */
export async function withKey<A extends Answer>(
  keys: KeySource | undefined,
  signal: AbortSignal,
  call: (key: string | undefined) => Promise<A>,
): Promise<A> {
  if (keys === undefined) return call(undefined);
  const first = await read(keys, signal);
  const answer = await call(first);
  if (answer.status !== 401) return answer;
  keys.invalidate();
  const second = await read(keys, signal);
  return second === first ? answer : call(second);
}

async function read({ key }: KeySource, signal: AbortSignal): Promise<string> {
  // An error from here may quote the key, so nothing of the error is passed on.
  const found = await Promise.race([key().catch(() => undefined), whenOver(signal)]);
  if (found === OVER) throw failure('timeout', 'the key was not read in time');
  if (found === undefined) throw failure('unavailable', 'the key cannot be read');
  const trimmed = found.trim();
  if (!KEY.test(trimmed)) throw failure('unavailable', 'the stored secret is not a key');
  return trimmed;
}

/** Characters that a header can contain. With any other character, the error message would quote the key. */
const KEY = /^[\x21-\x7e]{1,4096}$/;

const OVER = Symbol('over');

function whenOver(signal: AbortSignal): Promise<typeof OVER> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(OVER);
    else signal.addEventListener('abort', () => resolve(OVER), { once: true });
  });
}
