/** What is wrong with a parameter's pattern. */

/** Why a pattern is refused. */
export interface PatternProblem {
  /** What is wrong: one sentence. */
  readonly message: string;
  readonly expected?: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  /** The piece of the pattern that is wrong; the whole pattern where no piece is. */
  readonly piece: string;
}
