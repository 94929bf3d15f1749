/** Patterns and searches, written short. */
import { Budget } from '../../lib/policy/compare/budget';
import { type Pattern, type PatternOptions, type Piece, toPattern } from '../../lib/policy/compare/pattern';
import { TextSearch, textSet, type Word } from '../../lib/policy/compare/search';
import { parseGlob } from '../../lib/policy/glob';

/** `$1` and `$2` stand for variables, so that a pattern fits on a line. */
export function pieces(text: string): Piece[] {
  return text
    .split(/(\$[12])/)
    .flatMap((part): Piece[] => (part.startsWith('$') ? [{ kind: 'variable', name: part }] : parseGlob(part)));
}

export function pattern(text: string, options?: PatternOptions): Pattern {
  return toPattern(pieces(text), options);
}

/** @param others How the patterns of `outside` are read, where it differs. */
export function search(
  inside: readonly string[][],
  outside: readonly string[],
  options?: PatternOptions,
  others = options,
): Word | undefined {
  const sets = inside.map((texts) => textSet(texts.map((text) => pattern(text, options))));
  return new TextSearch(new Budget(100_000)).find(sets, [textSet(outside.map((text) => pattern(text, others)))]);
}
