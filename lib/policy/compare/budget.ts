/** How much a comparison may cost before it is given up as unknown. */

/** Thrown inside a comparison and caught by it; never leaves this folder. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/** Counts down. One unit is one step of a search: some microseconds. */
export class Budget {
  #left: number;
  #spent = 0;

  constructor(units: number) {
    this.#left = units;
  }

  /** Starts anew, for the next question. */
  refill(units: number): void {
    this.#left = units;
  }

  /** All that was spent so far. */
  get spent(): number {
    return this.#spent;
  }

  /** @throws OverBudget when nothing is left. */
  spend(units: number): void {
    this.#left -= units;
    this.#spent += units;
    if (this.#left < 0) throw new OverBudget('The comparison needs more steps than its budget allows.');
  }
}
