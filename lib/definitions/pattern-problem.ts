/** What is wrong with a parameter's pattern. */

/** Why a pattern is refused. */
export interface PatternProblem {
  /** What is wrong: one sentence. */
  readonly message: string;
  readonly expected?: string;
  /** How to mend it: one imperative sentence. */
  readonly mend: string;
  /** The piece of the pattern that is wrong; the whole pattern where no piece is. */
  readonly piece: string;
}
