/**
 * Virtual MFA devices: TOTP codes of six digits and 30 seconds, each good once.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html, RFC 6238.
 */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** Seconds for which a code is shown. */
export const STEP_SECONDS = 30;

/** Steps before and after the present one whose codes are taken. AWS does not state its window; this is inferred. */
const WINDOW = 1;

/** A virtual MFA device. Its seed is in memory only, and nothing shows it. */
export class MfaDevice {
  /** ARN. */
  readonly serialNumber: string;
  /** Name of the user for whom it is enabled. */
  user: string | undefined;
  enableDate: Date | undefined;
  readonly #totp: TOTP;
  /** The last step whose code was taken. No code of it or of an earlier step is taken again. */
  #used = 0;

  constructor(serialNumber: string, seed: Uint8Array = randomBytes(SEED_BYTES)) {
    this.serialNumber = serialNumber;
    this.#totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret: secretOf(seed) });
  }

  /** The code that the device shows at a moment, in milliseconds since 1970. */
  code(now: number): string {
    return this.#totp.generate({ timestamp: now });
  }

  /** The seed in base 32, as CreateVirtualMFADevice answers it, once. */
  seed(): string {
    return this.#totp.secret.base32;
  }

  /** Whether a code is right at a moment; a right one is used up. */
  take(code: string, now: number): boolean {
    const step = this.#stepOf(code, now);
    if (step === undefined || step <= this.#used) return false;
    this.#used = step;
    return true;
  }

  /** Whether two codes are right and follow one another, as EnableMFADevice demands; right ones are used up. */
  takeTwo(first: string, second: string, now: number): boolean {
    for (let step = stepAt(now) - WINDOW - 1; step < stepAt(now) + WINDOW; step++) {
      if (this.#codeOf(step) !== first || this.#codeOf(step + 1) !== second) continue;
      this.#used = step + 1;
      return true;
    }
    return false;
  }

  #stepOf(code: string, now: number): number | undefined {
    const delta = this.#totp.validate({ token: code, timestamp: now, window: WINDOW });
    return delta === null ? undefined : stepAt(now) + delta;
  }

  #codeOf(step: number): string {
    return this.#totp.generate({ timestamp: step * STEP_SECONDS * 1000 });
  }
}

const SEED_BYTES = 40;

function stepAt(now: number): number {
  return Math.floor(now / 1000 / STEP_SECONDS);
}

/** A secret on a buffer of its own: the pool that small buffers share holds others' bytes. */
function secretOf(seed: Uint8Array): Secret {
  return new Secret({ buffer: new Uint8Array(seed).buffer });
}
