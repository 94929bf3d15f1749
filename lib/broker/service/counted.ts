/** Runs work whose failure must not stop the remaining work. */
import type { Deps } from './deps';

/** The result of the work. `undefined` if the work failed. Failures are counted. */
export async function counted<T>({ telemetry }: Deps, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    telemetry.error(what, error);
    return undefined;
  }
}
