/**
 * Checks step by step whether one pattern contains another pattern. This check is fast and sufficient for most
 * policies.
 */
import { foldAscii } from '../glob';
import { type Pattern, type Step, standsFor } from './pattern';

/**
 * Whether `outer` matches every text of `inner`, for all values of the variables. The result true is a proof. The
 * result false is a proof only if `inner` is one exact text, and `outer` has no variable and is not mixed.
 *
 * The steps of `inner` are read like a text in which `*`, `?` and variables are separate letters. The leftmost match of
 * each part between two stars is always sufficient, so the search backtracks only to the last star.
 */
export function contains(outer: Pattern, inner: Pattern): boolean {
  if (outer.key === inner.key) return true;
  const fold = outer.fold;
  const loose = inner.fold && !outer.fold;
  let at = 0;
  let read = 0;
  let star = -1;
  let starRead = 0;
  while (read < inner.steps.length) {
    const wanted = outer.steps[at];
    const given = inner.steps[read];
    if (given !== undefined && wanted !== undefined && wanted.kind !== 'any' && reads(wanted, given, fold, loose)) {
      at += 1;
      read += 1;
    } else if (wanted?.kind === 'any') {
      star = at;
      starRead = read;
      at += 1;
    } else {
      const last = outer.steps[star];
      const swallowed = inner.steps[starRead];
      if (last?.kind !== 'any' || swallowed === undefined || !swallows(last.colon, swallowed)) return false;
      starRead += 1;
      read = starRead;
      at = star + 1;
    }
  }
  while (outer.steps[at]?.kind === 'any') at += 1;
  return at === outer.steps.length;
}

/**
 * @param loose Whether a letter of `given` represents both upper and lower case, while a letter of `wanted`
 * represents only itself.
 */
function reads(wanted: Step, given: Step, fold: boolean, loose: boolean): boolean {
  if (given.kind === 'char') {
    if (wanted.kind === 'char') {
      return (fold ? foldAscii(given.char) : given.char) === wanted.char && !(loose && isLetter(given.char));
    }
    return wanted.kind === 'one' && (wanted.colon || given.char !== ':');
  }
  if (given.kind === 'one') return wanted.kind === 'one' && (wanted.colon || !given.colon);
  return given.kind === 'variable' && wanted.kind === 'variable' && standsFor(wanted, given);
}

function swallows(colon: boolean, given: Step): boolean {
  if (colon) return true;
  if (given.kind === 'char') return given.char !== ':';
  return !given.colon;
}

function isLetter(char: string): boolean {
  return char >= 'a' && char <= 'z';
}
