/** A virtual MFA device that the run holds. Its seed is in memory only. */
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

  /** @param seed as IAM returns it: the bytes of a base 32 text */
  constructor(serialNumber: string, seed: Uint8Array, secrets: Secrets) {
    this.serialNumber = serialNumber;
    const text = Buffer.from(seed).toString('latin1');
    secrets.add(text, Buffer.from(text).toString('base64'));
    this.#secrets = secrets;
    this.#totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret: Secret.fromBase32(text) });
  }

  /** The time, in milliseconds, from which a code is new. */
  get freshFrom(): number {
    return (this.#used + 1) * STEP_SECONDS * 1000;
  }

  /** The code of now, which counts as sent. */
  take(now: number): string {
    return this.codeAt(stepAt(now));
  }

  /** The code of a step, which counts as sent. */
  codeAt(step: number): string {
    this.#used = Math.max(this.#used, step);
    const code = this.#totp.generate({ timestamp: step * STEP_SECONDS * 1000 });
    this.#secrets.add(code);
    return code;
  }

  /** The codes of the last step and of this one. */
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

/** The number of a time's step. */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / STEP_SECONDS);
}
