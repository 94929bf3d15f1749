/** Lease ids: unique, unguessable, sorted by time, and valid as STS session names. */
import { randomBytes } from 'node:crypto';

/** Crockford's alphabet in lower case, without letters that can be confused. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new lease id: the prefix, 10 characters for the time in milliseconds, and 16 random characters (80 bits). Source of
 * the format: https://github.com/ulid/spec
 */
export function newLeaseId(prefix: string, now: number): string {
  let time = '';
  for (let rest = Math.max(0, Math.floor(now)), digits = 0; digits < 10; digits++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const random = Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte % 32)).join('');
  return `${prefix}${time}${random}`;
}
