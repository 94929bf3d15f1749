/** The sandbox's clock. The clock follows the machine's clock, and tests can set it to another time. */

/** The time for sessions, TOTP codes, `aws:CurrentTime` and CloudTrail events, but not for signatures. */
export class Clock {
  #offset = 0;

  /** The current time in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Moves the clock forward or, if the number is negative, back. The clock then continues to run. */
  advance(seconds: number): void {
    this.set(new Date(this.now() + seconds * 1000));
  }

  /** Sets the clock to a time. The clock then continues to run. */
  set(moment: Date): void {
    const time = moment.getTime();
    if (Number.isNaN(time)) throw new RangeError('The clock cannot be set to an invalid date.');
    this.#offset = time - Date.now();
  }
}
