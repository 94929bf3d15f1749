/** Detects duplicate events by a fingerprint of the event id, with limited memory. */
import { createHash } from 'node:crypto';

/** Maximum number of fingerprints, which need about 50 MB. */
export const MOST_SEEN = 1_000_000;

export class SeenEvents {
  readonly #seen: Set<number>;

  constructor(earlier: Iterable<number> = []) {
    this.#seen = new Set(earlier);
  }

  /** Whether too many events were seen to recognize every repetition. */
  get full(): boolean {
    return this.#seen.size >= MOST_SEEN;
  }

  /** Whether the event was seen before. An event without an id never was. */
  repeats(id: string): boolean {
    if (id === '') return false;
    const fingerprint = createHash('sha256').update(id).digest().readUIntBE(0, 6);
    if (this.#seen.has(fingerprint)) return true;
    if (!this.full) this.#seen.add(fingerprint);
    return false;
  }

  fingerprints(): readonly number[] {
    return [...this.#seen];
  }
}
