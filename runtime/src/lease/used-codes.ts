/** Codes that were sent to AWS: each opens one lease, and is never sent again. */
import { createHash } from 'node:crypto';
import { CodeMarks } from './code-marks';

/** Milliseconds after which AWS takes a code no more, whatever clocks say. */
const REMEMBERED = 300_000;

/** Remembers in memory, and only hashes: a code that was sent is of no use to anybody, and is kept nowhere all the same. */
export class UsedCodes {
  readonly #used = new Map<string, number>();
  readonly #now: () => number;
  readonly #others: CodeMarks | undefined;

  /**
   * @param now Milliseconds since 1970.
   * @param folder Where marks of codes are that other programs of this user sent, and are left for them.
   */
  constructor(now: () => number, folder?: string) {
    this.#now = now;
    this.#others = folder === undefined ? undefined : new CodeMarks(folder, REMEMBERED);
  }

  /** Whether this code of this device was sent. */
  has(device: string, code: string): boolean {
    const now = this.#now();
    for (const [key, at] of this.#used) {
      if (now - at <= REMEMBERED) break;
      this.#used.delete(key);
    }
    return this.#used.has(keyOf(device, code)) || this.#others?.has(device, code) === true;
  }

  /** Remembers a code that is about to be sent. @returns whether it was not sent before, here or elsewhere */
  add(device: string, code: string): boolean {
    const key = keyOf(device, code);
    if (this.#used.has(key)) return false;
    this.#used.set(key, this.#now());
    return this.#others?.add(device, code) ?? true;
  }

  /** Forgets a code that AWS did not take as one of the device: it was not used up. */
  forget(device: string, code: string): void {
    this.#used.delete(keyOf(device, code));
    this.#others?.remove(device, code);
  }
}

function keyOf(device: string, code: string): string {
  return createHash('sha256').update(`${code} ${device}`).digest('base64');
}
