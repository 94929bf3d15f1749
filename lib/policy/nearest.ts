/** Suggestions for misspelled names. */
import { distance } from 'fastest-levenshtein';

/**
 * The candidate with the smallest edit distance to a string, ignoring case; `undefined` if the distance is greater than
 * five, or greater than a third of the text's length. If several candidates have the same distance, the first candidate
 * is returned.
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
