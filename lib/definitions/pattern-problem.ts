/** The type of errors in a parameter's pattern. */

/** The reason why a pattern is rejected. */
export interface PatternProblem {
  /** The error, as one sentence. */
  readonly message: string;
  readonly expected?: string;
  /** How to fix the error, as one imperative sentence. */
  readonly hint: string;
  /** The invalid part of the pattern, or the whole pattern. */
  readonly piece: string;
}
