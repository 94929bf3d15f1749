/** Runs tasks whose failure must not stop the remaining tasks. */
import { inBatches } from '../batches';
import type { Deps } from './deps';

/** The result of the task. `undefined` if the task failed. Failures are counted. */
export async function counted<T>({ telemetry }: Deps, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    telemetry.error(what, error);
    return undefined;
  }
}

/** Maximum number of tasks that {@link countedEach} runs in parallel. */
const AT_ONCE = 10;

/**
 * The result for each item, in order, independent of the other items. `undefined` if the work for an item failed.
 * Failures are counted.
 */
export function countedEach<T, R>(
  deps: Deps,
  what: string,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  return inBatches(all, AT_ONCE, (each) => counted(deps, what, () => work(each)));
}
