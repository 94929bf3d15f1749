/** Random choices from a seed: the same seed draws the same world on every machine. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not draw neighbouring worlds.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** A number from 0 to below 1 (the generator "mulberry32"). */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.number() < probability;
  }

  one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.number() * choices.length)] as T;
  }

  /** A list of `least` to `most` drawings. */
  several<T>(least: number, most: number, draw: () => T): T[] {
    return Array.from({ length: least + Math.floor(this.number() * (most - least + 1)) }, draw);
  }

  /** A list, or where it has one entry sometimes that entry alone: IAM takes both. */
  oneOrMany<T>(values: readonly T[]): T | readonly T[] {
    return values.length === 1 && this.chance(0.6) ? (values[0] as T) : values;
  }
}
