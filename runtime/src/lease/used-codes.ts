/** Codes that were sent to AWS: each opens one lease, and is never sent again. */
import { createHash } from 'node:crypto';

/** Milliseconds after which AWS takes a code no more, whatever clocks say. */
const REMEMBERED = 300_000;

/** Remembers in memory, and only hashes: a code that was sent is of no use to anybody, and is kept nowhere all the same. */
export class UsedCodes {
  readonly #used = new Map<string, number>();
  readonly #now: () => number;

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether this code of this approver was sent. */
  has(approver: string, code: string): boolean {
    const now = this.#now();
    for (const [key, at] of this.#used) {
      if (now - at <= REMEMBERED) break;
      this.#used.delete(key);
    }
    return this.#used.has(keyOf(approver, code));
  }

  add(approver: string, code: string): void {
    this.#used.set(keyOf(approver, code), this.#now());
  }

  /** Forgets a code that AWS did not take as one of the approver's device: it was not used up. */
  forget(approver: string, code: string): void {
    this.#used.delete(keyOf(approver, code));
  }
}

function keyOf(approver: string, code: string): string {
  return createHash('sha256').update(`${code} ${approver}`).digest('base64');
}
