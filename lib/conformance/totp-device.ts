/** A virtual MFA device of the run. Its seed is kept in memory only. */
import { inspect } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import type { Secrets } from './aws/secrets';

/** Seconds after which the code changes. */
export const STEP_SECONDS = 30;

export class TotpDevice {
  readonly serialNumber: string;
  readonly #totp: TOTP;
  readonly #secrets: Secrets;
  /** The latest step whose code was sent. */
  #used = 0;

  /** @param seed the base-32 string that IAM returns, as bytes */
  constructor(serialNumber: string, seed: Uint8Array, secrets: Secrets) {
    this.serialNumber = serialNumber;
    const text = Buffer.from(seed).toString('latin1');
    secrets.add(text, Buffer.from(text).toString('base64'));
    this.#secrets = secrets;
    this.#totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret: Secret.fromBase32(text) });
  }

  /** The time, in milliseconds, from which the device shows an unused code. */
  get freshFrom(): number {
    return (this.#used + 1) * STEP_SECONDS * 1000;
  }

  /** Returns the current code and marks it as sent. */
  take(now: number): string {
    return this.codeAt(stepAt(now));
  }

  /** Returns the code of a time step and marks it as sent. */
  codeAt(step: number): string {
    this.#used = Math.max(this.#used, step);
    const code = this.#totp.generate({ timestamp: step * STEP_SECONDS * 1000 });
    this.#secrets.add(code);
    return code;
  }

  /** Returns the codes of the previous and the current time step. */
  lastTwo(now: number): readonly [string, string] {
    return [this.codeAt(stepAt(now) - 1), this.codeAt(stepAt(now))];
  }

  toJSON(): object {
    return { serialNumber: this.serialNumber };
  }

  [inspect.custom](): object {
    return this.toJSON();
  }
}

/** The number of the 30-second step that contains a time. */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / STEP_SECONDS);
}
