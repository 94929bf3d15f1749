/** Remembers the codes that were sent to AWS, so that each code is sent only once, for one lease. */
import { createHash } from 'node:crypto';
import { CodeMarks } from './code-marks';

/** Number of milliseconds after which AWS no longer accepts a code, including the permitted clock skew. */
const REMEMBERED = 300_000;

/** Remembers hashes of codes, in memory. The codes themselves are not stored, although a used code is worthless. */
export class UsedCodes {
  readonly #used = new Map<string, number>();
  readonly #now: () => number;
  readonly #others: CodeMarks | undefined;

  /**
   * @param now Returns milliseconds since 1970.
   * @param folder The folder in which this user's programs mark the codes that they have sent.
   */
  constructor(now: () => number, folder?: string) {
    this.#now = now;
    this.#others = folder === undefined ? undefined : new CodeMarks(folder, REMEMBERED);
  }

  /** Whether this code from this device has been sent. */
  has(device: string, code: string): boolean {
    const now = this.#now();
    for (const [key, at] of this.#used) {
      if (now - at <= REMEMBERED) break;
      this.#used.delete(key);
    }
    return this.#used.has(keyOf(device, code)) || this.#others?.has(device, code) === true;
  }

  /** Remembers a code that is about to be sent. @returns true if no program has sent the code before */
  add(device: string, code: string): boolean {
    const key = keyOf(device, code);
    if (this.#used.has(key)) return false;
    this.#used.set(key, this.#now());
    return this.#others?.add(device, code) ?? true;
  }

  /** Forgets a code that AWS rejected as wrong for the device. AWS does not count such a code as used. */
  forget(device: string, code: string): void {
    this.#used.delete(keyOf(device, code));
    this.#others?.remove(device, code);
  }
}

function keyOf(device: string, code: string): string {
  return createHash('sha256').update(`${code} ${device}`).digest('base64');
}
