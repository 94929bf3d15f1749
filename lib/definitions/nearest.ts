/** "Did you mean …": the known word closest to one that was misspelt. */
import { distance } from 'fastest-levenshtein';

/** Longer words are not somebody's typo, and comparing them costs time. */
const LONGEST = 64;

/**
 * The candidate closest to `word`, or undefined when none is close.
 * Close means: the same but for case, hyphens and underscores, or at most one edit in every three letters.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(folded.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(folded, fold(candidate));
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}
