/** Runs work for many items, with a limit on how many items are processed in parallel. */
import { append } from '@leasehold/contract/any-length';

/**
 * The results for all items, in order. Runs the work for `size` items in parallel, and starts the next items when all of
 * these have ended.
 * @throws the first error of the work. No further items are started.
 */
export async function inBatches<T, R>(
  all: readonly T[],
  size: number,
  work: (each: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += size) {
    const some = all.slice(from, from + size);
    append(results, await Promise.all(some.map((each, index) => work(each, from + index))));
  }
  return results;
}
