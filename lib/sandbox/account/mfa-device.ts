/**
 * Virtual MFA devices. Their TOTP codes have six digits and change every 30 seconds. Each code can be used once.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html, RFC 6238.
 */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** Seconds after which the code changes. */
export const STEP_SECONDS = 30;

/**
 * Codes for this number of steps before and after the current step are also accepted. AWS does not document this
 * number; the value is inferred.
 */
const WINDOW = 1;

/** How a code is checked. */
interface TakeOptions {
  /**
   * Whether a code that was already used is accepted again.
   * @default false
   */
  readonly again?: boolean;
  /** Number of steps before and after the current step whose codes are accepted. */
  readonly window?: number;
}

/** A virtual MFA device. Its seed exists only in memory and is never printed. */
export class MfaDevice {
  /** ARN. */
  readonly serialNumber: string;
  /** Name of the user for whom the device is enabled. */
  user: string | undefined;
  enableDate: Date | undefined;
  readonly #totp: TOTP;
  /** The last step whose code was used. Codes for this step and for earlier steps are no longer accepted. */
  #used = 0;
  #before = 0;

  constructor(serialNumber: string, seed: Uint8Array = randomBytes(SEED_BYTES)) {
    this.serialNumber = serialNumber;
    this.#totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret: secretOf(seed) });
  }

  /** The device's code at the given time, in milliseconds since 1970. */
  code(now: number): string {
    return this.#totp.generate({ timestamp: now });
  }

  /** The seed in base 32. CreateVirtualMFADevice returns it once. */
  seed(): string {
    return this.#totp.secret.base32;
  }

  /**
   * Whether a code is valid at the given time. After this check, a valid code counts as used, unless `again` permits
   * reuse.
   */
  take(code: string, now: number, { again = false, window = WINDOW }: TakeOptions = {}): boolean {
    const step = this.#stepOf(code, now, window);
    if (step === undefined || (step <= this.#used && !again)) return false;
    this.#before = this.#used;
    this.#used = step;
    return true;
  }

  /** Makes the last code usable again. Called only in a sandbox that deliberately violates an assumption about AWS. */
  giveBack(): void {
    this.#used = this.#before;
  }

  /**
   * Whether two codes are valid and consecutive, as required by EnableMFADevice. Valid codes count as used after this
   * check.
   */
  takeTwo(first: string, second: string, now: number): boolean {
    for (let step = stepAt(now) - WINDOW - 1; step < stepAt(now) + WINDOW; step++) {
      if (this.#codeOf(step) !== first || this.#codeOf(step + 1) !== second) continue;
      this.#used = step + 1;
      return true;
    }
    return false;
  }

  #stepOf(code: string, now: number, window: number): number | undefined {
    const delta = this.#totp.validate({ token: code, timestamp: now, window });
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

/**
 * A secret in a separate buffer. Needed because Node.js allocates small buffers from a pool that contains other data.
 */
function secretOf(seed: Uint8Array): Secret {
  return new Secret({ buffer: new Uint8Array(seed).buffer });
}
