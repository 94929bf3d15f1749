/**
 * Signing keys and signatures.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope } from './signature';

/** Derives signing keys, and caches the latest keys. A client uses one key per day, region and service. */
export class SigningKeys {
  readonly #kept = new Map<string, Buffer>();

  /**
   * The signing key for a scope. The cache entry's key contains the secret, so an old signing key is never used after
   * the secret is replaced.
   */
  of(secret: string, { date, region, service }: Scope): Buffer {
    const name = `${secret}/${date}/${region}/${service}`;
    const known = this.#kept.get(name);
    if (known) return known;
    const key = [date, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`));
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
    this.#kept.set(name, key);
    return key;
  }
}

const MOST_KEPT = 1000;

/** The signature of a string, as lower-case hexadecimal digits. */
export function sign(key: Buffer, text: string): string {
  return hmac(key, text).toString('hex');
}

/** Compares two signatures of 64 digits in constant time. */
export function sameSignature(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
