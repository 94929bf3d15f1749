/**
 * Proves that the broker's function wrote a record, with a MAC for each record. A hash chain proves that a list is
 * complete, but anyone can compute a hash chain. A MAC needs a key that only the function can use.
 *
 * The key of each day is derived from a key that never leaves KMS. A function instance therefore calls KMS once a day,
 * not once for each record. A key that leaks from the function's memory authenticates only records of one day.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson, type Json } from '../canonical';

/** Creates and checks the MACs of records. */
export interface RecordSeal {
  /**
   * @param at The time at which the record was written, in seconds since 1970. `record` contains the same time.
   * @throws {Unavailable}
   */
  seal(at: number, record: Json): Promise<string>;
  /** Whether the broker's function created this MAC for this record. @throws {Unavailable} */
  holds(at: number, record: Json, mac: string | undefined): Promise<boolean>;
}

/** Derives the key for one day. Days are counted from the beginning of 1970. */
export type KeyOfDay = (day: number) => Promise<Uint8Array>;

const DAY = 86_400;
/**
 * Maximum number of cached keys. A lease exists for two days at most. Older keys are needed only when an auditor reads
 * older records.
 */
const MOST_KEYS = 8;

/** {@link RecordSeal} with a separate key for each day. */
export class DailySeal implements RecordSeal {
  readonly #derive: KeyOfDay;
  readonly #keys = new Map<number, Promise<Uint8Array>>();

  constructor(derive: KeyOfDay) {
    this.#derive = derive;
  }

  async seal(at: number, record: Json): Promise<string> {
    return macOf(await this.#key(at), record).toString('base64url');
  }

  async holds(at: number, record: Json, mac: string | undefined): Promise<boolean> {
    if (mac === undefined || !MAC.test(mac)) return false;
    return timingSafeEqual(macOf(await this.#key(at), record), Buffer.from(mac, 'base64url'));
  }

  /**
   * The key for the day of the given time. Concurrent callers share one derivation. After a failed derivation, the
   * next call tries again.
   */
  #key(at: number): Promise<Uint8Array> {
    const day = Math.floor(at / DAY);
    const known = this.#keys.get(day);
    if (known !== undefined) return known;
    const key = this.#derive(day);
    this.#keys.set(day, key);
    key.catch(() => this.#keys.delete(day));
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MOST_KEYS && oldest !== undefined) this.#keys.delete(oldest);
    return key;
  }
}

/** A seal with a local key, for environments without KMS: developer machines and tests. */
export function localSeal(secret: Uint8Array): RecordSeal {
  return new DailySeal(async (day) => createHmac('sha256', secret).update(String(day)).digest());
}

/** Matches a SHA-256 value in base64url. */
const MAC = /^[\w-]{43}$/;

function macOf(key: Uint8Array, record: Json): Buffer {
  return createHmac('sha256', key).update(canonicalJson(record), 'utf8').digest();
}
