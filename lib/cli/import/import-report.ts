/** Collects the information that an import reports in addition to the roles. */
import type { Refusal } from './actions';
import type { Tale } from './model';

/**
 * Records parts of the source that cannot be imported, each with the reason. The same part is recorded only once for
 * each reason.
 */
export function lose(tale: Tale, what: readonly string[], { why, instead }: Refusal): void {
  for (const each of what) {
    if (!tale.lost.some((loss) => loss.what === each && loss.why === why)) tale.lost.push({ what: each, why, instead });
  }
}

/** Records actions or resources that the source mentions but does not permit. */
export function rest(tale: Tale, what: string, why: string): void {
  if (!tale.dead.some((idle) => idle.what === what && idle.why === why)) tale.dead.push({ what, why });
}
