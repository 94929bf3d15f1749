/** The API key of a reviewer: read when it is needed, and kept in memory only. */
import { failure } from './failure';

/** A source of an API key. */
export interface KeySource {
  /** The key, cached. */
  readonly key: () => Promise<string>;
  /** Drops the cached key after a rotation, so that `key` reads it again. */
  readonly invalidate: () => void;
}

/** A response that tells whether the key was accepted. */
interface Answer {
  readonly status: number;
}

/**
 * Makes a call with the key. Where the key is rejected and has been replaced, calls once more with the new key.
 * @throws {ReviewerFailed} where there is no key.
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
  // An error here may quote the key, so none of it is passed on.
  const found = await Promise.race([key().catch(() => undefined), whenOver(signal)]);
  if (found === OVER) throw failure('timeout', 'the key was not read in time');
  if (found === undefined) throw failure('unavailable', 'the key cannot be read');
  const trimmed = found.trim();
  if (!KEY.test(trimmed)) throw failure('unavailable', 'the stored secret is not a key');
  return trimmed;
}

/** Characters that a header can contain. An error about any other character would quote the key. */
const KEY = /^[\x21-\x7e]{1,4096}$/;

const OVER = Symbol('over');

function whenOver(signal: AbortSignal): Promise<typeof OVER> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(OVER);
    else signal.addEventListener('abort', () => resolve(OVER), { once: true });
  });
}
