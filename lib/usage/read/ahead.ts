/**
 * Opens the next units while a unit is read. This way, data is loaded and decompressed while records are counted. The
 * units are still read one after another, so the result does not depend on which unit is ready first.
 */
import type { TrailUnit } from './unit';
import type { Unpacked } from './unpack';

/** Number of units that are open in addition to the one that is being read. */
const AHEAD = 3;

export class ReadAhead {
  readonly #units: readonly TrailUnit[];
  readonly #needed: (unit: TrailUnit) => boolean;
  readonly #opened = new Map<number, Unpacked>();

  /** @param needed whether a unit will be read, as far as this is known before the preceding units are read */
  constructor(units: readonly TrailUnit[], needed: (unit: TrailUnit) => boolean) {
    this.#units = units;
    this.#needed = needed;
  }

  /** Opens the units after the unit with this index, and returns the unit with this index if it is open. */
  at(index: number): Unpacked | undefined {
    const current = this.#opened.get(index);
    this.#opened.delete(index);
    // A unit that was opened and not needed any more.
    for (const [before, each] of this.#opened) if (before < index) this.#close(before, each);
    for (let next = index + 1; next <= index + AHEAD; next++) {
      const unit = this.#units[next];
      if (unit?.open === undefined || this.#opened.has(next) || !this.#needed(unit)) continue;
      this.#opened.set(next, unit.open());
    }
    return current;
  }

  /** Closes what was opened and not read. */
  close(): void {
    for (const [index, each] of this.#opened) this.#close(index, each);
  }

  #close(index: number, opened: Unpacked): void {
    this.#opened.delete(index);
    // Closing does not reject: a failure of the source is reported by `next`.
    void opened.close();
  }
}
