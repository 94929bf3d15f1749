/** Creates the one-time codes with which people register their first passkey. */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { NONCE_SECONDS } from './statement';

/** Number of random bytes that a code needs. */
export const CODE_BYTES = 26;

/**
 * The digits of Crockford's base 32 in lower case, which omit letters that look like other characters. 26 such digits
 * contain 130 random bits.
 */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new one-time code. The code itself is shown to the administrator only; the broker receives the hash. */
export interface OneTimeCode {
  readonly code: string;
  /** SHA-256 of the code, in lower-case hexadecimal digits. */
  readonly hash: string;
}

/** Creates a code from random bytes. @throws TypeError for another number of bytes */
export function oneTimeCode(random: Uint8Array): OneTimeCode {
  if (random.length !== CODE_BYTES) throw new TypeError(`a code needs ${CODE_BYTES} random bytes`);
  // 256 is a multiple of 32, so every digit is equally likely.
  const code = Array.from(random, (byte) => DIGITS[byte % DIGITS.length]).join('');
  return { code, hash: codeHash(code) };
}

/** SHA-256 of a code, in lower-case hexadecimal digits. Only this hash is recorded. */
export function codeHash(code: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(code)));
}

/**
 * The time at which a code expires, by the clock of the broker that issued the nonce. So a code can be valid for a
 * whole day, even if the administrator's clock is wrong.
 */
export function codeUntil({ expiresAt }: { readonly expiresAt: number }, seconds: number): number {
  return expiresAt - NONCE_SECONDS + seconds;
}
