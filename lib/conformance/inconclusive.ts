/** The error that ends a probe without a verdict. */

/** Ends a probe before it can reach a verdict. The run converts this error to a result. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
  readonly verdict: 'not decided' | 'not run';

  constructor(because: string, verdict: 'not decided' | 'not run' = 'not decided') {
    super(because);
    this.verdict = verdict;
  }
}
