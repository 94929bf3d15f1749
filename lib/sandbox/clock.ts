/** The sandbox's time: it runs with the machine's, and tests can move it. */

/** Time as everything but signatures sees it: sessions, TOTP codes, `aws:CurrentTime`, CloudTrail. */
export class Clock {
  #offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Moves the clock forward, or back with a negative number. It goes on running from there. */
  advance(seconds: number): void {
    this.set(new Date(this.now() + seconds * 1000));
  }

  /** Moves the clock to a moment. It goes on running from there. */
  set(moment: Date): void {
    const time = moment.getTime();
    if (Number.isNaN(time)) throw new RangeError('The clock cannot be set to an invalid date.');
    this.#offset = time - Date.now();
  }
}
