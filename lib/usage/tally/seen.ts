/**
 * Uses fingerprints of records to detect events that were delivered twice. The memory use is limited. The event id
 * alone is not sufficient: if two different events had the same id, the second event would not be counted.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@leasehold/contract/canonical';
import type { Json } from '@leasehold/contract/event';
import type { TrailRecord } from '../record/record';

/** Maximum number of fingerprints, which need about 50 MB in total. */
export const MOST_SEEN = 1_000_000;

export class SeenEvents {
  readonly #seen: Set<number>;
  #uncompared = false;

  constructor(earlier: Iterable<number> = []) {
    this.#seen = new Set(earlier);
  }

  /**
   * Whether duplicates may not have been recognized: after too many events, or after an event that cannot be compared.
   */
  get unsure(): boolean {
    return this.#full || this.#uncompared;
  }

  get #full(): boolean {
    return this.#seen.size >= MOST_SEEN;
  }

  /** Whether the same record was seen before. Always false for a record without an event id. */
  repeats(record: TrailRecord): boolean {
    if (record.id === '') return false;
    const text = textOf(record);
    if (text === undefined) {
      this.#uncompared = true;
      return false;
    }
    const fingerprint = createHash('sha256').update(text).digest().readUIntBE(0, 6);
    if (this.#seen.has(fingerprint)) return true;
    if (!this.#full) this.#seen.add(fingerprint);
    return false;
  }

  fingerprints(): readonly number[] {
    return [...this.#seen];
  }
}

/**
 * The counted fields of a record, as a string. Event history, trail files and query results may order the record's keys
 * differently. `undefined` if a field is nested so deeply that its text cannot be built.
 */
function textOf({ category: _, readOnly: __, listed: ___, ...record }: TrailRecord): string | undefined {
  // A lone surrogate has no canonical JSON.
  for (const write of [canonicalJson, JSON.stringify]) {
    try {
      return write(record as unknown as Json);
    } catch {}
  }
  return undefined;
}
