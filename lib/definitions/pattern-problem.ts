/** What is wrong with a parameter's pattern. */

/** The reason why a pattern is rejected. */
export interface PatternProblem {
  /** What is wrong: one sentence. */
  readonly message: string;
  readonly expected?: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  /** The faulty piece of the pattern; the whole pattern if no single piece is at fault. */
  readonly piece: string;
}
