/** How a probe ends before it can tell. */

/** Ends a probe before it can tell. Becomes a result. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
  readonly verdict: 'not decided' | 'not run';

  constructor(because: string, verdict: 'not decided' | 'not run' = 'not decided') {
    super(because);
    this.verdict = verdict;
  }
}
