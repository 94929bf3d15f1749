/** Runs a task whose failure must not stop the remaining tasks. */
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
