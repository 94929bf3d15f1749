/** How much a comparison may cost before it is given up as unknown. */

/** Thrown inside a comparison and caught by it; never leaves this folder. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/**
 * What the searches for texts may cost together, in places of patterns that are looked at. Patterns such as `*a????` have
 * exponentially many sets of places, so the places count and not the steps alone.
 */
export class Walk {
  #left: number;

  /** @param places @default 50000: some tenths of a second, many times what policies need */
  constructor(places = 50_000) {
    this.#left = places;
  }

  /** @throws OverBudget when nothing is left, also when asked again. */
  spend(places: number): void {
    this.#left -= places;
    if (this.#left < 0) throw new OverBudget('The patterns have too many wildcards to be compared.');
  }
}

/** Counts down. One unit is one step of a search: some microseconds. */
export class Budget {
  /** Shared by the searches of one question; not renewed by {@link Budget.refill}. */
  readonly walk: Walk;
  #left: number;
  #spent = 0;

  constructor(units: number, walk = new Walk()) {
    this.#left = units;
    this.walk = walk;
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
