/** Finds expressions of the configuration by path. */
import { listOf, own } from '../plan/plan';

/**
 * The expression at a path such as `details[0].policy`. Blocks that a `dynamic` block generates share one expression.
 */
export function writtenAt(expressions: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>((inner, step) => {
    if (typeof step === 'string') return own(inner, step);
    const list = listOf(inner);
    return list.length > 1 ? list[step] : (list[0] ?? inner);
  }, expressions);
}

/** The steps of a path: attribute names and list indexes. */
export function stepsOf(path: string): readonly (string | number)[] {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
