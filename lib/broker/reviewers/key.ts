/** The key of a reviewer's interface: read when it is needed, in memory alone. */
import { failure } from './failure';

/** Where a key comes from. */
export interface KeySource {
  /** The key, cached. */
  readonly key: () => Promise<string>;
  /** Forgets it, so that `key` reads it anew: it was rotated. */
  readonly invalidate: () => void;
}

/** An answer that says whether the key was taken. */
interface Answer {
  readonly status: number;
}

/**
 * Calls with a key; where the key is not taken and another has come in its place, once more with that.
 * @throws {ReviewerFailed} where there is no key to call with.
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
  // Whatever goes wrong here may quote the key: nothing of it is passed on.
  const found = await Promise.race([key().catch(() => undefined), whenOver(signal)]);
  if (found === OVER) throw failure('timeout', 'the key was not read in time');
  if (found === undefined) throw failure('unavailable', 'the key cannot be read');
  const trimmed = found.trim();
  if (!KEY.test(trimmed)) throw failure('unavailable', 'what is stored is no key');
  return trimmed;
}

/** What a header can hold: an error about another character would quote it. */
const KEY = /^[\x21-\x7e]{1,4096}$/;

const OVER = Symbol('over');

function whenOver(signal: AbortSignal): Promise<typeof OVER> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(OVER);
    else signal.addEventListener('abort', () => resolve(OVER), { once: true });
  });
}
