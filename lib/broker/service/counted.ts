/** Work of which one failure must not keep the rest from being done. */
import type { Deps } from './deps';

/** What comes of the work; `undefined` where it failed, which is counted. */
export async function counted<T>({ telemetry }: Deps, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    telemetry.error(what, error);
    return undefined;
  }
}
