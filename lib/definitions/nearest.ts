/** Spelling suggestions: the known word that is most similar to a misspelled word. */
import { nearest as nearestByEdits } from '@leasehold/policy';

/** The candidate most similar to a word, or undefined if none is similar. Two swapped letters count as similar. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates];
  return nearestByEdits(word, known) ?? known.find((candidate) => isSwapped(word, candidate));
}

function isSwapped(word: string, candidate: string): boolean {
  if (word.length !== candidate.length || word.length > 64) return false;
  const at = [...word].findIndex((letter, index) => letter !== candidate[index]);
  const swapped = `${word.slice(0, at)}${word.charAt(at + 1)}${word.charAt(at)}${word.slice(at + 2)}`;
  return at >= 0 && swapped === candidate;
}
