/** Suggestions for misspelt names. */
import { distance } from 'fastest-levenshtein';

/**
 * The candidate nearest to a text by edits, in either case; `undefined` when none is near: more than a third of the
 * text, or more than five edits. Of several equally near the first in order wins.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let edits = Math.min(5, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= edits) continue;
    const found = distance(wanted, candidate.toLowerCase());
    if (found < edits) {
      best = candidate;
      edits = found;
    }
  }
  return best;
}
