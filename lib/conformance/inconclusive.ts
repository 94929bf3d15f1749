/** The error that ends a probe without a verdict. */

/** The error that ends a probe before there is a verdict. The run converts the error to a result. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
  readonly verdict: 'not decided' | 'not run';

  constructor(because: string, verdict: 'not decided' | 'not run' = 'not decided') {
    super(because);
    this.verdict = verdict;
  }
}
