/** Holds credentials from the time they are issued until they are sent to the requester. */
import { inspect } from 'node:util';
import type { IssuedCredentials } from '../ports';

/** The parts of credentials as STS returns them. Times are in seconds since 1970. */
type Parts = { readonly [Part in keyof IssuedCredentials]: IssuedCredentials[Part] };

/**
 * Credentials whose parts can be read only one by one, by name. The parts are not properties of the object, so
 * printing, serializing, spreading or cloning the object does not reveal them. Code that returns the credentials must
 * read each of the four parts by name.
 */
export class HeldCredentials implements IssuedCredentials {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = { ...parts };
  }

  get accessKeyId(): string {
    return this.#parts.accessKeyId;
  }

  get secretAccessKey(): string {
    return this.#parts.secretAccessKey;
  }

  get sessionToken(): string {
    return this.#parts.sessionToken;
  }

  get expiresAt(): number {
    return this.#parts.expiresAt;
  }

  /** Shows only the expiry time. */
  toJSON(): { readonly expiresAt: number } {
    return { expiresAt: this.expiresAt };
  }

  /** Shows only the expiry time. */
  toString(): string {
    return '[HeldCredentials]';
  }

  [inspect.custom](): string {
    return `HeldCredentials { until ${new Date(this.expiresAt * 1000).toISOString()} }`;
  }
}
