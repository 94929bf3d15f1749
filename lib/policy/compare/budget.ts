/** Limits the cost of a comparison. A comparison that exceeds the limit returns `unknown`. */

/** The error for an exceeded limit. It is thrown and caught only inside this folder. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/**
 * The maximum total cost of all text searches, counted in examined pattern positions. Patterns such as `*a????` can
 * have exponentially many sets of positions, so the positions are counted in addition to the steps.
 */
export class Walk {
  #left: number;

  /** @param places @default 50000, which takes a few tenths of a second and is far more than typical policies need */
  constructor(places = 50_000) {
    this.#left = places;
  }

  /** @throws OverBudget if the limit is exceeded. Every later call throws the same error. */
  spend(places: number): void {
    this.#left -= places;
    if (this.#left < 0) throw new OverBudget('The patterns have too many wildcards to be compared.');
  }
}

/** Counts down the units of a budget. One unit is one step of a search, which takes a few microseconds. */
export class Budget {
  /** The limit for all searches of one comparison. {@link Budget.refill} does not reset this limit. */
  readonly walk: Walk;
  #left: number;
  #spent = 0;

  constructor(units: number, walk = new Walk()) {
    this.#left = units;
    this.walk = walk;
  }

  /** Resets the budget for the next question. */
  refill(units: number): void {
    this.#left = units;
  }

  /** The number of units spent so far. */
  get spent(): number {
    return this.#spent;
  }

  /** @throws OverBudget if nothing is left. */
  spend(units: number): void {
    this.#left -= units;
    this.#spent += units;
    if (this.#left < 0) throw new OverBudget('The comparison needs more steps than the step limit allows.');
  }
}
